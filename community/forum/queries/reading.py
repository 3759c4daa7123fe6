"""What a persona has read, follows and keeps; and the lists made of it.

A topic is unread when it has a post beyond the last number the persona read. One that was never
opened counts for thirty days after its last post: what is older and was never opened waits for
nobody. Muted topics, and topics of muted spaces, are never unread and stand in no list but their own
space's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404
from community.core.db import db
from community.core.errors import NotFound
from community.core.i18n import LANGUAGES
from community.core.paging import Order, Page, page_by_key
from community.core.prepared import Prepared
from community.core.regions import region, within
from community.forum.models import Bookmark, Follow, Post, Reading, Space, Topic
from community.forum.models.topics import ASKING, TOPIC_KINDS
from community.forum.permissions import posts_seen_by, spaces_seen_by, topics_seen_by
from community.forum.themes import THEMES

NEW_FOR_DAYS = 30
NEWEST_FIRST: list[Order] = [(Topic.last_post_at, "desc"), (Topic.id, "desc")]
LAST_ASKED_FIRST: list[Order] = [(Topic.created_at, "desc"), (Topic.id, "desc")]
LONGEST_WAIT_FIRST: list[Order] = [(Topic.created_at, "asc"), (Topic.id, "asc")]


# Marks


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
    room = -(-len(ids) // _ROOM) * _ROOM
    asked: dict[str, Any] = {"me": viewer.persona_id}
    asked |= {f"id{place}": ids[place] if place < len(ids) else 0 for place in range(room)}
    asked |= {f"on{place}": targets[place] if place < len(targets) else "" for place in range(2 * room + 1)}
    return {what: str(said) for what, said in _marks(room).rows(**asked)}


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


def of_topic(topic: Topic) -> str:
    """A topic as something to follow."""
    return f"topic:{topic.id}"


def of_space(space: Space) -> str:
    """A space as something to follow."""
    return f"space:{space.id}"


def levels_of(viewer: Viewer, targets: Collection[str]) -> dict[str, str]:
    """How closely the viewer follows each of these targets; one that is missing is "normal"."""
    if not viewer.signed_in or not targets:
        return {}
    rows = db.session.execute(
        select(Follow.target, Follow.level).where(
            Follow.persona_id == viewer.persona_id, Follow.target.in_(set(targets))
        )
    )
    return {row.target: row.level for row in rows}


# Conditions on topics


def _follows(
    viewer: Viewer, kind: str, column: InstrumentedAttribute[int], level: str
) -> ColumnElement[bool]:
    """The viewer follows this topic or space at this level."""
    if not viewer.signed_in:
        return false()
    return exists().where(
        Follow.persona_id == viewer.persona_id,
        Follow.target == literal(f"{kind}:").concat(cast(column, String)),
        Follow.level == level,
    )


def muted(viewer: Viewer) -> ColumnElement[bool]:
    """The viewer muted this topic, or its space and did not ask to watch the topic all the same."""
    return or_(
        _follows(viewer, "topic", Topic.id, "mute"),
        and_(
            _follows(viewer, "space", Topic.space_id, "mute"),
            ~_follows(viewer, "topic", Topic.id, "watch"),
        ),
    )


def watched(viewer: Viewer) -> ColumnElement[bool]:
    """The viewer watches this topic or its space."""
    return or_(
        _follows(viewer, "topic", Topic.id, "watch"), _follows(viewer, "space", Topic.space_id, "watch")
    )


def in_watched_space(viewer: Viewer) -> ColumnElement[bool]:
    """The viewer watches the space of this topic."""
    return _follows(viewer, "space", Topic.space_id, "watch")


def waiting() -> ColumnElement[bool]:
    """An open question or case in which nobody but the asker wrote anything that is still shown."""
    return and_(Topic.kind.in_(ASKING), Topic.answered_at.is_(None), Topic.state == "open")


def needs_answer() -> ColumnElement[bool]:
    """A waiting question that was asked here: whoever asked an imported one is not here to be answered."""
    return and_(waiting(), Topic.imported_from.is_(None))


# Filters


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty means all. Every value exists for the viewer."""

    space: Space | None = None
    region: str = ""
    theme: str = ""
    lang: str = ""
    kind: str = ""

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return bool(self.space or self.region or self.theme or self.lang or self.kind)

    def as_query(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        pairs = {
            "space": self.space.slug if self.space else "",
            "region": self.region,
            "theme": self.theme,
            "written": self.lang,
            "kind": self.kind,
        }
        return {name: value for name, value in pairs.items() if value}

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for a query of topics with their space."""
        found: list[ColumnElement[bool]] = []
        if self.space:
            found.append(Topic.space_id == self.space.id)
        if self.region:
            codes = within(self.region)
            found.append(or_(Topic.region.in_(codes), Space.region.in_(codes)))
        if self.theme:
            found.append(or_(Topic.theme == self.theme, Space.theme == self.theme))
        if self.lang:
            found.append(Topic.lang == self.lang)
        if self.kind:
            found.append(Topic.kind == self.kind)
        return found


def filters(
    viewer: Viewer, *, space: str = "", region_code: str = "", theme: str = "", lang: str = "", kind: str = ""
) -> Filters:
    """The filters of an address. :raises NotFound: a value that means nothing to this viewer."""
    if (
        (theme and theme not in THEMES)
        or (lang and lang not in LANGUAGES)
        or (kind and kind not in TOPIC_KINDS)
    ):
        raise NotFound
    if region_code:
        region(region_code)
    found = one_or_404(spaces_seen_by(viewer), Space.slug == space) if space else None
    return Filters(found, region_code, theme, lang, kind)


# Lists


def _topics(viewer: Viewer, *conditions: ColumnElement[bool]) -> Select[Topic]:
    return topics_seen_by(viewer).where(*conditions).options(joinedload(Topic.author))


def latest(viewer: Viewer, narrowed: Filters, cursor: str | None, size: int = 25) -> Page[Topic]:
    """The topics that were last written in, without what is muted."""
    rows = _topics(viewer, ~muted(viewer), *narrowed.conditions())
    return page_by_key(rows, NEWEST_FIRST, cursor, size)


def unanswered(viewer: Viewer, narrowed: Filters, cursor: str | None, size: int = 25) -> Page[Topic]:
    """The questions that wait for an answer, the last asked first, without what is muted."""
    rows = _topics(viewer, waiting(), ~muted(viewer), *narrowed.conditions())
    return page_by_key(rows, LAST_ASKED_FIRST, cursor, size)


def longest_waiting(viewer: Viewer, narrowed: Filters, cursor: str | None, size: int = 25) -> Page[Topic]:
    """The questions that need an answer, the longest wait first. Muting hides nothing here."""
    rows = _topics(viewer, needs_answer(), *narrowed.conditions())
    return page_by_key(rows, LONGEST_WAIT_FIRST, cursor, size)


def following(viewer: Viewer, narrowed: Filters, cursor: str | None, size: int = 25) -> Page[Topic]:
    """What the viewer watches, and what they asked or started, without what they muted."""
    followed = or_(watched(viewer), Topic.author_id == viewer.persona_id)
    rows = _topics(viewer, followed, ~muted(viewer), *narrowed.conditions())
    return page_by_key(rows, NEWEST_FIRST, cursor, size)


def my_questions(viewer: Viewer, cursor: str | None, size: int = 25) -> Page[Topic]:
    """The questions and cases of the persona that speaks, the last asked first."""
    rows = _topics(viewer, Topic.author_id == viewer.persona_id, Topic.kind.in_(ASKING))
    return page_by_key(rows, LAST_ASKED_FIRST, cursor, size)


def posts_of(viewer: Viewer, persona_id: str | None, cursor: str | None, size: int = 25) -> Page[Post]:
    """The posts of a persona that the viewer may read, the last first."""
    rows = posts_seen_by(viewer).where(Post.author_id == persona_id)
    return page_by_key(rows, [(Post.created_at, "desc"), (Post.id, "desc")], cursor, size)


def bookmarks(viewer: Viewer, cursor: str | None, size: int = 25) -> Page[Post]:
    """The posts the viewer keeps and may still read, with their authors."""
    rows = (
        posts_seen_by(viewer)
        .join(Bookmark, and_(Bookmark.post_id == Post.id, Bookmark.persona_id == viewer.persona_id))
        .options(joinedload(Post.author))
    )
    return page_by_key(rows, [(Post.created_at, "desc"), (Post.id, "desc")], cursor, size)


def watched_spaces(viewer: Viewer) -> list[Space]:
    """The spaces the viewer watches and still sees, in their order."""
    if not viewer.signed_in:
        return []
    rows = spaces_seen_by(viewer, "later").where(_follows(viewer, "space", Space.id, "watch"))
    return list(db.session.scalars(rows.order_by(Space.position, Space.id)))


def spaces_to_choose(viewer: Viewer) -> list[Space]:
    """The spaces a list can be narrowed to, in their order."""
    return list(db.session.scalars(spaces_seen_by(viewer).order_by(Space.position, Space.id)))


def count(rows: Select[Topic]) -> int:
    """How many topics a query gives."""
    ids = rows.with_only_columns(Topic.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
