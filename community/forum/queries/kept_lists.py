"""What lists are made of: the numbers of their topics, and what is each reader's own there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, literal, select

from community.accounts.viewer import Viewer
from community.core import stamps
from community.core.prepared import Prepared
from community.forum.models import Topic
from community.forum.permissions import standing_audience


@dataclass(frozen=True)
class Head:
    """Of a space, what tells which readers are shown the same list of its topics."""

    space_id: int
    audiences: frozenset[str]  # listed by it for whatever act, and those of who leads it
    numbers: tuple[Any, ...]  # of everything its list is made of


def head_of(reader: stamps.Reader, slug: str) -> Head | None:
    """What is known of a space before its rows are read; None: they have to be."""
    found = reader.row_seen(_HEAD, (slug,))
    if found is None:
        return None
    space_id, listed, *numbers = found
    leading = {standing_audience(space_id, standing) for standing in ("chair", "keeper")}
    return Head(space_id, frozenset(listed.split(",")) | leading, tuple(numbers))


_HEAD = """
SELECT space.id,
  (SELECT coalesce(group_concat(audience), '') FROM space_audience WHERE space_id = space.id),
  (SELECT number FROM stamp WHERE place = 'list:' || space.id),
  (SELECT number FROM stamp WHERE place = 'spaces'),
  (SELECT number FROM stamp WHERE place = 'people')
FROM space WHERE space.slug = ?
"""


def has_waiting(viewer: Viewer, space_id: int) -> bool:
    """Whether a topic of the viewer waits there for a moderator: nobody else is shown it."""
    return bool(_WAITING.rows(me=viewer.persona_id, space=space_id))


def _waiting() -> Select[Any]:
    me, space = bindparam("me", type_=String()), bindparam("space", type_=Integer())
    own = (Topic.author_id == me, Topic.space_id == space, Topic.state == "hidden")
    return select(literal(1)).where(*own).limit(1)


_WAITING = Prepared(_waiting)


# Questions, whatever their space

_READER = stamps.Reader()
_NUMBERS = """
SELECT (SELECT number FROM stamp WHERE place = 'asked'),
  (SELECT number FROM stamp WHERE place = 'spaces'),
  (SELECT number FROM stamp WHERE place = 'people'),
  (SELECT group_concat(target || ' ' || level) FROM follow WHERE persona_id = ?),
  (SELECT group_concat(topic_id) FROM topic_guest WHERE persona_id = ?)
"""


def numbers_of(viewer: Viewer) -> tuple[Any, ...] | None:
    """Of everything that questions, and what somebody sees and follows of them, are read from."""
    return _READER.row_seen(_NUMBERS, (viewer.persona_id, viewer.persona_id)) if viewer.signed_in else None
