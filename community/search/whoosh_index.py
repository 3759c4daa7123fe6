"""The index of the small size: Whoosh in the instance folder, written here and read in ``whoosh_search``.

One writer at a time, in the order in which they came. All threads share one reader, and look for a newer
index before each question; the reader of the older one is closed when its last question is answered.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.index import EmptyIndexError

from community.core.calm import give_way
from community.core.ids import new_key
from community.core.turns import Turns
from community.search import plan
from community.search import whoosh_rows as rows
from community.search.index import VERSION, Document, Hits, Query
from community.search.whoosh_files import MappedStorage
from community.search.whoosh_merging import EVERYTHING, LARGEST_MERGED, groups, merge, without_deleted
from community.search.whoosh_parts import Kept, Part
from community.search.whoosh_search import Search
from community.search.whoosh_snapshot import ALL, ANSWERS_KEPT, Snapshot, keep
from community.search.whoosh_worth import WEIGHTS, Worths
from community.search.whoosh_writing import add_document, write_by_terms
from community.search.wordbook import Wordbook

WAIT_FOR_WRITER = 10.0  # seconds; Whoosh gives up at once otherwise
LOOK_AGAIN = 0.02  # seconds; a writer of another process leaves the index alone for a little longer
WRITER_MEGABYTES = 64
# Questions of one process. More would not be answered sooner, as Python answers one at a time; but each
# holds the scores of every document it found, some ten megabytes for a usual word in forty thousand posts.
AT_ONCE = 2
POSTINGS_AT_ONCE = 200  # a few milliseconds
STATE = "whole.json"  # there when every document was put in
WORDS = "words.db"
MADE = "made.txt"  # which index this is: a new one counts its states from the start again
TRIES, PAUSE = 100, 0.01


class WhooshIndex:
    """A folder on disk. Made when it is first needed, and made again when it was deleted.

    :param largest: documents of a part from which on it is joined with no others.
    """

    def __init__(self, folder: Path, largest: int = LARGEST_MERGED) -> None:
        self.folder = folder
        self._largest = largest
        self._writers = Turns()
        self._questions = threading.BoundedSemaphore(AT_ONCE)
        self._readers = threading.Lock()
        self._shared: Snapshot | None = None
        self._kept = Kept(folder)
        self._worths = Worths()
        self._written: list[Part] = []  # of the state that was written to last

    # State

    def ready(self) -> bool:
        """Whether the index is whole and of this version."""
        try:
            return bool(json.loads((self.folder / STATE).read_text("utf-8")) == {"version": VERSION})
        except (OSError, ValueError):
            return False

    def complete(self) -> None:
        """Write down that every document was put in."""
        half = self.folder / f"{STATE}.new"
        half.write_text(json.dumps({"version": VERSION}), "utf-8")
        half.replace(self.folder / STATE)

    def clear(self) -> None:
        """Start over. Who is reading keeps the old files until the next question."""
        self._throw_away()
        self._open()

    def size(self) -> int:
        """How many documents there are."""
        with self._reading() as snapshot:
            return sum(1 for _ in snapshot.documents("facets", ALL))

    def ids(self) -> frozenset[str]:
        """Every document there is."""
        with self._reading() as snapshot:
            return frozenset(snapshot.stored(doc)["id"] for doc in snapshot.documents("facets", ALL))

    # Writing

    def replace(self, ids: Iterable[str], documents: Iterable[Document]) -> None:
        """Drop and put in one commit. Raises LockError when another writer is at work too long."""
        with self._writers.turn(WAIT_FOR_WRITER):
            self._replace(ids, documents)

    def _replace(self, ids: Iterable[str], documents: Iterable[Document]) -> None:
        opened = self._open()
        try:
            self._write(opened, ids, documents)
        finally:
            opened.storage.unlock()
            for part in self._written:  # nothing of them is needed until the next time
                part.storage.rest()

    def _write(self, opened: index.FileIndex, ids: Iterable[str], documents: Iterable[Document]) -> None:
        writer = _writer(opened)
        try:
            made = {document.id: rows.row(document) for document in documents}
            gone = self._delete(writer, {*ids, *made})
            self._wordbook().add(set().union(*map(rows.words, made.values())))
            for row in made.values():
                add_document(writer, row)
            if gone or made:
                writer.commit(mergetype=partial(merge, largest=self._largest))
            else:
                writer.cancel()
        except BaseException:
            with suppress(Exception):  # what stopped it is what must be said
                writer.cancel()
            raise

    def _delete(self, writer: Any, ids: Iterable[str]) -> int:
        """Delete by number: Whoosh's own way opens the whole index once for each id."""
        before, self._written = self._written, self._kept.take(writer.schema, writer.segments)
        self._kept.leave(before)  # only now, so that what stands in both stays open
        found = _numbers(self._written, sorted(ids))
        numbers = [number for number in found if not writer.is_deleted(number)]
        for number in numbers:
            writer.delete_document(number)
        return len(numbers)

    def tidy(self) -> bool:
        """Merge one group of parts, if there is one; whether there was. Others may write in between."""
        with self._writers.turn(WAIT_FOR_WRITER):
            opened = self._open()
            if next(groups(opened._segments(), self._largest), None) is None:
                return False
            try:
                writer = _writer(opened)
                writer.commit(mergetype=partial(merge, most=EVERYTHING, largest=self._largest))
            finally:
                opened.storage.unlock()
        return True

    def let_go(self) -> bool:
        """Write one part anew in which documents were deleted, if there is one: Whoosh keeps their words."""
        with self._writers.turn(WAIT_FOR_WRITER):
            opened = self._open()
            if not any(segment.deleted_count() for segment in opened._segments()):
                with closing(opened.reader()) as reader:
                    self._wordbook().keep(partial(_stands_in, reader))
                return False
            try:
                writer = _writer(opened)
                writer.commit(mergetype=without_deleted)
            finally:
                opened.storage.unlock()
        return True

    def _wordbook(self) -> Wordbook:
        return Wordbook(self.folder / WORDS)

    # Reading

    def search(self, query: Query) -> Hits:
        """One page of hits; see the protocol."""
        with self._questions, self._reading() as snapshot:
            # What is new counts a little more: by so little that a minute does not matter.
            asked = replace(query, now=query.now.replace(second=0, microsecond=0))
            found = snapshot.answers.get(asked)
            if found is None:
                found = Search(snapshot, self._wordbook(), self._worths, asked).hits()
                keep(snapshot.answers, asked, found, ANSWERS_KEPT)
            return found

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        snapshot = self._taken()
        try:
            yield snapshot
        finally:
            with self._readers:
                self._left(snapshot)

    def _taken(self) -> Snapshot:
        """The reader of the index on disk now, with one user more: ``_shared`` counts as one."""
        opened = self._open()
        with self._readers:
            found, now = self._shared, self._version(opened)
            if found is None or found.of != now:
                old, self._shared = found, (found := Snapshot(opened, now, self._kept))
                if old is not None:
                    self._left(old)
            found.users += 1
            return found

    def _left(self, snapshot: Snapshot) -> None:
        snapshot.users -= 1
        if not snapshot.users:
            snapshot.close()
        elif snapshot.users == 1 and snapshot is self._shared:
            snapshot.rest()

    def _version(self, opened: index.FileIndex) -> tuple[str, int]:
        """Which index, and which of its states."""
        return (self.folder / MADE).read_text("utf-8"), opened.latest_generation()

    def _open(self) -> index.FileIndex:
        """The index on disk now; an empty one when there is none."""
        for _ in range(TRIES):
            try:
                return MappedStorage(self.folder).open_index()
            except (EmptyIndexError, OSError):
                if (self.folder / MADE).exists():
                    time.sleep(PAUSE)  # a writer is replacing the list of files that was about to be read
                else:
                    self._make()
        self._throw_away()  # half of it is gone: what is left cannot be read
        self._make()
        return MappedStorage(self.folder).open_index()

    def _make(self) -> None:
        """Make an empty index beside and move it in place, so that nobody ever sees a half-made one."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{self.folder.name}-", dir=self.folder.parent))
        index.create_in(beside, rows.schema())
        (beside / MADE).write_text(new_key(), "utf-8")
        try:
            beside.rename(self.folder)
        except OSError:  # another process was faster, or leftovers are in the way
            shutil.rmtree(beside)
            if not (self.folder / MADE).exists():
                self._throw_away()

    def _throw_away(self) -> None:
        old = Path(tempfile.mkdtemp(prefix=f".{self.folder.name}-old-", dir=self.folder.parent))
        if self.folder.exists():
            self.folder.rename(old / "index")
        shutil.rmtree(old, ignore_errors=True)


def _writer(opened: index.FileIndex) -> Any:
    """Whoosh's own, which lets who is answered go first, and counts no lengths for a scoring that is ours."""
    writer = opened.writer(timeout=WAIT_FOR_WRITER, delay=LOOK_AGAIN, limitmb=WRITER_MEGABYTES)
    writer.codec.length_stats = False
    write_by_terms(writer)
    writer.pool.iter_postings = partial(_giving_way, writer.pool.iter_postings)
    return writer


def _giving_way(postings: Callable[[], Iterable[Any]]) -> Iterator[Any]:
    for number, posting in enumerate(postings()):
        if not number % POSTINGS_AT_ONCE:
            give_way()
        yield posting


def _stands_in(reader: Any, word: str) -> bool:
    """Whether a word is still written in some document."""
    term = plan.written_term(word)
    return any((name, term) in reader for name in WEIGHTS)


def _numbers(parts: Iterable[Part], ids: Iterable[str]) -> Iterator[int]:
    """The numbers of the documents with these ids, those that are deleted already among them."""
    base, asked = 0, [(hash(one), one) for one in ids]
    for part in parts:
        yield from (base + number for number in part.numbers_of(asked))
        base += part.documents
