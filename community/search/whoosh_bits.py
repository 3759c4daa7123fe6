"""Documents of a Whoosh index as bits: one number for each of its parts, in their order, with a one at the
place of each document. To compare half a million documents takes microseconds, and counts them exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial, reduce
from operator import and_, or_

from community.search.whoosh_parts import Part, numbers_in

Bits = list[int]
Place = tuple[int, int]  # of a document: its part's, and its own in there


def both(*some: Iterable[int]) -> Bits:
    """The documents that are in each of them."""
    return list(reduce(partial(map, and_), some))


def either(*some: Iterable[int]) -> Bits:
    """The documents that are in one of them."""
    return list(reduce(partial(map, or_), some))


def without(these: Sequence[int], others: Sequence[int]) -> Bits:
    """The documents that are in the first and not in the second."""
    return [one & ~other for one, other in zip(these, others, strict=True)]


def many(bits: Iterable[int]) -> int:
    """How many documents they are."""
    return sum(map(int.bit_count, bits))


def places(bits: Iterable[int]) -> Iterator[Place]:
    """Where each of them is."""
    for place, one in enumerate(bits):
        if one:
            yield from ((place, number) for number in numbers_in(one))


def as_bits(parts: int, found: Iterable[Place]) -> Bits:
    """These documents of an index of so many parts."""
    bits = [0] * parts
    for place, number in found:
        bits[place] |= 1 << number
    return bits


def newest(parts: Sequence[Part], bits: Sequence[int], most: int) -> list[Place]:
    """The newest of them, at most so many. Of those written in one second, which are taken depends on their
    topics and ids, never on their places: these depend on documents that not everybody sees."""
    latest = [(parts[place].latest, place) for place, one in enumerate(bits) if one]
    found: list[tuple[int, int, int]] = []  # when it was written, and where it is
    since, known = min((parts[place].earliest for _, place in latest), default=0), most
    for last, place in sorted(latest, reverse=True):
        if len(found) >= known:
            found.sort(reverse=True)
            since = found[most - 1][0]
            found = [one for one in found if one[0] >= since]
            known = len(found) + most // 2
        if last < since:
            break
        written = parts[place].written
        found += [
            (written[number], place, number) for number in numbers_in(bits[place]) if written[number] >= since
        ]
    return _first(parts, sorted(found, reverse=True), most)


def _first(parts: Sequence[Part], found: Sequence[tuple[int, int, int]], most: int) -> list[Place]:
    if len(found) <= most:
        return [(place, number) for _, place, number in found]
    last = found[most - 1][0]
    sure = [(place, number) for written, place, number in found if written > last]
    alike = [(place, number) for written, place, number in found if written == last]
    return sure + _greatest(parts, alike, most - len(sure))


def _greatest(parts: Sequence[Part], alike: list[Place], room: int) -> list[Place]:
    """Those with the greatest topics, and of one topic with the greatest ids, which are read only then."""
    if len(alike) <= room:
        return alike

    def group(of: Place) -> str:
        return parts[of[0]].group[of[1]]

    def own_id(of: Place) -> str:
        return parts[of[0]].id_of(of[1])

    alike.sort(key=group, reverse=True)
    last = group(alike[room - 1])
    sure = [one for one in alike if group(one) > last]
    shared = sorted((one for one in alike if group(one) == last), key=own_id, reverse=True)
    return sure + shared[: room - len(sure)]
