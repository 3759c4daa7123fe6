"""What a reader gives: threads as they were found, their texts not yet touched. Pure.

The keys are what a second run recognizes: they name a row of a source (its site or file, the kind of
row, its id there) and never depend on the options of a run.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from community.forum.citations import Citation

LONGEST_KEY = 120


@dataclass(frozen=True)
class Author:
    """Who wrote something elsewhere. Without a name: somebody who is no longer there."""

    key: str
    name: str


@dataclass(frozen=True)
class Entry:
    """One text of a thread."""

    key: str
    kind: str  # question, answer, comment
    author: Author
    words: str
    form: str  # html, comment, plain
    at: datetime
    file: str
    line: int
    lang: str = ""
    edited_at: datetime | None = None
    answers: str = ""  # the key of the entry that a comment is about
    accepted: bool = False
    valid_until: date | None = None
    sources: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Thread:
    """A question with all that was said after it, the question first."""

    key: str
    title: str
    entries: tuple[Entry, ...]
    site: str = ""  # what relative links are read against
    closed: bool = False

    @property
    def question(self) -> Entry:
        """The first text."""
        return self.entries[0]


def key(*parts: str) -> str:
    """A key that fits its column whatever the ids of the source look like."""
    whole = ":".join(parts)
    if len(whole) <= LONGEST_KEY:
        return whole
    return f"{whole[:80]}:{hashlib.sha256(whole.encode()).hexdigest()[:32]}"


def in_order(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """By date; a comment never before what it is about, nothing before the question."""
    question, *rest = entries
    earliest = {question.key: question.at}
    for entry in sorted(rest, key=lambda entry: entry.kind == "comment"):
        earliest[entry.key] = max(entry.at, earliest.get(entry.answers, question.at), question.at)
    kinds = ("question", "answer", "comment")
    return (
        question,
        *sorted(rest, key=lambda entry: (earliest[entry.key], kinds.index(entry.kind), entry.line)),
    )


def sorted_out(thread: Thread) -> Thread:
    """The thread with its entries in the order in which they are shown."""
    return replace(thread, entries=in_order(thread.entries))
