"""The finished parts of a Whoosh index: open as long as somebody reads them, and read a block at a time.

Whoosh opens every part anew for each state of its index, a millisecond each, and one message is a new state.
Parts are written once, then only read or deleted, so each is opened once and kept from one state to the next,
with what every question asks of each document it finds: when it was written, under what it is shown, how
long it is. Which of its documents were deleted is not in the part, but in the list of parts.

Whoosh hands out one posting after the other through four layers of objects, which costs more than reading
them; here a whole block of them is taken at once.
"""

from __future__ import annotations

import sys
import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from hashlib import md5
from itertools import accumulate, compress, repeat
from pathlib import Path
from typing import Any

from whoosh.filedb.filetables import _pointer
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.system import pack_ushort

from community.search import plan
from community.search.whoosh_files import Directory, MappedStorage

MASKS_KEPT = 16
FEW = 8  # ones, looked for one after the other
_FIGURES = bytes.maketrans(b"01", b"\0\1")
NO_FIELD = 65_535  # what Whoosh calls a field of which a part has nothing
YEAR = plan.RECENT_DAYS * 86_400


@lru_cache(maxsize=4_000)
def _hashed(field: int, term: str) -> int:
    """As the tables of each part have it."""
    key = pack_ushort(field) + term.encode()
    return int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")


class Part:
    """An open part. ``written``: seconds; ``group``: what each document is shown under;
    ``stretch``: by how much BM25 lengthens its body."""

    def __init__(self, folder: Path, schema: Any, segment: Any) -> None:
        self.storage = MappedStorage(folder)
        self.reader = SegmentReader(self.storage, schema, segment)
        terms = self.reader._terms._tindex
        terms.tables = Directory(terms)
        self.documents: int = segment.doc_count_all()
        self.name: str = segment.segment_id()
        self.users = 0
        self._masks: OrderedDict[frozenset[str], int] = OrderedDict()
        self._spaces: dict[str, int] = {}

    @cached_property
    def written(self) -> array[int]:
        """When each document was written."""
        column = self.reader.column_reader("created")
        return array("q", (int(column[number]) for number in range(self.documents)))

    @cached_property
    def latest(self) -> int:
        """When the newest was written."""
        return max(self.written, default=0)

    @cached_property
    def earliest(self) -> int:
        """When the oldest was written."""
        return min(self.written, default=0)

    @cached_property
    def whole(self) -> int:
        """A bit for each document."""
        return (1 << self.documents) - 1

    @cached_property
    def group(self) -> list[str]:
        """What each document is shown under."""
        column = self.reader.column_reader("group")
        return [sys.intern(column[number]) for number in range(self.documents)]

    @cached_property
    def stretch(self) -> array[float]:
        """By how much the length of each document counts against it."""
        lengths = (self.reader.doc_field_length(number, "body") for number in range(self.documents))
        return array("f", map(_stretch, lengths))

    def postings(self, field: str, term: str) -> Iterator[tuple[Iterable[int], Iterable[float]]]:
        """See :func:`blocks`."""
        if self._may_have(field, term):
            yield from blocks(self.reader, field, term)

    def _may_have(self, field: str, term: str) -> bool:
        """Whether a term with this hash is there: most that are asked are not, and Whoosh looks for each
        through six layers. This reads the tables of its format."""
        terms = self.reader._terms
        said = _hashed(terms._fieldmap.get(field, NO_FIELD), term)
        start, many = terms._tindex.tables[said & 255]
        view: memoryview = terms._tindex.dbfile.view
        slot = (said >> 8) % many if many else 0
        for _ in range(many):
            known, at = _pointer.unpack_from(view, start + slot * _pointer.size)
            if known == said and at:
                return True
            if not at:
                return False
            slot = (slot + 1) % many
        return False

    def numbers_of(self, ids: Iterable[tuple[int, str]]) -> Iterator[int]:
        """The documents with these ids (each with its hash), deleted ones among them: mostly none."""
        known = self._ids
        many = len(known)
        for said, document_id in ids:
            place = bisect_left(known, said)
            if place < many and known[place] == said:
                for numbers, _ in blocks(self.reader, "id", document_id):
                    yield from numbers

    @cached_property
    def _ids(self) -> array[int]:
        """The ids there are, in eight bytes each: each new message is looked for in every part."""
        return array("q", sorted(hash(term.decode()) for term in self.reader.lexicon("id")))

    def standing_in(self, topics: Iterable[tuple[int, str]]) -> int:
        """The documents of these topics (each with its hash), as bits: mostly none."""
        known, found = self._topics, 0
        for said, topic in topics:
            place = bisect_left(known, said)
            if place < len(known) and known[place] == said:
                found |= self.bits("facets", f"topic:{topic}")
        return found

    @cached_property
    def _topics(self) -> array[int]:
        """What documents are shown under, as :attr:`_ids`."""
        return array("q", sorted(map(hash, set(self.group))))

    def bits(self, field: str, term: str) -> int:
        """A bit for each document that has the term."""
        return bits_of(self.documents, (numbers for numbers, _ in self.postings(field, term)))

    def mask(self, facets: frozenset[str]) -> int:
        """A bit for each document that has one of these facets; deleted ones are among them."""
        found = self._masks.get(facets)
        if found is None:
            found = 0
            for facet in facets:
                found |= self._facet(facet)
            self._masks[facets] = found
            if len(self._masks) > MASKS_KEPT:
                self._masks.popitem(last=False)
        return found

    def _facet(self, facet: str) -> int:
        """What stands in a space is kept: readers see other topics, but mostly the same spaces."""
        if not facet.startswith("space:"):
            return self.bits("facets", facet)
        found = self._spaces.get(facet)
        if found is None:
            found = self._spaces[facet] = self.bits("facets", facet)
        return found

    def written_in(self, after: int | None, before: int | None) -> int:
        """A bit for each document that was written from then on and before then, in seconds."""
        first = self.earliest if after is None else after
        end = self.latest + 1 if before is None else before
        if first <= self.earliest and self.latest < end:
            return self.whole
        if self.latest < first or end <= self.earliest:
            return 0
        written = self.written
        numbers = (number for number in range(self.documents) if first <= written[number] < end)
        return bits_of(self.documents, [numbers])

    def id_of(self, number: int) -> str:
        """The id of a document."""
        return str(self.reader.stored_fields(number)["id"])


