"""Who was invited where, and whom one may invite by name.

An invitation names a persona by the name that is shown. The answer must not tell whether a protected
name exists: only names that the one who invites already sees are found, which are public names and
the authors of posts that they may read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.forum.models import Post, Space, SpaceMember, Topic, TopicGuest
from community.forum.permissions import posts_seen_by
from community.forum.queries.members import Member


@dataclass(frozen=True)
class Guest:
    """What the label beside an invited name says: until when, or that it is over."""

    until: datetime | None
    in_topic: bool = False  # invited into this topic alone

    @property
    def past(self) -> bool:
        """Whether the invitation is over."""
        return self.until is not None and self.until <= clock.now()


def persona_named(viewer: Viewer, name: str) -> Persona | None:
    """The one active persona with exactly this shown name, among those the viewer already sees.

    None for every other name, whether or not somebody bears it where the viewer cannot look.
    """
    wrote = posts_seen_by(viewer).with_only_columns(Post.id).where(Post.author_id == Persona.id)
    found = db.session.scalars(
        select(Persona)
        .where(
            Persona.name == name,
            Persona.state == "active",
            Persona.kind.in_(("public", "protected")),
            or_(Persona.kind == "public", wrote.correlate(Persona).exists()),
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def guest_of_topic(topic: Topic) -> Persona | None:
    """The one persona invited into this topic. For those who see the topic."""
    return db.session.scalar(
        select(Persona)
        .join(TopicGuest, TopicGuest.persona_id == Persona.id)
        .where(TopicGuest.topic_id == topic.id)
        .limit(1)
    )


def space_guests(space: Space) -> Sequence[Member]:
    """Everybody who was invited into the space, the last to leave first."""
    rows = db.session.execute(
        select(Persona, SpaceMember.standing, SpaceMember.until)
        .join(SpaceMember, SpaceMember.persona_id == Persona.id)
        .where(SpaceMember.space_id == space.id, SpaceMember.standing == "guest")
        .order_by(SpaceMember.until.desc(), Persona.name)
    )
    return [Member(persona, standing, until) for persona, standing, until in rows]
