"""Lengths that say little: what is sealed is filled up first to one of few lengths. Pure.

Whoever reads the database or the store without the key still sees how long each sealed value is, and two of
one length could be one text, or one file sent under two names. The lengths grow by a quarter from one to the
next, so that many values share theirs and none takes a quarter more than it is, but for the shortest.
"""

from __future__ import annotations

SHORTEST = 256  # of texts
SHORTEST_FILE = 1024
_NUMBER = 8  # bytes in which a file says how long it is


def rounded(length: int, shortest: int = SHORTEST) -> int:
    """The least of the lengths that holds so many bytes."""
    found = shortest
    while found < length:
        found += found // 4
    return found


def spaced(text: bytes) -> bytes:
    """A text filled up with spaces, which its reader passes over: JSON, a line that ends in none."""
    return text.ljust(rounded(len(text)))


def filled(content: bytes) -> bytes:
    """Any bytes, filled up; :func:`emptied` gives them back."""
    number = len(content).to_bytes(_NUMBER, "big")
    return (number + content).ljust(filled_length(len(content)), b"\x00")


def filled_length(length: int) -> int:
    """How long so many bytes are once they are filled up."""
    return rounded(length + _NUMBER, SHORTEST_FILE)


def emptied(given: bytes) -> bytes:
    """What was filled up."""
    return given[_NUMBER : _NUMBER + int.from_bytes(given[:_NUMBER], "big")]