def bits_of(size: int, numbers: Iterable[Iterable[int]]) -> int:
    """A bit at each of these places, which come in blocks; so many places there are."""
    said = bytearray()
    for block in numbers:
        said = said or bytearray(b"0") * size
        for number in block:
            said[number] = 49  # "1"
    return int(said[::-1], 2) if said else 0


def numbers_in(bits: int) -> Iterable[int]:
    """The places of its ones, in their order."""
    if bits.bit_count() <= FEW:
        return list(_one_after_the_other(bits))
    said = format(bits, "b")[::-1].encode().translate(_FIGURES)
    return compress(range(len(said)), said)


def _one_after_the_other(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _stretch(terms: int | None) -> float:
    # Whoosh rounds the number of terms of long fields. Each word is there twice, folded and stemmed.
    return 1 - plan.B + plan.B * ((terms or 0) / 2) / plan.USUAL_LENGTH


class Kept:
    """The open parts of one index, from one state of it to the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, Part] = {}
        self._lock = threading.Lock()

    def take(self, schema: Any, segments: Iterable[Any]) -> list[Part]:
        """These parts, open, each with one user more. :raises OSError: one of them is gone."""
        taken: list[Part] = []
        try:
            with self._lock:
                for segment in segments:
                    taken.append(self._of(schema, segment))
                    taken[-1].users += 1
        except BaseException:
            self.leave(taken)
            raise
        return taken

    def _of(self, schema: Any, segment: Any) -> Part:
        name = segment.segment_id()
        if name not in self._open:
            self._open[name] = Part(self.folder, schema, segment)
        return self._open[name]

    def leave(self, parts: Iterable[Part]) -> None:
        """One user less; nobody reads a part that was merged into another for long."""
        with self._lock:
            for part in parts:
                part.users -= 1
                if not part.users:
                    del self._open[part.name]
                    part.reader.close()


def blocks(reader: Any, field: str, term: str) -> Iterator[tuple[Iterable[int], Iterable[float]]]:
    """The postings of a term in one part: blocks of document numbers and of how often it stands there.

    Those of deleted documents are among them. This reads what Whoosh keeps for itself, so the release of
    Whoosh is pinned; a test compares it with what Whoosh hands out.
    """
    try:  # no term is looked up twice
        kept = reader._terms.matcher(field, term.encode(), reader.schema[field].format)
    except TermNotFound:
        return
    if not hasattr(kept, "_read_data"):  # a single posting stands beside the term itself
        while kept.is_active():
            yield (kept.id(),), (kept.weight(),)
            kept.next()
        return
    while kept.is_active():
        kept._read_data()
        steps, weights = kept._data[0], kept._data[1]
        yield accumulate(steps), _weights(weights)
        kept._next_block()


def _weights(said: Sequence[float] | float | None) -> Iterable[float]:
    if said is None:
        return repeat(1.0)
    return repeat(said) if isinstance(said, float) else said
