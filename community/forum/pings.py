"""What open pages of the forum are told: that a topic or a list changed, never what it says.

``quiet``: a protected name did it. As in a protected space, nobody learns the minute.
"""

from __future__ import annotations

from community.core.db import db
from community.core.pings import ping
from community.forum.models import Space, Topic


def topic_grew(topic: Topic, number: int, *, quiet: bool = False) -> None:
    """A post was added to a topic: its readers may ask for it, and its space's list has changed."""
    space = _space(topic)
    coarse = space.protected or quiet
    ping(f"topic:{topic.key}", "changed", space=space.slug, coarse=coarse, number=number)
    list_changed(topic, quiet=quiet)


def said_less(topic: Topic, *, quiet: bool = False) -> None:
    """A post was hidden or withdrawn: open pages ask which, and take its words away."""
    space = _space(topic)
    ping(f"topic:{topic.key}", "changed", space=space.slug, coarse=space.protected or quiet)


def list_changed(topic: Topic, *, quiet: bool = False) -> None:
    """The list in which a topic stands has changed, or how many questions wait in it."""
    space = _space(topic)
    ping(f"space:{space.slug}", "changed", space=space.slug, coarse=space.protected or quiet)


def _space(topic: Topic) -> Space:
    """The space of a topic, which whoever wrote has mostly read already; a recount has not."""
    return db.session.get_one(Space, topic.space_id)
