"""Which parts of a Whoosh index are written anew as one, and when: never so much that a new post waits."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from whoosh.reading import SegmentReader

MERGED_TOGETHER, LARGEST_MERGED = 6, 200  # documents: a merge writes at most about a thousand
# Of an index of its own, for which no post waits: a merge takes two to four seconds. Each word that is new to
# a process is looked for in every part.
LARGEST_APART = 400
QUICK = 50  # documents that are written again while a new post waits
EVERYTHING = 10**9


def merge(writer: Any, segments: list[Any], most: int = QUICK, largest: int = LARGEST_MERGED) -> list[Any]:
    """Merge parts of about the same size, when it is quickly done; gives the parts left as they are.

    Whoosh's own rule now and then rewrites everything, for minutes in a large index, and a new post
    would be found only after that. What takes longer than a post should wait is left to ``tidy``.
    """
    return _as_one(
        writer,
        segments,
        next((group for group in groups(segments, largest) if _documents(group) <= most), []),
    )


def without_deleted(writer: Any, segments: list[Any]) -> list[Any]:
    """Write the smallest part with deleted documents anew, without them; gives the others as they are."""
    worn = sorted((one for one in segments if one.deleted_count()), key=lambda one: one.doc_count_all())[:1]
    return _as_one(writer, segments, worn)


def _as_one(writer: Any, segments: list[Any], chosen: list[Any]) -> list[Any]:
    """Write these anew into the part that is being written; gives the others."""
    for segment in chosen:
        with closing(SegmentReader(writer.storage, writer.schema, segment)) as reader:
            writer.add_reader(reader)
    return [segment for segment in segments if segment not in chosen]


def groups(segments: list[Any], largest: int = LARGEST_MERGED) -> Iterator[list[Any]]:
    """Parts that belong together: six of about the same size, never large ones; or one half deleted."""
    by_size: defaultdict[int, list[Any]] = defaultdict(list)
    for segment in segments:
        if segment.doc_count_all() < largest:
            by_size[int(math.log(max(segment.doc_count_all(), 1), MERGED_TOGETHER))].append(segment)
    for _, same in sorted(by_size.items()):
        if len(same) >= MERGED_TOGETHER:
            yield same[:MERGED_TOGETHER]
    yield from ([one] for one in segments if one.deleted_count() > one.doc_count_all() / 2)


def _documents(group: list[Any]) -> int:
    return sum(segment.doc_count() for segment in group)
