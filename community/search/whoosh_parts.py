"""The finished parts of a Whoosh index, read a block at a time.

Whoosh hands out one posting after the other through four layers of objects, which costs more than reading
them; here a whole block of them is taken at once. And what every question asks of each document it finds
(when it was written, under what it is shown, how long it is) is read once for each part and kept as long
as the part is: parts are written once, then only read or deleted.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from typing import Any

from community.search import plan


class Part:
    """What is kept of one part. ``written``: seconds; ``group``: what each document is shown under;
    ``stretch``: by how much BM25 lengthens its body."""

    def __init__(self, reader: Any) -> None:
        numbers = range(reader.doc_count_all())
        written, group = reader.column_reader("created"), reader.column_reader("group")
        self.written = array("q", (int(written[number]) for number in numbers))
        self.group = [sys.intern(group[number]) for number in numbers]
        self.stretch = array("f", (_stretch(reader.doc_field_length(number, "body")) for number in numbers))


def _stretch(terms: int | None) -> float:
    # Whoosh rounds the number of terms of long fields. Each word is there twice, folded and stemmed.
    return 1 - plan.B + plan.B * ((terms or 0) / 2) / plan.USUAL_LENGTH


class Kept:
    """The parts of one index, from one state of it to the next."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}

    def of(self, readers: Iterable[Any]) -> list[Part]:
        """What is kept of the parts that these readers read; of those that are gone, nothing is kept on."""
        named = {reader.segment().segment_id(): reader for reader in readers}
        known = self._parts
        self._parts = {name: known.get(name) or Part(reader) for name, reader in named.items()}
        return list(self._parts.values())


def blocks(reader: Any, field: str, term: str) -> Iterator[tuple[Iterable[int], Iterable[float]]]:
    """The postings of a term in one part: blocks of document numbers and of how often it stands there.

    Those of deleted documents are among them. This reads what Whoosh keeps for itself, so the release of
    Whoosh is pinned; a test compares it with what Whoosh hands out.
    """
    if (field, term) not in reader:
        return
    kept = reader._terms.matcher(field, reader._text_to_bytes(field, term), reader.schema[field].format)
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
