"""The index of the small size: Whoosh in the instance folder, scored here.

Whoosh keeps the postings; the scoring is ours (BM25 over fields) because its own counts how rare a
word is over every document, those that a viewer may not see included. One writer at a time; readers
are not shared between threads and look for a newer index before each question.
"""

from __future__ import annotations

import json
import math
import queue
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from whoosh import fields, index
from whoosh.index import EmptyIndexError
from whoosh.reading import SegmentReader

from community.core.ids import new_key
from community.core.regions import with_ancestors
from community.search import plan, spelling
from community.search.index import VERSION, Document, Filters, Hit, Hits, Query
from community.search.plan import Alternative, Form, Need, index_terms
from community.search.wordbook import Wordbook

WAIT_FOR_WRITER = 10.0  # seconds; Whoosh gives up at once otherwise
WRITER_MEGABYTES = 64
MERGED_TOGETHER, LARGEST_MERGED = 6, 200  # documents: a merge writes at most about a thousand
MASKS_KEPT = 16
STATE = "whole.json"  # there when every document was put in
WORDS = "words.db"
MADE = "made.txt"  # which index this is: a new one counts its states from the start again
TRIES, PAUSE = 100, 0.01
ALL = "all"  # a term of every document

_KEYWORDS = {"scorable": True}
_WEIGHTS = {"title": plan.TITLE, "context": plan.CONTEXT, "body": plan.BODY}


def _schema() -> fields.Schema:
    """Only classes of Whoosh: the schema is pickled, and ours must be free to move."""
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        kind=fields.STORED,
        key=fields.STORED,
        group=fields.ID(sortable=True),
        title=fields.KEYWORD(**_KEYWORDS),
        context=fields.KEYWORD(**_KEYWORDS),
        body=fields.KEYWORD(**_KEYWORDS),
        facets=fields.KEYWORD,
        created=fields.NUMERIC(int, bits=64, sortable=True),
    )


class WhooshIndex:
    """A folder on disk. Made when it is first needed, and made again when it was deleted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._idle: queue.LifoQueue[_Snapshot] = queue.LifoQueue()

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
        writer = self._open().writer(timeout=WAIT_FOR_WRITER, limitmb=WRITER_MEGABYTES)
        try:
            rows = {document.id: _row(document) for document in documents}
            gone = _delete(writer, {*ids, *rows})
            self._wordbook().add(set().union(*map(_words, rows.values())))
            for row in rows.values():
                writer.add_document(**row)
        except BaseException:
            writer.cancel()
            raise
        if gone or rows:
            writer.commit(mergetype=_merge)
        else:
            writer.cancel()

    def _wordbook(self) -> Wordbook:
        return Wordbook(self.folder / WORDS)

    # Reading

    def search(self, query: Query) -> Hits:
        """One page of hits; see the protocol."""
        with self._reading() as snapshot:
            return _Search(snapshot, self._wordbook(), query).hits()

    @contextmanager
    def _reading(self) -> Iterator[_Snapshot]:
        snapshot = self._snapshot()
        try:
            yield snapshot
        finally:
            self._idle.put(snapshot)

    def _snapshot(self) -> _Snapshot:
        opened = self._open()
        try:
            snapshot = self._idle.get_nowait()
        except queue.Empty:
            return _Snapshot(opened, self._version(opened))
        if snapshot.of == self._version(opened):
            return snapshot
        snapshot.close()
        return _Snapshot(opened, self._version(opened))

    def _version(self, opened: index.FileIndex) -> tuple[str, int]:
        """Which index, and which of its states."""
        return (self.folder / MADE).read_text("utf-8"), opened.latest_generation()

    def _open(self) -> index.FileIndex:
        """The index on disk now; an empty one when there is none."""
        for _ in range(TRIES):
            try:
                return index.open_dir(self.folder)
            except (EmptyIndexError, OSError):
                if (self.folder / MADE).exists():
                    time.sleep(PAUSE)  # a writer is replacing the list of files that was about to be read
                else:
                    self._make()
        self._throw_away()  # half of it is gone: what is left cannot be read
        self._make()
        return index.open_dir(self.folder)

    def _make(self) -> None:
        """Make an empty index beside and move it in place, so that nobody ever sees a half-made one."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{self.folder.name}-", dir=self.folder.parent))
        index.create_in(beside, _schema())
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


