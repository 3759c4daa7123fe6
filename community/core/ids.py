"""Random names for things: 131 bits, base62, never ordered by time.

A sequential or time-ordered id would tell which persona was made right after which account
(ARCHITECTURE section 3), so every id a reader can see, and every id of a person, comes from here.
"""

from __future__ import annotations

import secrets
import string

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
LENGTH = 22  # 62 ** 22 > 2 ** 130
_DRAWN = 32  # bytes: some fall away
# A byte is a letter by its rest of 62; those of the last, incomplete round would favour eight of them.
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_LEFT_OVER = bytes(range(256 - 256 % len(ALPHABET), 256))
_PAIRS = [one + other for one in ALPHABET for other in ALPHABET]


def base62(number: int, length: int = LENGTH) -> str:
    """Write a whole number in base 62, padded on the left to ``length`` characters."""
    pairs = []
    while number:
        number, rest = divmod(number, 62 * 62)
        pairs.append(_PAIRS[rest])
    return "".join(reversed(pairs)).lstrip("0").rjust(length, "0")


def new_key() -> str:
    """A fresh random id of 22 characters, each as likely as any other."""
    key = b""
    while len(key) < LENGTH:
        key += secrets.token_bytes(_DRAWN).translate(_LETTERS, _LEFT_OVER)
    return key[:LENGTH].decode()
