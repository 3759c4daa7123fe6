"""Topics whose messages were once together: a message and what quotes it may stand in two of them since.

Kept apart from topics, which every page reads: few are ever split.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from community.core.db import db
from community.core.ids import new_key
from community.forum.models import Topic, TopicKin


def join(source_id: int, target_id: int) -> None:
    """Messages go from one topic to another: all that either was one with are of one kin."""
    both = (source_id, target_id)
    rows = select(TopicKin).where(TopicKin.topic_id.in_(both))
    known = {row.topic_id: row.kin for row in db.session.scalars(rows)}
    kin = min(known.values(), default=None) or new_key()
    db.session.execute(update(TopicKin).where(TopicKin.kin.in_(known.values())).values(kin=kin))
    db.session.add_all(TopicKin(topic_id=one, kin=kin) for one in both if one not in known)
    db.session.flush()


def kin_of(topic: Topic) -> Sequence[Topic]:
    """The topic and all that it was once one with, oldest first."""
    kin = select(TopicKin.kin).where(TopicKin.topic_id == topic.id)
    same = select(TopicKin.topic_id).where(TopicKin.kin.in_(kin))
    others = db.session.scalars(select(Topic).where(Topic.id.in_(same), Topic.id != topic.id))
    return sorted([topic, *others], key=lambda one: one.id)
