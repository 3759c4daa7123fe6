"""What a persona keeps of its own reading: how far it read, what it follows, what it keeps.

Nobody else ever sees these rows, and none of them carries a time. Asking twice is harmless.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid
from community.core.upsert import insert_into
from community.forum.models import Bookmark, Draft, Follow, OpenNote, Post, Reading, Space, Topic
from community.forum.models.reading import FOLLOW_LEVELS
from community.forum.permissions import may_see_space
from community.forum.queries.reading import of_merged, of_space, of_topic


def read_up_to(viewer: Viewer, topic: Topic, number: int) -> None:
    """Move the viewer's mark in a topic they see to this post; it never moves back.

    A number beyond the last post means the last one: a made-up mark would hide what is to come.
    """
    require(viewer.signed_in)
    reached = max(0, min(number, topic.last_number))
    row = insert_into(Reading).values(persona_id=viewer.persona_id, topic_id=topic.id, last_number=reached)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["persona_id", "topic_id"],
            set_={"last_number": row.excluded.last_number},
            where=Reading.last_number < row.excluded.last_number,
        )
    )


def follow_topic(viewer: Viewer, topic: Topic, level: str) -> None:
    """Watch a topic the viewer sees, mute it, or neither. :raises Invalid: no such level."""
    require(viewer.signed_in)
    _follow(viewer, of_topic(topic), level)


def follow_merged(topic: Topic, into: Topic) -> None:
    """Whoever watches a topic that goes watches the one its messages go to, unless they chose for that one
    themselves. What they had chosen waits under its key: its number may be given to another topic."""
    target = of_topic(topic)
    known = select(Follow.persona_id).where(Follow.target == of_topic(into))
    watching = select(Follow.persona_id).where(
        Follow.target == target, Follow.level == "watch", Follow.persona_id.not_in(known)
    )
    followers = db.session.scalars(watching).all()
    db.session.add_all(Follow(persona_id=one, target=of_topic(into), level="watch") for one in followers)
    db.session.execute(update(Follow).where(Follow.target == target).values(target=of_merged(topic.key)))


def follow_again(topic: Topic) -> None:
    """A topic that was merged is there again: what its followers had chosen holds again."""
    waiting = Follow.target == of_merged(topic.key)
    db.session.execute(update(Follow).where(waiting).values(target=of_topic(topic)))


def forget_merged(keys: Iterable[str]) -> None:
    """Topics that are merged for good: what their followers had chosen goes."""
    targets = [of_merged(key) for key in keys]
    if targets:
        db.session.execute(delete(Follow).where(Follow.target.in_(targets)))


def follow_space(viewer: Viewer, space: Space, level: str) -> None:
    """Watch a space, mute it, or neither. :raises Invalid: no such level."""
    require(viewer.signed_in and may_see_space(viewer, space))
    _follow(viewer, of_space(space), level)


def _follow(viewer: Viewer, target: str, level: str) -> None:
    if level not in FOLLOW_LEVELS:
        raise Invalid("level", _l("Choose one of: watch, normal, mute."))
    if level == "normal":  # no row says the same, and leaves nothing behind
        mine = (Follow.persona_id == viewer.persona_id, Follow.target == target)
        db.session.execute(delete(Follow).where(*mine))
        return
    row = insert_into(Follow).values(persona_id=viewer.persona_id, target=target, level=level)
    db.session.execute(
        row.on_conflict_do_update(index_elements=["persona_id", "target"], set_={"level": level})
    )


def bookmark(viewer: Viewer, post: Post) -> None:
    """Keep a post the viewer reads, to find it again."""
    require(viewer.signed_in)
    row = insert_into(Bookmark).values(persona_id=viewer.persona_id, post_id=post.id)
    db.session.execute(row.on_conflict_do_nothing())


def drop_bookmark(viewer: Viewer, post: Post) -> None:
    """No longer keep a post."""
    require(viewer.signed_in)
    mine = (Bookmark.persona_id == viewer.persona_id, Bookmark.post_id == post.id)
    db.session.execute(delete(Bookmark).where(*mine))


def forget(persona_id: str) -> None:
    """Drop all that a name kept for itself, once it was left behind: marks, choices, drafts."""
    for table in (Reading, Follow, Bookmark, Draft, OpenNote):
        db.session.execute(delete(table).where(table.persona_id == persona_id))
