"""What a persona has begun to write and not sent: opened with the key outside the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from community.accounts.viewer import Viewer
from community.core.changes import numbers
from community.core.changes.kept_answers import kept as kept_answer
from community.core.db import db
from community.core.sealing import CannotUnseal, unseal
from community.forum.models import Draft, Post, Space, Topic
from community.forum.permissions import posts_seen_by, spaces_seen_by, topics_seen_by
from community.forum.queries.attachments import KeptFile, files_waiting

PURPOSE = "draft"


@dataclass(frozen=True)
class Kept:
    """One draft: where it was being written, what it says, the day it was last kept.

    ``topic``, ``post`` or ``space`` is what it belongs to, when the viewer (still) sees that.
    """

    place: str
    fields: dict[str, Any]
    saved_on: date
    space: Space | None = None
    topic: Topic | None = None
    post: Post | None = None
    files: tuple[KeptFile, ...] = ()

    @property
    def kind(self) -> str:
        """ "topic" for a reply, "space" for a new topic, "edit" for a changed post."""
        return self.place.partition(":")[0]

    @property
    def words(self) -> str:
        """The first words, to recognize it by."""
        said = str(self.fields.get("title") or self.fields.get("body") or "")
        line = " ".join(said.split())
        return line if len(line) <= 160 else line[:160].rsplit(" ", 1)[0] + "…"


def bound_to(persona_id: str, place: str) -> bytes:
    """What a sealed draft is tied to: moved to another persona or place, it does not open."""
    return f"{persona_id}\n{place}".encode()


def kept(viewer: Viewer, place: str) -> dict[str, Any] | None:
    """The fields of the viewer's draft at this place; None when there is none."""
    if not viewer.signed_in:
        return None
    mine = (Draft.persona_id == viewer.persona_id, Draft.place == place)
    row = db.session.execute(select(Draft.sealed).where(*mine)).first()
    return _opened(viewer, place, row.sealed) if row else None


def _opened(viewer: Viewer, place: str, sealed: bytes) -> dict[str, Any] | None:
    try:
        fields = json.loads(unseal(PURPOSE, sealed, bound_to(viewer.persona_id or "", place)))
    except CannotUnseal:  # its key is gone for good: the draft is too
        return None
    return fields if isinstance(fields, dict) else None


def drafts_of(viewer: Viewer, most: int = 50) -> list[Kept]:
    """The viewer's drafts, the last kept first, each with what it belongs to."""
    if not count(viewer):
        return []
    rows = db.session.execute(
        select(Draft.place, Draft.sealed, Draft.saved_on)
        .where(Draft.persona_id == viewer.persona_id)
        .order_by(Draft.saved_on.desc(), Draft.place)
        .limit(most)
    ).all()
    opened = [(row.place, _opened(viewer, row.place, row.sealed), row.saved_on) for row in rows]
    places = _places(viewer, [place for place, fields, _ in opened if fields is not None])
    files = files_waiting(viewer)
    return [
        Kept(place, fields, saved_on, **places.get(place, {}), files=files.get(place, ()))
        for place, fields, saved_on in opened
        if fields is not None
    ]


def count(viewer: Viewer) -> int:
    """How many drafts the viewer has."""
    known = numbers.of(viewer.persona_id)
    asked = ("drafts", viewer.persona_id)
    return kept_answer(asked, known and (known.own,), lambda: _count(viewer)) if viewer.signed_in else 0


def _count(viewer: Viewer) -> int:
    mine = select(func.count()).select_from(Draft).where(Draft.persona_id == viewer.persona_id)
    return db.session.scalar(mine) or 0


def _places(viewer: Viewer, places: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What each place stands for, as far as the viewer sees it."""
    named: dict[str, list[str]] = {}
    for place in places:
        kind, _, name = place.partition(":")
        named.setdefault(kind, []).append(name)
    found: dict[str, dict[str, Any]] = {}
    if "topic" in named:
        for topic in db.session.scalars(topics_seen_by(viewer).where(Topic.key.in_(named["topic"]))):
            found[f"topic:{topic.key}"] = {"topic": topic, "space": topic.space}
    if "space" in named:
        for space in db.session.scalars(spaces_seen_by(viewer).where(Space.slug.in_(named["space"]))):
            found[f"space:{space.slug}"] = {"space": space}
    if "edit" in named:
        for post in db.session.scalars(posts_seen_by(viewer).where(Post.key.in_(named["edit"]))):
            found[f"edit:{post.key}"] = {"post": post, "topic": post.topic, "space": post.topic.space}
    return found
