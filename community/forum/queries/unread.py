"""What is unread: of the lines of a list, in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import Integer, String, bindparam, cast, literal, select, union_all

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.changes import numbers
from community.core.changes.kept_answers import kept
from community.core.prepared import Prepared
from community.forum.models import Follow, Reading

NEW_FOR_DAYS = 30


class Readable(Protocol):
    """What has to be known of a topic to say whether it is unread: a row of topics, or a line of a list."""

    @property
    def id(self) -> int: ...

    @property
    def space_id(self) -> int: ...

    @property
    def author_id(self) -> str: ...

    @property
    def last_number(self) -> int: ...

    @property
    def last_post_at(self) -> datetime: ...


def unread_of(viewer: Viewer, topics: Collection[Readable]) -> dict[int, int]:
    """Of these topics, those with something new: id -> the number of the last post read.

    0 is a topic never opened. ``topic.last_number`` less the value is how much is new.
    """
    return _unread(viewer, topics, _marks_on(viewer, topics)) if viewer.signed_in and topics else {}


def unread_in_space(viewer: Viewer, space_id: int, topics: Collection[Readable]) -> tuple[set[int], str]:
    """The unread ones of these topics of a space, and how closely the viewer follows it; in one statement."""
    found = _marks_on(viewer, topics, f"space:{space_id}")
    return set(_unread(viewer, topics, found)), found.get(f"space:{space_id}", "normal")


def _unread(viewer: Viewer, topics: Collection[Readable], found: dict[str, str]) -> dict[int, int]:
    oldest = clock.ago(days=NEW_FOR_DAYS)
    unread = {}
    for topic in topics:
        opened = found.get(f"read:{topic.id}", "1" if topic.author_id == viewer.persona_id else "0")
        level = found.get(f"topic:{topic.id}") or found.get(f"space:{topic.space_id}")
        fresh = opened != "0" or topic.last_post_at > oldest
        if topic.last_number > int(opened) and fresh and level != "mute":
            unread[topic.id] = int(opened)
    return unread


def _marks_on(viewer: Viewer, topics: Collection[Readable], *more: str) -> dict[str, str]:
    """In one statement: "read:<id>" -> last number, "topic:<id>" and "space:<id>" -> level."""
    ids = sorted({topic.id for topic in topics})
    spaces = {f"space:{topic.space_id}" for topic in topics}.union(more)
    targets = [*(f"topic:{one}" for one in ids), *spaces]
    known = numbers.of(viewer.persona_id)
    name = ("marks of a list", viewer.persona_id, tuple(ids), frozenset(spaces))
    return kept(name, known and (known.own,), lambda: _asked(viewer, ids, targets), timeless=True)


def _asked(viewer: Viewer, ids: Sequence[int], targets: Sequence[str]) -> dict[str, str]:
    room = -(-len(ids) // _ROOM) * _ROOM
    asked: dict[str, Any] = {"me": viewer.persona_id}
    asked |= {f"id{place}": ids[place] if place < len(ids) else 0 for place in range(room)}
    asked |= {f"on{place}": targets[place] if place < len(targets) else "" for place in range(2 * room + 1)}
    return {what: str(said) for what, said in _marks(room).rows_apart(**asked)}


_ROOM = 8  # so that lists of about one length ask the same statement


@lru_cache(16)
def _marks(room: int) -> Prepared:
    me = bindparam("me", type_=String())
    ids = [bindparam(f"id{place}", type_=Integer()) for place in range(room)]
    targets = [bindparam(f"on{place}", type_=String()) for place in range(2 * room + 1)]
    read = select(
        literal("read:").concat(cast(Reading.topic_id, String)), cast(Reading.last_number, String)
    ).where(Reading.persona_id == me, Reading.topic_id.in_(ids))
    levels = select(Follow.target, Follow.level).where(Follow.persona_id == me, Follow.target.in_(targets))
    return Prepared(lambda: union_all(read, levels))
