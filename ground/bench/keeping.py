"""What each member of a grown community keeps: memberships, follows, what was read, bookmarks, notices."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, insert, select

from community.core import clock
from community.core.db import db, transaction
from community.forum.models import Bookmark, Follow, Post, Reading, Space, SpaceMember, Topic
from ground.bench.bulk import drawn_key, insert_all

KINDS = ("public", "clinical", "regional", "policy")
MEMBERSHIPS, FOLLOWS, NOTICES, READ, KEPT = 30, 200, 40, 100, 20


def what_they_keep(dice: random.Random, people: Sequence[str]) -> None:
    """Memberships, follows, what was read, bookmarks; nothing where there are follows already."""
    if db.session.scalar(select(func.count()).select_from(Follow)):
        return
    spaces = db.session.scalars(select(Space.id).where(Space.kind.in_(KINDS)).order_by(Space.id)).all()
    topics = db.session.execute(select(Topic.id, Topic.last_number)).all()
    posts = db.session.scalars(select(Post.id).limit(10_000)).all()
    with transaction():
        for one in people:
            joined = dice.sample(spaces, min(MEMBERSHIPS, len(spaces)))
            insert_all(
                SpaceMember,
                ({"persona_id": one, "space_id": space, "standing": "member"} for space in joined),
            )
            insert_all(Follow, _follows(dice, one, joined, [row.id for row in topics]))
            read = dice.sample(topics, min(READ, len(topics)))
            insert_all(
                Reading,
                (
                    {"persona_id": one, "topic_id": row.id, "last_number": dice.randint(1, row.last_number)}
                    for row in read
                ),
            )
            kept = dice.sample(posts, min(KEPT, len(posts)))
            insert_all(Bookmark, ({"persona_id": one, "post_id": post} for post in kept))


def _follows(
    dice: random.Random, one: str, joined: Sequence[int], topics: Sequence[int]
) -> Iterator[dict[str, str]]:
    """Some spaces, the rest topics; one in twenty muted."""
    targets = [f"space:{space}" for space in joined[:10]]
    targets += [f"topic:{topic}" for topic in dice.sample(topics, min(FOLLOWS - len(targets), len(topics)))]
    for place, target in enumerate(targets):
        yield {"persona_id": one, "target": target, "level": "mute" if place % 20 == 19 else "watch"}


def notices_of(dice: random.Random, people: Sequence[str]) -> bool:
    """Notices, where the program has them. Whether it does."""
    table = db.metadata.tables.get("notice")
    if table is None:
        return False
    if not db.session.scalar(select(func.count()).select_from(table)):
        posts = db.session.execute(select(Post.id, Post.topic_id, Post.number).limit(5_000)).all()
        told = [_notice(dice, one, post) for one in people for post in dice.sample(posts, NOTICES)]
        with transaction():
            db.session.execute(insert(table), told)
    return True


def _notice(dice: random.Random, persona_id: str, post: Any) -> dict[str, Any]:
    return {
        "id": drawn_key(dice),
        "persona_id": persona_id,
        "event": f"post:{post.id}",
        "kind": "reply",
        "topic_id": post.topic_id,
        "post_id": post.id,
        "number": post.number,
        "about": "",
        "at": clock.ago(days=dice.uniform(0, 30)),
        "read": dice.random() < 0.7,
        "told": "never",
    }
