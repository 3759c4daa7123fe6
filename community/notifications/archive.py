"""What notifications put into the archive of a name, and load from one.

They are dropped when it is heard that it was left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from community.core import archives
from community.core.archive_rows import BadRow, columns, each, text
from community.core.archives import Row, Rows
from community.core.db import db
from community.forum.models import Post, Space, Topic
from community.notifications.models import KINDS, Letter, MailChoice, MailSetting, Notice

LOADED = ("choices", "hours")
LAST_HOUR = 23


def register() -> None:
    """Name the part."""
    archives.part("notifications", of_persona, load)


def load(persona_id: str, rows: Rows) -> int:
    """Load how a name wants to be told; what it was told only makes sense where it was.

    :raises BadRow: a row is not one of an archive.
    """
    spaces = {row.slug: row.id for row in db.session.scalars(select(Space))}
    for row in each(rows, "choices"):
        slug, choice = text(row, "space"), columns(MailChoice, row, "kind", "level")
        if choice["kind"] not in (*KINDS, "*"):
            raise BadRow("“choices” holds a kind of news that there is not.")
        if not slug or slug in spaces:
            db.session.add(MailChoice(persona_id=persona_id, space_id=spaces.get(slug, 0), **choice))
    for row in each(rows, "hours"):
        db.session.add(MailSetting(persona_id=persona_id, **_hours(row)))
    db.session.flush()
    return sum(len(rows.get(name, [])) for name in LOADED)


def _hours(row: Mapping[str, Any]) -> dict[str, Any]:
    hours = columns(MailSetting, row, "zone", "quiet_from", "quiet_until", "stopped")
    if any((hours.get(name) or 0) > LAST_HOUR for name in ("quiet_from", "quiet_until")):
        raise BadRow("“hours” holds an hour that no day has.")
    return hours


def _columns(row: Any, *names: str) -> Row:
    return {name: getattr(row, name) for name in names}


def of_persona(persona_id: str) -> Rows:
    """What a name was told, what went out by mail, and what it chose."""
    told = (
        select(Notice, Topic.key, Post.key)
        .outerjoin(Topic, Topic.id == Notice.topic_id)
        .outerjoin(Post, Post.id == Notice.post_id)
        .where(Notice.persona_id == persona_id)
        .order_by(Notice.at, Notice.id)
    )
    chosen = (
        select(MailChoice, Space.slug)
        .outerjoin(Space, Space.id == MailChoice.space_id)
        .where(MailChoice.persona_id == persona_id)
        .order_by(MailChoice.kind, Space.slug)
    )
    hours = db.session.scalars(select(MailSetting).where(MailSetting.persona_id == persona_id))
    sent = select(Letter).where(Letter.persona_id == persona_id).order_by(Letter.due_at, Letter.id)
    return {
        "notices": [
            {"topic": topic, "post": post, **_columns(row, "kind", "about", "at", "read")}
            for row, topic, post in db.session.execute(told)
        ],
        "choices": [
            {"space": slug or "", **_columns(row, "kind", "level")}
            for row, slug in db.session.execute(chosen)
        ],
        "hours": [_columns(row, "zone", "quiet_from", "quiet_until", "stopped") for row in hours],
        "letters": [_columns(row, "due_at", "state") for row in db.session.scalars(sent)],
    }
