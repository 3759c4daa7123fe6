"""How well the search finds: known-item search. Each question has one right document; counted is how
often it comes first, among the first ten, and the mean of one over its place (0 beyond ten)."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from community.core import clock
from community.core.language import propose_language
from community.search.engine import trial_index
from community.search.index import Document, Query

PLACES = 10
BATCH = 500
EVERY = 200  # questions between two words of progress


class CannotRead(Exception):
    """The file is not of a form that can be measured; the message says what is wrong, and where."""


@dataclass(frozen=True)
class Trial:
    """Documents, and questions with the key of their answer."""

    documents: tuple[Document, ...]
    queries: tuple[tuple[str, str], ...]


def read(path: Path) -> Trial:
    """A trial from a folder or a file of JSON lines. Raises CannotRead."""
    if path.is_dir():
        return _folder(path)
    rows = list(_rows(path, "question", "answer"))
    # The questions are not indexed, not as titles either: they would find themselves.
    documents = [_document(str(n), row.get("section") or "", row["answer"]) for n, row in enumerate(rows)]
    return Trial(tuple(documents), tuple((row["question"], str(n)) for n, row in enumerate(rows)))


def _folder(path: Path) -> Trial:
    documents = [
        _document(row["doc_id"], row.get("title", ""), row["text"])
        for row in _rows(path / "documents.jsonl", "doc_id", "text")
    ]
    queries = [(row["query"], row["doc_id"]) for row in _rows(path / "queries.jsonl", "query", "doc_id")]
    return Trial(tuple(documents), tuple(queries))


def _rows(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotRead(f"{path.name} cannot be read: {type(problem).__name__}.") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _row(path, number, line, needed)


def _row(path: Path, number: int, line: str, needed: tuple[str, ...]) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        raise CannotRead(f"{path.name}, line {number}: this is not JSON.") from None
    missing = [name for name in needed if not isinstance(row, dict) or not isinstance(row.get(name), str)]
    if missing:
        raise CannotRead(f"{path.name}, line {number}: no text under {', '.join(missing)}.")
    return dict(row)


def _document(key: str, title: str, body: str) -> Document:
    lang = propose_language(f"{title}\n{body}") or ""
    return Document("trial", key, title, body, lang, space_id=0, created_at=clock.now())


def run(trial: Trial, progress: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
    """Index, ask, count."""
    places: Counter[int] = Counter()
    with trial_index() as index:
        for start in range(0, len(trial.documents), BATCH):
            index.replace([], trial.documents[start : start + BATCH])
        started = time.monotonic()
        for number, (text, key) in enumerate(trial.queries, start=1):
            hits = index.search(Query(text, frozenset({0}), clock.now(), size=PLACES)).hits
            places[next((place for place, hit in enumerate(hits, start=1) if hit.key == key), 0)] += 1
            if number % EVERY == 0:
                progress(number)
        seconds = time.monotonic() - started
    return _figures(trial, places, seconds)


def _figures(trial: Trial, places: Counter[int], seconds: float) -> dict[str, Any]:
    asked = max(len(trial.queries), 1)
    languages = Counter(document.lang or "?" for document in trial.documents)
    return {
        "documents": len(trial.documents),
        "queries": len(trial.queries),
        "languages": dict(languages),
        "hit@1": round(places[1] / asked, 3),
        "hit@10": round(sum(many for place, many in places.items() if place) / asked, 3),
        "mrr": round(sum(many / place for place, many in places.items() if place) / asked, 3),
        "ms_a_query": round(1000 * seconds / asked, 1),
    }
