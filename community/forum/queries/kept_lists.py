"""What lists are made of: the numbers of their topics, and what is each reader's own there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, bindparam, exists, literal, or_, select

from community.accounts.audiences import SUSPENDED
from community.accounts.viewer import Viewer
from community.core.changes import numbers, stamps
from community.core.changes.kept_answers import kept
from community.core.pages.shared import NOBODY
from community.core.prepared import Prepared
from community.forum.models import SpaceAudience, Topic, TopicGuest
from community.forum.permissions import access_of, standing_audience


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
    known = numbers.of(viewer.persona_id)
    name = ("waiting", viewer.persona_id, space_id)
    return kept(
        name,
        known and (known.own,),
        lambda: bool(_WAITING.rows_apart(me=viewer.persona_id, space=space_id)),
        timeless=True,
    )


def _waiting() -> Select[Any]:
    me, space = bindparam("me", type_=String()), bindparam("space", type_=Integer())
    own = (Topic.author_id == me, Topic.space_id == space, Topic.state == "hidden")
    return select(literal(1)).where(*own).limit(1)


_WAITING = Prepared(_waiting)


# Questions, whatever their space


def numbers_of(viewer: Viewer) -> tuple[Any, ...] | None:
    """Of everything that questions, and what somebody sees and follows of them, are read from."""
    known = numbers.of(viewer.persona_id)
    return known and (known.asked, known.spaces, known.people, known.own)


@dataclass(frozen=True)
class Alike:
    """What decides which questions somebody sees, the same for all with the same rights; and the numbers of
    everything that is read for them."""

    viewer: Viewer
    numbers: tuple[Any, ...] | None


def alike(viewer: Viewer) -> Alike:
    """For whom lists and figures of questions are made when this viewer asks.

    Whoever was invited into a topic, or began one that waits for a moderator, sees what others do not.
    """
    known = numbers.of(viewer.persona_id)
    if known is None:
        return Alike(_asked_now(viewer), None)
    listed = kept(("audiences",), (known.spaces,), _listed, timeless=True)
    apart = kept(
        ("apart", viewer.persona_id),
        (known.own,),
        lambda: bool(_APART.rows_apart(me=viewer.persona_id)),
        timeless=True,
    )
    of_all = (known.asked, known.spaces, known.people)
    return Alike(_rights(viewer, listed, apart=apart), (*of_all, known.own) if apart else of_all)


def _asked_now(viewer: Viewer) -> Viewer:
    """The same where no numbers say that it still holds."""
    if not viewer.signed_in:
        return access_of(viewer)
    found = {audience for (audience,) in _LISTED_OR_APART.rows(me=viewer.persona_id)}
    return _rights(viewer, found, apart=_IS_APART in found)


def _rights(viewer: Viewer, listed: Collection[str], *, apart: bool) -> Viewer:
    """What rules of spaces and topics ask of the viewer, without what no space asks for."""
    admitted = viewer.audiences & {*listed, SUSPENDED}
    who = viewer.persona_id if apart else NOBODY
    return Viewer(who, audiences=admitted, moderates=viewer.moderates)


def _listed() -> frozenset[str]:
    """Every audience that a space lists for anything."""
    return frozenset(audience for (audience,) in _LISTED.rows_apart())


def _is_apart() -> ColumnElement[bool]:
    me = bindparam("me", type_=String())
    invited = exists().where(TopicGuest.persona_id == me)
    held = exists().where(Topic.author_id == me, Topic.state == "hidden")
    return or_(invited, held)


_APART = Prepared(lambda: select(literal(1)).where(_is_apart()))
_LISTED = Prepared(lambda: select(SpaceAudience.audience).distinct())
_IS_APART = ""  # among the audiences, of which none is called so
_LISTED_OR_APART = Prepared(
    lambda: select(SpaceAudience.audience).union(select(literal(_IS_APART)).where(_is_apart()))
)
