"""What a persona has read, follows and keeps; and the lists made of it.

A topic is unread when it has a post beyond the last number the persona read. One that was never
opened counts for thirty days after its last post: what is older and was never opened waits for
nobody. Muted topics, and topics of muted spaces, are never unread and stand in no list but their own
space's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from community.accounts.viewer import Viewer
from community.core.access import one_or_404
from community.core.db import db
from community.core.errors import NotFound
from community.core.i18n import LANGUAGES
from community.core.paging import Order, Page, page_by_key
from community.core.regions import region, within
from community.forum.models import Bookmark, Follow, Post, Space, Topic
from community.forum.models.topics import ASKING, TOPIC_KINDS
from community.forum.permissions import KEPT_WHOLE, access_of, posts_seen_by, spaces_seen_by, topics_seen_by
from community.forum.queries.last_writer import for_lines
from community.forum.themes import THEMES

NEWEST_FIRST: list[Order] = [(Topic.last_post_at, "desc"), (Topic.id, "desc")]
LAST_ASKED_FIRST: list[Order] = [(Topic.created_at, "desc"), (Topic.id, "desc")]
LONGEST_WAIT_FIRST: list[Order] = [(Topic.created_at, "asc"), (Topic.id, "asc")]


def of_topic(topic: Topic) -> str:
    """A topic as something to follow."""
    return f"topic:{topic.id}"


def of_merged(key: str) -> str:
    """A topic whose messages are in another one: nothing to follow, until it is there again."""
    return f"merged:{key}"


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


def waiting(kinds: Collection[str] = ASKING) -> ColumnElement[bool]:
    """An open question or case in which nobody but the asker wrote anything that is still shown."""
    # One kind is said as one: by an index of kinds PostgreSQL then finds in order.
    asks = Topic.kind.in_(kinds) if len(kinds) > 1 else Topic.kind == next(iter(kinds))
    return and_(asks, Topic.answered_at.is_(None), Topic.state == "open")


def needs_answer(kinds: Collection[str] = ASKING) -> ColumnElement[bool]:
    """A waiting question that was asked here: whoever asked an imported one is not here to be answered."""
    return and_(waiting(kinds), Topic.imported_from.is_(None))


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
    return topics_seen_by(viewer).where(*conditions).options(*for_lines())


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
    return list(db.session.scalars(_spaces_in_order(access_of(viewer))))


@lru_cache(KEPT_WHOLE)
def _spaces_in_order(viewer: Viewer) -> Select[Space]:
    """Put together once a kind of access."""
    return spaces_seen_by(viewer, "later").order_by(Space.position, Space.id)


def count(rows: Select[Topic]) -> int:
    """How many topics a query gives."""
    ids = rows.with_only_columns(Topic.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
