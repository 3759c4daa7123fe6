"""What routing does when the forum or accounts say that something happened."""

from __future__ import annotations

from sqlalchemy import select

from community.accounts.signals import persona_left
from community.core.announce import receiver
from community.core.db import db, transaction
from community.forum.models import Post
from community.forum.signals import topic_begun
from community.routing.services import asking, preferences


@receiver(topic_begun)
def a_question_was_asked(post_id: int) -> None:
    """The first post of a question puts it on its way."""
    with transaction():
        first = db.session.execute(select(Post.topic_id, Post.number).where(Post.id == post_id)).first()
        if first is not None and first.number == 1:
            asking.begin(first.topic_id)


@receiver(persona_left)
def nobody_asks_who_left(persona_id: str) -> None:
    """What a name could answer, was asked and was on call for is gone with it."""
    with transaction():
        preferences.forget(persona_id)
