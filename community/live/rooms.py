"""What a page may watch: a topic, a space, the questions that wait, a conversation. The rule is that of
the pages.

A room that may not be seen answers like one that does not exist, as it is never found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.conversations.models import Conversation
from community.conversations.permissions import active, conversations_seen_by
from community.conversations.pings import room_of
from community.core.db import db
from community.forum.models import Space, Topic
from community.forum.permissions import spaces_seen_by, topics_seen_by

QUEUE = "queue"
LONGEST = 100


@dataclass(frozen=True)
class Room:
    """A room somebody may be in, as the rule has just said.

    ``spaces`` are those whose news reach it, each with whether it is protected.
    """

    name: str
    spaces: Mapping[str, bool] = field(default_factory=dict)

    @property
    def protected(self) -> bool:
        """Whether the minute of anything in here must not be told."""
        return any(self.spaces.values())


def topic_room(key: str) -> str:
    """The room of a topic."""
    return f"topic:{key}"


def space_room(slug: str) -> str:
    """The room of a space's list."""
    return f"space:{slug}"


def rooms_seen(viewer: Viewer, names: Collection[str]) -> dict[str, Room]:
    """Those of these rooms that exist for this viewer, in a statement for each kind at most."""
    topics = {name.removeprefix("topic:") for name in names if name.startswith("topic:")}
    slugs = {name.removeprefix("space:") for name in names if name.startswith("space:")}
    talks = {name.removeprefix("conversation:") for name in names if name.startswith("conversation:")}
    found = {}
    if talks:
        found.update(_conversations(viewer, talks))
    if topics:
        found.update(_topics(viewer, topics))
    if slugs or QUEUE in names:
        spaces = _spaces(viewer)
        for slug in slugs & set(spaces):
            found[space_room(slug)] = Room(space_room(slug), {slug: spaces[slug]})
        if QUEUE in names:
            found[QUEUE] = Room(QUEUE, spaces)
    return found


def _topics(viewer: Viewer, keys: Collection[str]) -> dict[str, Room]:
    seen = topics_seen_by(viewer).where(Topic.key.in_(keys)).with_only_columns(Topic.id).options()
    rows = db.session.execute(
        select(Topic.key, Space.slug, Space.protected).join(Topic.space).where(Topic.id.in_(seen))
    )
    return {topic_room(key): Room(topic_room(key), {slug: protected}) for key, slug, protected in rows}


def _conversations(viewer: Viewer, keys: Collection[str]) -> dict[str, Room]:
    """Those the viewer is in: who left hears nothing more."""
    inside = conversations_seen_by(viewer).where(Conversation.key.in_(keys), active(Conversation.key, viewer))
    rows = db.session.scalars(inside.with_only_columns(Conversation.key))
    return {room_of(key): Room(room_of(key)) for key in rows}


def _spaces(viewer: Viewer) -> dict[str, bool]:
    rows = db.session.execute(spaces_seen_by(viewer).with_only_columns(Space.slug, Space.protected).options())
    return {row.slug: row.protected for row in rows}
