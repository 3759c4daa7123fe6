"""Hidden topics that were closed before, or by a decision since: shown again, they are closed as they were.

Kept apart from topics, which every page reads: few are ever hidden.
"""

from __future__ import annotations

from community.core.db import db
from community.forum.models import ClosedTopic, Topic


def is_closed(topic: Topic) -> bool:
    """Whether a hidden topic takes no replies once it is shown."""
    return db.session.get(ClosedTopic, topic.id) is not None


def remember(topic: Topic) -> None:
    """A topic that is hidden now, or is about to be, stays closed. Twice is harmless."""
    if not is_closed(topic):
        db.session.add(ClosedTopic(topic_id=topic.id))
        db.session.flush()


def forget(topic: Topic) -> bool:
    """It is shown now, or closed no longer. Returns whether it was remembered."""
    row = db.session.get(ClosedTopic, topic.id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
    return row is not None
