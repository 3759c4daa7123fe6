"""What notifications put into the archive of a name. They are dropped when it is heard that it was left."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from community.core import archives
from community.core.archives import Row, Rows
from community.core.db import db
from community.forum.models import Post, Space, Topic
from community.notifications.models import Letter, MailChoice, MailSetting, Notice


def register() -> None:
    """Name the part."""
    archives.part("notifications", of_persona)


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