def _row(document: Document) -> dict[str, Any]:
    """A document as Whoosh takes it: words already cut, filters as one list of facets."""
    return {
        "id": document.id,
        "kind": document.kind,
        "key": document.key,
        "group": document.group,
        "title": " ".join(index_terms(document.title, document.lang)),
        "context": " ".join(index_terms(document.context, document.lang)),
        "body": " ".join(index_terms(document.body, document.lang)),
        "facets": " ".join(_facets(document)),
        "created": int(document.created_at.timestamp()),
    }


def _words(row: Mapping[str, Any]) -> set[str]:
    """The words of a row that can mend a spelling."""
    return plan.spelling_words(term for name in _WEIGHTS for term in row[name].split())


def _delete(writer: Any, ids: Iterable[str]) -> int:
    """Delete by number: Whoosh's own way opens the whole index once for each id."""
    with closing(writer.reader()) as reader:
        numbers = [
            number for one in ids if ("id", one) in reader for number in reader.postings("id", one).all_ids()
        ]
    for number in numbers:
        writer.delete_document(number)
    return len(numbers)


def _merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge six parts of about the same size, never large ones; gives the parts left as they are.

    Whoosh's own rule now and then rewrites everything, for minutes in a large index, and a new post
    would be found only after that.
    """
    by_size: defaultdict[int, list[Any]] = defaultdict(list)
    for segment in segments:
        if segment.doc_count_all() < LARGEST_MERGED:
            by_size[int(math.log(max(segment.doc_count_all(), 1), MERGED_TOGETHER))].append(segment)
    merged = [one for same in by_size.values() if len(same) >= MERGED_TOGETHER for one in same]
    merged += [one for one in segments if one not in merged and one.deleted_count() > one.doc_count_all() / 2]
    for segment in merged:
        with closing(SegmentReader(writer.storage, writer.schema, segment)) as reader:
            writer.add_reader(reader)
    return [segment for segment in segments if segment not in merged]


def _facets(document: Document) -> Iterator[str]:
    yield ALL
    yield f"space:{document.space_id}"
    yield f"topic:{document.topic_key}"
    yield f"theme:{document.theme}"
    yield f"kind:{document.topic_kind}"
    yield f"lang:{document.lang}"
    yield f"answered:{document.answered}"
    for code in with_ancestors(document.region):
        yield f"region:{code}"


class _Snapshot:
    """One reader of one generation of the index, with what is worth keeping between questions."""

    def __init__(self, opened: index.FileIndex, of: tuple[str, int]) -> None:
        self.reader = opened.reader()
        self.of = of
        self.masks: dict[tuple[frozenset[int], frozenset[str]], bytearray] = {}

    def close(self) -> None:
        """Let the files go."""
        self.reader.close()

    def has(self, field: str, term: str) -> bool:
        """Whether any document has the term."""
        return (field, term) in self.reader

    def documents(self, field: str, term: str) -> Iterable[int]:
        """The numbers of the documents that have the term."""
        if (field, term) not in self.reader:
            return ()
        found: Iterable[int] = self.reader.postings(field, term).all_ids()
        return found

    def counts(self, field: str, term: str) -> Iterator[tuple[int, float]]:
        """Those documents, with how often the term stands in the field."""
        if (field, term) not in self.reader:
            return
        postings = self.reader.postings(field, term)
        while postings.is_active():
            yield postings.id(), postings.weight()
            postings.next()

    def stored(self, number: int) -> dict[str, Any]:
        """What is kept of a document."""
        found: dict[str, Any] = self.reader.stored_fields(number)
        return found

    @cached_property
    def created(self) -> Any:
        """When each document was written, in seconds."""
        return self.reader.column_reader("created")

    @cached_property
    def group(self) -> Any:
        """What each document is shown under."""
        return self.reader.column_reader("group")

    def length(self, number: int, field: str) -> int:
        """How many terms a field has; Whoosh rounds long ones."""
        found: int = self.reader.doc_field_length(number, field)
        return found

    def mask(self, spaces: frozenset[int], topics: frozenset[str]) -> bytearray:
        """A 1 for each document in those spaces or topics."""
        key = (spaces, topics)
        if key not in self.masks:
            if len(self.masks) >= MASKS_KEPT:
                self.masks.pop(next(iter(self.masks)))
            self.masks[key] = self._mask(
                [*(f"space:{space}" for space in spaces), *(f"topic:{topic}" for topic in topics)]
            )
        return self.masks[key]

    def _mask(self, facets: Iterable[str]) -> bytearray:
        mask = bytearray(self.reader.doc_count_all())
        for facet in facets:
            for number in self.documents("facets", facet):
                mask[number] = 1
        return mask


class _Search:
    """One question asked of one snapshot."""

    def __init__(self, snapshot: _Snapshot, wordbook: Wordbook, query: Query) -> None:
        self.snapshot = snapshot
        self.wordbook = wordbook
        self.query = query
        self.seen = self._seen()

    def _seen(self) -> bytearray:
        mask = self.snapshot.mask(self.query.space_ids, self.query.topic_keys)
        if not self.query.but:
            return mask
        mask = bytearray(mask)
        for one in self.query.but:
            for field, term in (("id", one), ("facets", f"topic:{one}")):
                for number in self.snapshot.documents(field, term):
                    mask[number] = 0
        return mask

    def hits(self) -> Hits:
        needs = plan.needs_of(self.query.text)
        if not needs:
            return self._page(dict.fromkeys(self._kept(range(len(self.seen))), 0.0), frozenset(), "")
        found, suggestion = self._corrected(needs)
        scores = self._scores(found)
        return self._page(scores, plan.marks(need for need, _ in found), suggestion)

    # What each word finds

    def _corrected(self, needs: Iterable[Need]) -> tuple[list[tuple[Need, dict[int, float]]], str]:
        """Each need with what it finds; one that finds nothing is tried as a misspelling."""
        found: list[tuple[Need, dict[int, float]]] = []
        meant: dict[str, str] = {}
        for need in needs:
            documents = self._answering(need)
            if not documents and (words := self._meant(need.word)):
                meant[need.word] = words[0]
                need = plan.corrected(need, words)
                documents = self._answering(need)
            found.append((need, documents))
        return found, spelling.rewritten(self.query.text, meant) if meant else ""

    def _answering(self, need: Need) -> dict[int, float]:
        best: dict[int, float] = {}
        for alternative in need.alternatives:
            for number, worth in self._satisfying(alternative).items():
                if worth > best.get(number, 0.0):
                    best[number] = worth
        return best

    def _satisfying(self, alternative: Alternative) -> dict[int, float]:
        """The documents that have all the words, with how much they say of the rarest said one."""
        worth: dict[int, float] = {}
        for place, form in enumerate(alternative.forms):
            found = self._having(form)
            if place == 0:
                worth = found
            else:
                worth = {
                    number: min(value, found[number]) for number, value in worth.items() if number in found
                }
            if not worth:
                return {}
        return {number: value * alternative.weight for number, value in worth.items()}

    def _having(self, form: Form) -> dict[int, float]:
        """The seen documents that have the word, with BM25's share of how often and where."""
        often: defaultdict[int, float] = defaultdict(float)
        for field, weight in _WEIGHTS.items():
            for number, count in self._counts(field, form).items():
                often[number] += weight * count / self._stretch(number, field)
        return {number: value / (value + plan.K1) for number, value in often.items()}

    def _counts(self, field: str, form: Form) -> dict[int, float]:
        counts: dict[int, float] = {}
        for term, weight in ((form.exact, 1.0), *((stem, plan.STEM_WEIGHT) for stem in form.stems)):
            for number, count in self.snapshot.counts(field, term):
                if self.seen[number] and count * weight > counts.get(number, 0.0):
                    counts[number] = count * weight
        return counts

    def _stretch(self, number: int, field: str) -> float:
        if field != "body":
            return 1.0
        words = self.snapshot.length(number, field) / 2  # each word is there folded and stemmed
        return 1 - plan.B + plan.B * words / plan.USUAL_LENGTH

    def _meant(self, word: str) -> list[str]:
        """Words seen in visible documents that a word found nowhere may be a misspelling of."""
        if not spelling.can_be_corrected(word):
            return []
        known = sorted(self.wordbook.near(word))
        counted = ((one, self._seen_with(plan.written_term(one))) for one in known)
        return spelling.likeliest(word, spelling.shown_forms(counted))

    def _seen_with(self, term: str) -> int:
        numbers = {
            number
            for field in _WEIGHTS
            for number in self.snapshot.documents(field, term)
            if self.seen[number]
        }
        return len(numbers)

    # From words to hits

    def _scores(self, found: Iterable[tuple[Need, dict[int, float]]]) -> dict[int, float]:
        """BM25 over the needs. Documents that answer too little of the question are left out."""
        total = sum(self.seen)
        scores: defaultdict[int, float] = defaultdict(float)
        answered: defaultdict[int, float] = defaultdict(float)
        whole, needs = 0.0, 0
        for _need, documents in found:
            rarity = math.log(1 + (total - len(documents) + 0.5) / (len(documents) + 0.5))
            for number, worth in documents.items():
                scores[number] += rarity * worth
                answered[number] += rarity
            if documents:
                whole, needs = whole + rarity, needs + 1
        kept = self._kept(scores)
        most = max((answered[number] for number in kept), default=0.0)
        least = min(whole * plan.least_answered(needs), most) - 1e-9
        return {
            number: scores[number] * self._freshness(number) for number in kept if answered[number] >= least
        }

    def _freshness(self, number: int) -> float:
        days = max(0.0, self.query.now.timestamp() - self.snapshot.created[number]) / 86_400
        return 1 + plan.RECENT_BONUS * float(0.5 ** (days / plan.RECENT_DAYS))

    def _kept(self, numbers: Iterable[int]) -> list[int]:
        """Those of them that are seen and pass the filters."""
        masks = [self.seen, *(self._having_facet(facet) for facet in _wanted(self.query.filters))]
        after, before = _seconds(self.query.filters.after), _seconds(self.query.filters.before)
        kept = [number for number in numbers if all(mask[number] for mask in masks)]
        if after is not None:
            kept = [number for number in kept if self.snapshot.created[number] >= after]
        if before is not None:
            kept = [number for number in kept if self.snapshot.created[number] < before]
        return kept

    def _having_facet(self, facet: str) -> bytearray:
        mask = bytearray(len(self.seen))
        for number in self.snapshot.documents("facets", facet):
            mask[number] = 1
        return mask

    def _page(self, scores: Mapping[int, float], terms: frozenset[str], suggestion: str) -> Hits:
        best: dict[str, tuple[float, int, str, int]] = {}
        for number, score in scores.items():
            group = self.snapshot.group[number]
            rank = (score, self.snapshot.created[number])
            if group not in best or rank >= best[group][:2]:
                # Equal ones are told apart by their ids: their places in the index depend on others.
                candidate = (*rank, self.snapshot.stored(number)["id"], number)
                best[group] = max(candidate, best.get(group, candidate))
        ordered = sorted(best.items(), key=lambda pair: (-pair[1][0], -pair[1][1], pair[0]))
        page = ordered[self.query.offset : self.query.offset + self.query.size]
        return Hits(
            hits=tuple(self._hit(number, score) for _, (score, _, _, number) in page),
            total=len(best),
            terms=terms,
            suggestion=suggestion,
        )

    def _hit(self, number: int, score: float) -> Hit:
        stored = self.snapshot.stored(number)
        return Hit(stored["kind"], stored["key"], self.snapshot.group[number], score)


def _wanted(filters: Filters) -> Iterator[str]:
    if filters.space_id is not None:
        yield f"space:{filters.space_id}"
    if filters.region:
        yield f"region:{filters.region}"
    if filters.theme:
        yield f"theme:{filters.theme}"
    if filters.topic_kind:
        yield f"kind:{filters.topic_kind}"
    if filters.lang:
        yield f"lang:{filters.lang}"
    if filters.answered is not None:
        yield f"answered:{filters.answered}"


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
