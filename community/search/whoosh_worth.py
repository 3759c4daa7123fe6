"""What the documents of a part are worth to a word that is asked: worked out once, as a part never changes.

A new message is a new part, and every other stays what it was; so of all that a question needs only the
little of the new part is worked out anew. Nothing here depends on who asks: neither which documents they see
nor how rare a word is, which is counted over those.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict, defaultdict
from dataclasses import dataclass

from community.search import plan
from community.search.plan import Alternative, Form, Need
from community.search.whoosh_parts import Part

WEIGHTS = {"title": plan.TITLE, "context": plan.CONTEXT, "body": plan.BODY}
MOST_BYTES = 4 * 1024 * 1024  # of all parts of an index
# … and of a large one as much as two dozen usual words take: with less, each question throws out what the
# next one needs, and every one of them reads all postings of its words.
FOR_EACH_DOCUMENT = 32  # bytes
SHORT = 65_536  # documents; their numbers take two bytes
_KEPT_BYTES = 400  # around the documents of a part
MOST_NEEDS = 2_000


@dataclass(frozen=True, slots=True)
class Worth:
    """The documents of a part that answer a need, by their numbers there, and how well each does."""

    numbers: array[int]
    values: array[float]

    @property
    def bytes(self) -> int:
        """What it takes, about."""
        return len(self.numbers) * (self.numbers.itemsize + self.values.itemsize) + _KEPT_BYTES


class Worths:
    """Those that were asked for lately."""

    def __init__(self) -> None:
        self.bytes = 0
        self._most = MOST_BYTES
        self._lock = threading.Lock()
        self._needs: dict[Need, int] = {}
        self._kept: OrderedDict[tuple[int, str], Worth] = OrderedDict()

    def make_room(self, documents: int) -> None:
        """For an index of so many documents."""
        self._most = max(MOST_BYTES, documents * FOR_EACH_DOCUMENT)

    def named(self, need: Need) -> int:
        """A short name of a need: it has up to a hundred words that may stand for it."""
        with self._lock:
            if len(self._needs) >= MOST_NEEDS:
                self._needs.clear()
                self._kept.clear()
                self.bytes = 0
            return self._needs.setdefault(need, len(self._needs))

    def of(self, part: Part, need: Need, name: int) -> Worth:
        """What the documents of a part are worth to a need; deleted ones are among them."""
        key = (name, part.name)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = _worked_out(part, need)
        with self._lock:
            if self._needs.get(need) == name and key not in self._kept:
                self._kept[key] = found
                self.bytes += found.bytes
                while self.bytes > self._most and len(self._kept) > 1:
                    self.bytes -= self._kept.popitem(last=False)[1].bytes
        return found


def _worked_out(part: Part, need: Need) -> Worth:
    best: dict[int, float] = {}
    for alternative in need.alternatives:
        for number, worth in _satisfying(part, alternative).items():
            if worth > best.get(number, 0.0):
                best[number] = worth
    return Worth(array("H" if part.documents <= SHORT else "I", best), array("f", best.values()))


def _satisfying(part: Part, alternative: Alternative) -> dict[int, float]:
    """The documents that have all the words, with how much they say of the rarest said one."""
    worth: dict[int, float] = {}
    for place, form in enumerate(alternative.forms):
        found = _having(part, form)
        if place == 0:
            worth = found
        else:
            worth = {number: min(value, found[number]) for number, value in worth.items() if number in found}
        if not worth:
            return {}
    return {number: value * alternative.weight for number, value in worth.items()}


def _having(part: Part, form: Form) -> dict[int, float]:
    """The documents that have the word, with BM25's share of how often and where."""
    often: defaultdict[int, float] = defaultdict(float)
    for field, weight in WEIGHTS.items():
        stretch = part.stretch if field == "body" else None
        for number, count in _counts(part, field, form).items():
            often[number] += weight * count / (stretch[number] if stretch else 1.0)
    return {number: value / (value + plan.K1) for number, value in often.items()}


def _counts(part: Part, field: str, form: Form) -> dict[int, float]:
    counts: dict[int, float] = {}
    for term, weight in ((form.exact, 1.0), *((stem, plan.STEM_WEIGHT) for stem in form.stems)):
        for numbers, often in part.postings(field, term):
            for number, count in zip(numbers, often, strict=False):
                if count * weight > counts.get(number, 0.0):
                    counts[number] = count * weight
    return counts
