"""The numbers (``stamps``) that everything shown to one reader is kept under, in one statement a request.

Beside those that are the same for all, each reader has two of their own. One moves when a row of theirs
changes, whatever table it is in; the other when they are told of something, which a single reply does to half
of a space and which changes nothing but what is said of notices. Readers whose keys end alike share them, so
that they say of nobody how much they do, and stay of nobody who left.

They are read before anything else is, so that what is read afterwards is never older than they say.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from flask import g, request
from sqlalchemy import Table

from community.core.changes import stamps
from community.core.db import READ_BEFORE, in_transaction

_SHARED_BY = 2  # the last letters of a key, of which there are some 3,800


class Numbers(NamedTuple):
    """Each is None until something there changed for the first time."""

    people: int | None  # names, titles
    spaces: int | None  # spaces, whom they admit, who belongs to them
    asked: int | None  # questions that wait, and what figures of answers are made of
    topics: int | None  # any topic: its words, its state, when something was last written in it
    shown: int | None  # whether a topic or a message is shown, where, and how a topic is called
    own: int | None  # what belongs to this reader
    told: int | None  # what this reader was told of


_STATEMENT = f"SELECT {', '.join(['(SELECT number FROM stamp WHERE place = ?)'] * len(Numbers._fields))}"  # noqa: S608
_READER = stamps.Reader()
_OWN, _TOLD = "of", "told"


def _place(kind: str, column: str) -> str:
    """The place of whoever is named in this column, as an SQL expression for :func:`stamps.watch`."""
    return f"'{kind}:' || coalesce(substr({{row}}.{column}, -{_SHARED_BY}), '')"


def watch_own(*tables: Table, column: str = "persona_id", **narrowed: Collection[str]) -> None:
    """Let the number of a reader move when one of their rows in these tables changes.

    :param narrowed: as :func:`stamps.watch` takes them.
    """
    for table in tables:
        stamps.watch(table, _place(_OWN, column), **narrowed)  # type: ignore[arg-type]


def watch_told(table: Table, column: str = "persona_id") -> None:
    """The same for what readers are told of: rows on which nothing depends but what is said of them."""
    stamps.watch(table, _place(_TOLD, column))


def of(persona_id: str | None) -> Numbers | None:
    """The numbers of this reader at the beginning of this request; None where none can be relied on."""
    known: dict[str, Numbers | None] | None = g.get(READ_BEFORE)
    if known is not None and persona_id in known:
        return known[persona_id]
    if persona_id is None or in_transaction():  # what may yet be taken back is nothing to keep
        return None
    found = _asked(persona_id)
    # Whoever changes something is shown it: only pages that change nothing are of one moment throughout.
    if request and request.method == "GET":
        if known is None:
            known = {}
            setattr(g, READ_BEFORE, known)
        known[persona_id] = found
    return found


def _asked(persona_id: str) -> Numbers | None:
    mine = persona_id[-_SHARED_BY:]
    values: list[Any] = [*Numbers._fields[:-2], f"{_OWN}:{mine}", f"{_TOLD}:{mine}"]
    found = _READER.row_seen(_STATEMENT, values)
    return Numbers(*found) if found is not None else None
