"""Which documents of a part answer a word that is asked, and how well: worked out once, as no part changes.

A new message is a new part, and every other stays what it was; so of all that a question needs only the
little of the new part is worked out anew. How well documents answer is worked out only for parts in which
something is ranked. Nothing here depends on who asks: neither which documents they see nor how rare a word
is, which is counted over those.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from community.search import plan
from community.search.plan import Alternative, Form, Need
from community.search.whoosh_parts import Part

WEIGHTS = {"title": plan.TITLE, "context": plan.CONTEXT, "body": plan.BODY}
MOST_BYTES = 3 * 1024 * 1024  # of how well documents answer, and as much again of which they are
# … and of each in a large index as much as three dozen words take: with less, each question throws out
# what the next one needs, and every one of them reads all postings of its words.
FOR_EACH_DOCUMENT = 16  # bytes
SHORT = 65_536  # documents; their numbers take two bytes
_KEPT_BYTES = 400  # around the documents of a part
_BITS_BYTES = 100  # around their bits
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

    def of(self, number: int) -> float:
        """How well a document answers; 0 if not at all."""
        place = bisect_left(self.numbers, number)
        if place < len(self.numbers) and self.numbers[place] == number:
            return self.values[place]
        return 0.0


Answering = Callable[[Part, Need], int]  # the documents of a part that answer a need, as bits


class Worths:
    """Those that were asked for lately."""

    def __init__(self) -> None:
        self.bytes = 0
        self._most = MOST_BYTES
        self.bytes_of_bits = 0
        self._lock = threading.Lock()
        self._needs: dict[Need, int] = {}
        self._kept: OrderedDict[tuple[int, str], Worth] = OrderedDict()
        self._bits: OrderedDict[tuple[int, Answering], dict[str, int]] = OrderedDict()

    def make_room(self, documents: int) -> None:
        """For an index of so many documents."""
        with self._lock:
            self._most = max(MOST_BYTES, documents * FOR_EACH_DOCUMENT)
            self._keep_within()

    def named(self, need: Need) -> int:
        """A short name of a need: it has up to a hundred words that may stand for it."""
        with self._lock:
            if len(self._needs) >= MOST_NEEDS:
                self._needs.clear()
                self._kept.clear()
                self._bits.clear()
                self.bytes = self.bytes_of_bits = 0
            return self._needs.setdefault(need, len(self._needs))

    def answering(self, parts: Sequence[Part], need: Need, name: int) -> list[int]:
        """The documents of each part that answer a need, as bits; deleted ones are among them."""
        return self._each(parts, need, (name, answering))

    def titled(self, parts: Sequence[Part], need: Need, name: int) -> list[int]:
        """Those that have the word itself in their title."""
        return self._each(parts, need, (name, titled))

    def _each(self, parts: Sequence[Part], need: Need, key: tuple[int, Answering]) -> list[int]:
        with self._lock:
            kept = self._bits.setdefault(key, {})
            self._bits.move_to_end(key)
        found, made = [], {}
        for part in parts:
            one = kept.get(part.name)
            if one is None:
                one = made[part.name] = key[1](part, need)
            found.append(one)
        if made:
            with self._lock:
                if self._bits.get(key) is kept:  # else all was let go meanwhile
                    self._keep_bits(kept, made, parts)
        return found

    def _keep_bits(self, kept: dict[str, int], made: Mapping[str, int], parts: Sequence[Part]) -> None:
        """What was just worked out; parts that were merged are let go."""
        for name in made.keys() - kept.keys():
            kept[name] = made[name]
            self.bytes_of_bits += _bytes(made[name])
        if len(kept) > len(parts) + max(len(parts) // 4, 16):
            for name in kept.keys() - {part.name for part in parts}:
                self.bytes_of_bits -= _bytes(kept.pop(name))
        self._keep_within()

    def _keep_within(self) -> None:
        """Let go of what was asked longest ago, where it is too much."""
        while self.bytes_of_bits > self._most and len(self._bits) > 1:
            self.bytes_of_bits -= sum(map(_bytes, self._bits.popitem(last=False)[1].values()))
        while self.bytes > self._most and len(self._kept) > 1:
            self.bytes -= self._kept.popitem(last=False)[1].bytes

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
                self._keep_within()
        return found


def _bytes(bits: int) -> int:
    return bits.bit_length() // 8 + _BITS_BYTES


# Which documents


def answering(part: Part, need: Need) -> int:
    """The documents of a part that have all the words of one alternative, as bits."""
    found = 0
    for alternative in need.alternatives:
        having = part.whole
        for form in alternative.forms:
            having &= _with(part, WEIGHTS, form)
            if not having:
                break
        found |= having
    return found


def titled(part: Part, need: Need) -> int:
    """The documents of a part that have the word itself in their title, as bits."""
    having = part.whole
    for form in need.alternatives[0].forms:
        having &= _with(part, ("title",), form)
    return having


def _with(part: Part, fields: Iterable[str], form: Form) -> int:
    found = 0
    for field in fields:
        for term in (form.exact, *form.stems):
            found |= part.bits(field, term)
    return found


# How well


def _worked_out(part: Part, need: Need) -> Worth:
    best: dict[int, float] = {}
    for alternative in need.alternatives:
        for number, worth in _satisfying(part, alternative).items():
            if worth > best.get(number, 0.0):
                best[number] = worth
    numbers = sorted(best)
    return Worth(
        array("H" if part.documents <= SHORT else "I", numbers), array("f", map(best.__getitem__, numbers))
    )


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
    for numbers, often in part.postings(field, form.exact):
        counts.update(zip(numbers, often, strict=False))
    for stem in form.stems:
        for numbers, often in part.postings(field, stem):
            for number, count in zip(numbers, often, strict=False):
                if count * plan.STEM_WEIGHT > counts.get(number, 0.0):
                    counts[number] = count * plan.STEM_WEIGHT
    return counts
