"""What in a text may identify a person who is not in the room: pure, linear in the length of the text.

    >>> scan("OHIP 9876 543 217").level
    'block'

``normal`` reads a text as a person does (full-width, split and spelled digits, hidden characters) and
remembers where everything stood; ``numbers``, ``records``, ``places``, ``contacts``, ``dates``,
``people`` and ``rare`` recognize one family of kinds each; ``finding`` is what they give.

A text without findings is not anonymous: this catches what has a form, and little else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from community.core.identifiers import contacts, dates, numbers, people, places, rare, records
from community.core.identifiers.finding import BLOCK, KINDS, LEVELS, WARN, Finding, Found
from community.core.identifiers.normal import Plain, plain

__all__ = ["BLOCK", "KINDS", "LEVELS", "REMOVED", "WARN", "Finding", "Scan", "scan", "without_numbers"]

REMOVED = "▒▒▒"  # stands where something was taken out

Recognizer = Callable[[Plain], Iterable[Found]]
# In the order in which they win where two see the same characters.
RECOGNIZERS: tuple[Recognizer, ...] = (
    numbers.recognize,
    records.recognize,
    contacts.recognize,
    dates.recognize,
    places.recognize,
    people.recognize,
    rare.recognize,
)
# What links could take to pieces, and what a whole reading would not know for the same.
_IN_PIECES: tuple[Recognizer, ...] = (numbers.recognize, records.recognize)


@dataclass(frozen=True)
class Scan:
    """The findings of one text, in their order in it."""

    findings: tuple[Finding, ...]

    @property
    def level(self) -> str:
        """The highest level of the findings; "none" without any."""
        return max((one.level for one in self.findings), key=LEVELS.index, default="none")


def scan(text: str, public_numbers: Collection[str] = ()) -> Scan:
    """What may identify somebody in this text. Offsets count the characters of ``text`` as given.

    :param public_numbers: telephone numbers, as digits, that are public beside those of the help lines.
    """
    public = frozenset(public_numbers)
    findings = _findings(text, plain(text, public), RECOGNIZERS)
    if "](" in text or "][" in text:
        for more in _findings(text, plain(text, public, through_links=True), _IN_PIECES):
            if all(more.end <= one.start or one.end <= more.start for one in findings):
                findings.append(more)
    return Scan(tuple(sorted(findings, key=lambda one: one.start)))


def without_numbers(text: str, before: str = "") -> str:
    """The text without the numbers that belong to one person: for words that say what is wrong with another
    text, and are never sent back to be changed.

    :param before: what stood there; what its author kept is left.
    """
    known = {one.token for one in scan(before).findings} if before else set()
    for one in reversed(scan(text).findings):
        if one.level == BLOCK and one.token not in known:
            text = text[: one.start] + REMOVED + text[one.end :]
    return text


def _findings(text: str, read: Plain, recognizers: Iterable[Recognizer]) -> list[Finding]:
    taken: list[Found] = []
    for recognize in recognizers:
        taken = _joined(taken, sorted(recognize(read)))
    return [_finding(text, read, one) for one in taken]


def _joined(taken: list[Found], more: list[Found]) -> list[Found]:
    """Both lists, which are in order, without those of the second that touch one of the first."""
    merged: list[Found] = []
    place = 0
    for one in more:
        while place < len(taken) and taken[place].end <= one.start:
            merged.append(taken[place])
            place += 1
        touches_next = place < len(taken) and taken[place].start < one.end
        touches_last = bool(merged) and merged[-1].end > one.start
        if not touches_next and not touches_last:
            merged.append(one)
    return merged + taken[place:]


def _finding(text: str, read: Plain, one: Found) -> Finding:
    start, end = read.original(one.start, one.end)
    return Finding(one.kind, start, end, KINDS[one.kind], text[start:end])
