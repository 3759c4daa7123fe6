"""Which rows of the forum move the numbers (``core.numbers``) that pages of members are kept under."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Table

from community.accounts.distances import Distance
from community.core.changes import numbers, stamps
from community.forum.models import (
    Bookmark,
    Draft,
    Follow,
    OpenNote,
    Post,
    Reaction,
    Reading,
    Topic,
    TopicGuest,
)

_OF_ONE = (Reading, Follow, Bookmark, Draft, OpenNote, Reaction, TopicGuest, Distance)
_WHERE = {
    Topic: {"state", "held", "space_id", "title", "lang", "note"},
    Post: {"state", "held", "topic_id"},
}


def watch() -> None:
    """Have the database say when one of them changes."""
    numbers.watch_own(*map(_table, _OF_ONE))
    # A reply changes its topic: whoever asked is told so by their own number.
    numbers.watch_own(_table(Topic), column="author_id")
    numbers.watch_own(
        _table(Post), column="author_id", unless=_all_but(_table(Post), {"author_id", *_WHERE[Post]})
    )
    stamps.watch(_table(Topic), "'topics'")
    for model, columns in _WHERE.items():
        # What is new hides nothing, and what is told of it is a row of whoever is told.
        gone = ("UPDATE", "DELETE")
        stamps.watch(_table(model), "'shown'", unless=_all_but(_table(model), columns), acts=gone)


def _all_but(table: Table, columns: Collection[str]) -> set[str]:
    return {column.name for column in table.columns} - set(columns)


def _table(model: Any) -> Table:
    found: Table = model.__table__
    return found
