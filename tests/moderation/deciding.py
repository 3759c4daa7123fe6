"""What tests of acts do again and again: find a message, report it, take an act back."""

from __future__ import annotations

from sqlalchemy import select

from community.core.db import db, transaction
from community.forum.models import Post
from community.moderation.queries import decisions
from community.moderation.services import acting
from tests.make import moderation as made


def at(topic, number):
    """The message of a topic with this number."""
    return db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == number)).one()


def matter_of(post):
    """What waits once the message was reported."""
    with transaction():
        return made.matter_of(post)


def undo(who, act):
    """Take an act back, as one who sees it."""
    with transaction():
        found = decisions.act_seen(who.viewer, act.key)
        acting.undo(who.viewer, found, decisions.matter_of(found))
