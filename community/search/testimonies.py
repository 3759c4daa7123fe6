"""Testimonies as they are found: by their words, by those whom their writers chose as readers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, select

from community.accounts.viewer import Viewer
from community.core.db import db
from community.core.text import plain
from community.forum.models import Space
from community.search.extracts import Piece, extract
from community.search.index import Document
from community.search.shelves import TESTIMONIES
from community.search.sources import Heard, read_anew
from community.testimonies.models import Testimony
from community.testimonies.permissions import open_to, testimonies_seen_by

KIND = "testimony"
CHANGING = ("search.receivers.index_changed_testimony", "search.receivers.let_go_of_a_testimony")


@dataclass(frozen=True)
class FoundTestimony:
    """One testimony; folded under its content notes, nothing of it is shown."""

    key: str
    lang: str
    month: str
    audience: str
    notes: tuple[str, ...]
    extract: tuple[Piece, ...]
    kind: str = KIND


class Testimonies:
    """They stand on the shelf of those who may read them."""

    kind = KIND
    announced = CHANGING

    def documents(self, keys: Collection[str]) -> Iterator[Document]:
        """Those that are shown. What waits, is hidden or was taken back is found by nobody."""
        read_anew()
        rows = _shown().where(Testimony.key.in_(keys)).execution_options(populate_existing=True)
        for testimony in db.session.scalars(rows):
            yield _document(testimony)

    def keys(self, after: str, most: int) -> list[str]:
        """The keys of those that are shown, in the order of their keys, which says nothing."""
        rows = _shown().with_only_columns(Testimony.key).where(Testimony.key > after)
        return list(db.session.scalars(rows.order_by(Testimony.key).limit(most)))

    def existing(self, keys: Collection[str]) -> frozenset[str]:
        """Those that are still shown."""
        return frozenset(db.session.scalars(_shown().with_only_columns(Testimony.key))) & frozenset(keys)

    def places(self, viewer: Viewer, spaces: Collection[Space]) -> frozenset[int]:
        """The shelves of the circles that the viewer belongs to."""
        return frozenset(TESTIMONIES[audience] for audience in open_to(viewer, spaces))

    def groups(self, viewer: Viewer) -> frozenset[str]:
        """None: nobody is invited to one testimony."""
        return frozenset()

    def changing(self, heard: Collection[Heard]) -> frozenset[str]:
        """Those that were shown, hidden, shortened or taken back a moment ago."""
        return frozenset(f"{KIND}:{one.arguments['key']}" for one in heard if one.name in CHANGING)

    def shown(
        self, viewer: Viewer, keys: Collection[str], terms: frozenset[str]
    ) -> Mapping[str, FoundTestimony]:
        """As the rule of testimonies lets them through."""
        if not keys:
            return {}
        rows = db.session.scalars(testimonies_seen_by(viewer).where(Testimony.key.in_(keys)))
        return {row.key: _found(row, terms) for row in rows}


def _shown() -> Select[Testimony]:
    return select(Testimony).where(Testimony.state == "shown")


def _document(testimony: Testimony) -> Document:
    return Document(
        kind=KIND,
        key=testimony.key,
        title="",
        body=plain(testimony.html),
        lang=testimony.lang,
        space_id=TESTIMONIES[testimony.audience],
        created_at=datetime.fromisoformat(f"{testimony.month}-01").replace(
            tzinfo=UTC
        ),  # nothing finer is kept
    )


def _found(testimony: Testimony, terms: frozenset[str]) -> FoundTestimony:
    return FoundTestimony(
        key=testimony.key,
        lang=testimony.lang,
        month=testimony.month,
        audience=testimony.audience,
        notes=tuple(testimony.notes),
        extract=() if testimony.note else extract(plain(testimony.html), terms, testimony.lang),
    )
