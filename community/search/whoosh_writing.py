"""How the terms of a new part of a Whoosh index are written: in Whoosh's own format, each term at once.

Most terms of a few messages stand in one of them: a key, a name, a figure. Whoosh hands each posting through
three layers of objects, and packs, compresses and stores a block for each term, which took half of the time
after which a new message is found. Here a term that stands once is kept beside its entry, as the format has
it, and what is too short to become shorter is not compressed.

This writes what Whoosh keeps for itself, so the release of Whoosh is pinned; a test compares it with what
Whoosh writes.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import md5
from itertools import groupby
from operator import itemgetter
from pickle import dumps
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3TermInfo
from whoosh.fields import KEYWORD
from whoosh.filedb.filetables import _lengths
from whoosh.system import pack_int, pack_long, pack_uint, pack_ushort

BLOCK = 128  # postings, as Whoosh has it
PICKLE = 4  # Whoosh reads any; its own writes bytes as text
USUAL = 200  # bytes of a posting that waits in memory
SHORT = 96  # bytes: what a block of a few postings takes
_HEAD, _ENTRY = W3TermInfo._struct, _lengths
_field, _term = itemgetter(0), itemgetter(1)

Posting = tuple[str, bytes, int, float, bytes | None]


def write_by_terms(writer: Any) -> None:
    """Let this writer of Whoosh write its terms in this way."""
    fields = writer.fieldwriter
    fields.add_postings = partial(_add, fields)
    fields._tindex.hashfn = _hash


def add_document(writer: Any, row: Mapping[str, Any]) -> None:
    """In place of Whoosh's, which hands each word through its analyzers: here they are cut already."""
    about, number = writer.perdocwriter, writer.docnum
    about.start_doc(number)
    for name in sorted(row):
        field, value = writer.schema[name], row[name]
        length = _pooled(writer.pool, name, field, number, value) if field.indexed else 0
        about.add_field(name, field, value if field.stored else None, length)
        if field.column_type:
            about.add_column_value(name, field.column_type, field.to_column_value(value))
    about.finish_doc()
    writer._added = True
    writer.docnum += 1


def _pooled(pool: Any, name: str, field: Any, number: int, value: Any) -> int:
    """Let the postings of a field be written with the others; how many words count for its length."""
    if isinstance(field, KEYWORD):
        counted = Counter(value.split())
        found = [
            (name, word.encode(), number, float(times), pack_uint(times)) for word, times in counted.items()
        ]
    else:
        found = [(name, term, number, weight, said) for term, _, weight, said in field.index(value)]
    pool.current.extend(found)
    pool.currentsize += USUAL * len(found)
    if pool.currentsize > pool.limit:  # it goes on in files
        pool.save()
    return sum(int(weight) for _, _, _, weight, _ in found) if field.scorable else 0


def _hash(key: bytes) -> int:
    """The hash of Whoosh's tables, without writing it out in figures."""
    return int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")


def _add(fields: Any, schema: Any, _lengths_of: Any, postings: Iterable[Posting]) -> None:
    """In place of Whoosh's ``add_postings``: they come in the order of fields and terms."""
    for name, of_field in groupby(postings, _field):
        fields.start_field(name, schema[name])
        sized = schema[name].format.fixed_value_size()
        field = pack_ushort(fields._fieldid)
        for term, found in groupby(of_field, _term):
            _put(fields._tindex, field + term, _written(fields._postfile, list(found), sized))
        fields.finish_field()


def _put(table: Any, key: bytes, said: bytes) -> None:
    """An entry of the table of terms, in the order of keys."""
    if key <= table.lastkey:
        raise ValueError("terms must come in their order")
    place = table.dbfile.tell()
    table.dbfile.write(_ENTRY.pack(len(key), len(said)) + key + said)
    table.index.append(place)
    hashed = table.hashfn(key)
    table.buckets[hashed & 255].append((hashed, place))
    table.lastkey = key


def _written(file: Any, postings: Sequence[Posting], sized: int | None) -> bytes:
    """The entry of a term; postings that are more than one go into their file."""
    numbers = [one[2] for one in postings]
    weights = [one[3] for one in postings]
    head = (sum(weights), len(numbers), 0, 0, max(weights), numbers[0], numbers[-1])
    if len(numbers) == 1:
        kept = (tuple(numbers), tuple(weights), tuple(one[4] or b"" for one in postings))
        return bytes(_HEAD.pack(1, *head)) + dumps(kept, PICKLE)
    start = file.tell()
    file.write(WHOOSH3_HEADER_MAGIC + b"".join(_blocks(numbers, weights, postings, sized)))
    return bytes(_HEAD.pack(0, *head) + pack_long(start) + pack_int(file.tell() - start))


def _blocks(
    numbers: Sequence[int], weights: Sequence[float], postings: Sequence[Posting], sized: int | None
) -> Iterator[bytes]:
    for start in range(0, len(numbers), BLOCK):
        end = start + BLOCK
        values = [one[4] for one in postings[start:end] if one[4]]
        together = _together(values, sized)
        yield _block(numbers[start:end], weights[start:end], together, last=end >= len(numbers))


def _block(numbers: Sequence[int], weights: Sequence[float], values: Any, *, last: bool) -> bytes:
    """How many bytes follow (less than none: it is the last), what is in them, and the postings."""
    steps = (numbers[0], *(later - earlier for earlier, later in zip(numbers, numbers[1:], strict=False)))
    said = dumps((steps, _alike(weights), values), PICKLE)
    packed = 0 if len(said) < SHORT else 3
    if packed:
        said = zlib.compress(said, packed)
    about = dumps((len(numbers), numbers[-1], max(weights), packed, 0, 0), PICKLE)
    length = len(about) + len(said)
    return bytes(pack_int(-length if last else length)) + about + said


def _alike(weights: Sequence[float]) -> tuple[float, ...] | float | None:
    if len(set(weights)) > 1:
        return tuple(weights)
    return None if weights[0] == 1.0 else weights[0]


def _together(values: Sequence[bytes], sized: int | None) -> tuple[bytes, ...] | bytes | None:
    if sized is None or sized < 0:
        return tuple(values)
    return b"".join(values) if sized else None
