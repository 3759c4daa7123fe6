"""What the people of the demonstration were told of late, and what they want by mail.

Their questions were asked and answered by the loader, which announces nothing; the notices are those
that the replies of the last weeks would have made, at the moments of these replies.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select, update

from community.accounts import services as accounts
from community.accounts.viewer import viewer_of
from community.core import clock
from community.core.db import db, transaction
from community.demo.loader import store
from community.demo.loader.people import cast, names
from community.forum.models import Post, Topic
from community.forum.services import reading
from community.notifications.models import Letter, Notice
from community.notifications.services import choosing, telling

REPLIES = 60
NEW_FOR = timedelta(days=12)
# What somebody of the cast gathers: the questions that wait and what they watch, once a day or a week.
GATHERED = {"unanswered": "weekly", "topic": "weekly", "reply": "daily"}


def notices() -> int:
    """Tell them, once. Returns how many notices were written."""
    with transaction():
        loaded = store.Loaded()
        if loaded.has("notices", "all"):
            return 0
        _choose()
        _tell()
        loaded.add("notices", ["all"])
        return len(db.session.scalars(select(Notice.id)).all())


def _choose() -> None:
    """Everybody agreed to mail; those with a public name gather what is not said to them."""
    kinds = {key: one.kind for key, one in names().items()}
    for key, persona_id in store.persona_ids().items():
        accounts.agree_to_mail(persona_id)
        for kind, level in GATHERED.items() if kinds[key] == "public" else ():
            choosing.put_choice(persona_id, kind, level)


def _tell() -> None:
    """The last replies where somebody of the cast wrote, as if each had been told at its moment."""
    cast_ids = {
        persona_id for key, persona_id in store.persona_ids().items() if key in {p.id for p in cast()}
    }
    theirs = _topics_of(cast_ids)
    replies = (
        select(Post.id, Post.created_at)
        .where(Post.topic_id.in_(theirs), Post.number > 1, Post.state == "shown")
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(REPLIES)
    )
    for post_id, at in db.session.execute(replies).all():
        telling.tell_of_post(post_id)
        told = update(Notice).where(Notice.post_id == post_id)
        db.session.execute(told.values(at=at, read=at < clock.now() - NEW_FOR))
    db.session.execute(delete(Letter))  # what was said weeks ago is not mailed today


def _topics_of(persona_ids: Collection[str]) -> set[int]:
    """The topics in which they wrote, which they watch from now on."""
    wrote = select(Post.author_id, Post.topic_id).where(Post.author_id.in_(persona_ids)).distinct()
    found = set()
    for persona_id, topic_id in db.session.execute(wrote).all():
        viewer, topic = viewer_of(persona_id), db.session.get(Topic, topic_id)
        if viewer is not None and topic is not None:
            reading.follow_topic(viewer, topic, "watch")
            found.add(topic_id)
    return found
