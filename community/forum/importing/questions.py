"""A file of questions with their answers, one pair a line, in the form of MedQuAD.

``question`` and ``answer`` are needed; ``id``, ``source``, ``url``, ``focus``, ``synonyms``, ``lang``
and ``created_at`` are used when they are there. The collection asks, its source answers, and the
answer is kept, with the page it comes from as its source.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from community.core import clock
from community.core.i18n import LANGUAGES
from community.forum.citations import Citation, NotASource, cite
from community.forum.importing.plan import Author, Entry, Thread, key
from community.forum.importing.report import Report
from community.forum.importing.rows import BadRow, Row, read_rows
from community.forum.models.posts import VALID_MONTHS
from community.forum.services.answers import months_later


@dataclass(frozen=True)
class Collection:
    """Where the pairs come from."""

    name: str
    address: str = ""
    licence: str = ""
    # The date of rows that carry none; None: of unknown age, due for review the day they arrive.
    dated: date | None = None


# Abacha and Demner-Fushman, "A question-entailment approach to question answering", January 2019.
MEDQUAD = Collection("MedQuAD", "https://github.com/abachaa/MedQuAD", "CC BY 4.0", date(2019, 1, 1))


def collection_of(file: Path, address: str = "", licence: str = "", dated: date | None = None) -> Collection:
    """The collection, from the file's name; what the operator says wins."""
    known = MEDQUAD if file.name.lower().startswith("medquad") else Collection(file.stem[:60])
    return Collection(known.name, address or known.address, licence or known.licence, dated or known.dated)


def read(file: Path, collection: Collection, report: Report) -> Iterator[Thread]:
    """One thread a pair, in the order of the file."""
    lines: dict[str, int] = {}
    for row in read_rows(file, report):
        try:
            thread = _thread(row, collection)
            if thread.key in lines:
                raise BadRow(f"the same question stands in line {lines[thread.key]} already")
            lines[thread.key] = row.line
            yield thread
        except BadRow as bad:
            report.refuse(row.file, row.line, str(bad))


def _thread(row: Row, collection: Collection) -> Thread:
    words = " ".join(row.text("question").split())
    answer = row.text("answer")
    # Ids of MedQuAD are unique neither in the whole nor in one source; with the question they are.
    named = "|".join((row.key("source", needed=False), row.key("id", needed=False), words))
    stem = key("qa", collection.name, hashlib.sha256(named.encode()).hexdigest()[:32])
    at = row.moment("created_at") if row.has("created_at") else _moment(collection)
    lang = row.text("lang", needed=False)[:2].lower()
    question = _entry(row, stem, "question", _asker(collection), _asked(row, words), at, lang)
    kept = _entry(row, f"{stem}:answer", "answer", _answerer(row, collection), answer, at, lang)
    aged = row.has("created_at") or collection.dated
    return Thread(
        key=stem,
        title=_title(words),
        entries=(
            replace(question, sources=_attribution(collection)),
            replace(
                kept,
                accepted=True,
                valid_until=months_later(at.date(), VALID_MONTHS) if aged else at.date(),
                sources=_page(row),
            ),
        ),
    )


def _entry(row: Row, stem: str, kind: str, author: Author, words: str, at: datetime, lang: str) -> Entry:
    return Entry(
        key=stem,
        kind=kind,
        author=author,
        words=words,
        form="plain",
        at=at,
        file=row.file,
        line=row.line,
        lang=lang if lang in LANGUAGES else "",
    )


def _moment(collection: Collection) -> datetime:
    return datetime.combine(collection.dated, time(12), UTC) if collection.dated else clock.now()


def _title(words: str) -> str:
    return re.sub(r" \?$", "?", words)


def _asked(row: Row, words: str) -> str:
    """The question, and under it the other names of what it is about, which readers search by."""
    names = row.values.get("synonyms")
    listed = (
        [str(name) for name in names if isinstance(name, str) and name] if isinstance(names, list) else []
    )
    return "\n\n".join([_title(words), *([f"({'; '.join(listed[:30])})"] if listed else [])])


def _asker(collection: Collection) -> Author:
    return Author(key("qa", collection.name), collection.name)


def _answerer(row: Row, collection: Collection) -> Author:
    source = " ".join(row.key("source", needed=False).split())
    name = f"{collection.name}: {source.replace('_', ' ')}" if source else f"{collection.name}: answers"
    return Author(key("qa", collection.name, "source", source), name)


def _attribution(collection: Collection) -> tuple[Citation, ...]:
    label = ", ".join(part for part in (collection.name, collection.licence) if part)
    return (Citation("url" if collection.address else "guideline", collection.address, label),)


def _page(row: Row) -> tuple[Citation, ...]:
    focus = " ".join(row.text("focus", needed=False).split())
    source = row.key("source", needed=False)
    label = ", ".join(part for part in (source.replace("_", " "), focus) if part)[:300]
    try:
        return (cite("url", row.text("url", needed=False), label),)
    except NotASource:
        return (Citation("guideline", "", label),) if label else ()
