"""What open pages of the forum are told: that a topic or a list changed, never what it says."""

from __future__ import annotations

from community.core.pings import ping
from community.forum.models import Topic


def topic_grew(topic: Topic, number: int) -> None:
    """A post was added to a topic: its readers may ask for it, and its space's list has changed."""
    space = topic.space
    ping(f"topic:{topic.key}", "changed", space=space.slug, coarse=space.protected, number=number)
    list_changed(topic)


def list_changed(topic: Topic) -> None:
    """The list in which a topic stands has changed, or how many questions wait in it."""
    ping(f"space:{topic.space.slug}", "changed", space=topic.space.slug, coarse=topic.space.protected)
