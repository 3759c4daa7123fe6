"""What the bell, the page of notices and the mails say: always from ``notices_seen_by``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from community.accounts.viewer import Viewer
from community.core.changes import numbers
from community.core.changes.kept_answers import kept
from community.core.db import db
from community.core.paging import Order, Page, page_by_key
from community.core.prepared import ME, Prepared
from community.forum.models import Post, Reading, Space, Topic
from community.forum.permissions import KEPT, access_of, spaces_seen_by
from community.forum.queries.reading import watched_spaces
from community.notifications.models import MailSetting, Notice
from community.notifications.permissions import notices_seen_by, unread
from community.notifications.rules import EVERY_KIND

NEWEST_FIRST: list[Order] = [(Notice.at, "desc"), (Notice.id, "desc")]
PAGE = 25
MOST_COUNTED = 100  # the bell says "99+"


@dataclass(frozen=True)
class NoticeView:
    """One notice as pages and mails say it; free of further questions."""

    key: str
    kind: str
    about: str
    at: datetime
    unread: bool
    who: str  # "" for a former member, or where nobody is named
    title: str
    title_lang: str
    topic_key: str
    post_key: str
    space_id: int
    space_name_en: str
    space_name_fr: str
    protected: bool  # its space is: nothing in mail
    coarse: bool  # days instead of hours: its space is protected, or whoever wrote under a protected name
    folded: bool  # its topic has a content note


def unread_count(viewer: Viewer) -> int:
    """How many notices wait, at most a hundred; in one statement."""
    if not viewer.signed_in:
        return 0
    rights = replace(access_of(viewer), persona_id=ME)

    def ask() -> int:
        return int(_counting_unread(rights).rows_apart(me=viewer.persona_id)[0][0])

    return kept(("bell", viewer.persona_id, rights), told_numbers(viewer), ask)


def told_numbers(viewer: Viewer) -> tuple[object, ...] | None:
    """Of everything that decides which notices there are for the viewer, and which wait."""
    known = numbers.of(viewer.persona_id)
    return known and (known.spaces, known.people, known.shown, known.own, known.told)


@lru_cache(KEPT)
def _counting_unread(viewer: Viewer) -> Prepared:
    """Put together once a kind of access: every page asks it."""
    return Prepared(lambda: _unread_counted(viewer))


def _unread_counted(viewer: Viewer) -> Select[int]:
    waiting = notices_seen_by(viewer).where(unread(viewer)).with_only_columns(Notice.id)
    return select(func.count()).select_from(waiting.limit(MOST_COUNTED).subquery())


def page_of(viewer: Viewer, cursor: str | None) -> Page[NoticeView]:
    """The viewer's notices, the newest first. :raises BadRequest: the cursor was made up."""
    page = page_by_key(notices_seen_by(viewer), NEWEST_FIRST, cursor, PAGE)
    return Page(views_of(viewer, page.items), page.next_cursor, page.first)


def newest(viewer: Viewer) -> Notice | None:
    """The last notice there is for the viewer."""
    rows = notices_seen_by(viewer).order_by(Notice.at.desc(), Notice.id.desc())
    return db.session.scalars(rows.limit(1)).first()


def gathered(viewer: Viewer, rhythm: str, since: datetime, most: int) -> list[NoticeView]:
    """What was told for this digest since then and was not read yet, the oldest first."""
    rows = notices_seen_by(viewer).where(unread(viewer), Notice.told == rhythm, Notice.at > since)
    found = db.session.scalars(rows.order_by(Notice.at.desc(), Notice.id.desc()).limit(most)).all()
    return views_of(viewer, found)[::-1]


def of_letter(viewer: Viewer, notice_id: str) -> NoticeView | None:
    """The notice of a letter, if it still exists for the viewer and waits to be read."""
    row = db.session.scalars(notices_seen_by(viewer).where(unread(viewer), Notice.id == notice_id)).first()
    return views_of(viewer, [row])[0] if row is not None else None


def views_of(viewer: Viewer, notices: Sequence[Notice]) -> list[NoticeView]:
    """What these notices say, in three statements whatever their number."""
    topics = _topics({row.topic_id for row in notices if row.topic_id})
    posts = _posts({row.post_id for row in notices if row.post_id})
    read = _read(viewer, topics)
    return [_view(row, topics.get(row.topic_id or 0), posts.get(row.post_id or 0), read) for row in notices]


def _topics(ids: Collection[int]) -> dict[int, Topic]:
    if not ids:
        return {}
    rows = select(Topic).where(Topic.id.in_(ids)).options(joinedload(Topic.space), joinedload(Topic.author))
    return {row.id: row for row in db.session.scalars(rows)}


def _posts(ids: Collection[int]) -> dict[int, Post]:
    if not ids:
        return {}
    rows = select(Post).where(Post.id.in_(ids)).options(joinedload(Post.author))
    return {row.id: row for row in db.session.scalars(rows)}


def _read(viewer: Viewer, topic_ids: Collection[int]) -> dict[int, int]:
    if not topic_ids:
        return {}
    rows = select(Reading.topic_id, Reading.last_number).where(
        Reading.persona_id == viewer.persona_id, Reading.topic_id.in_(list(topic_ids))
    )
    return {row.topic_id: row.last_number for row in db.session.execute(rows)}


# Those of which it is said who did it; a report names nobody.
_BY_SOMEBODY = ("mention", "answer", "reply", "topic")


def _view(row: Notice, topic: Topic | None, post: Post | None, read: dict[int, int]) -> NoticeView:
    author = post.author if post is not None and row.kind in _BY_SOMEBODY else None
    protected = topic.space.protected if topic else False
    in_topic = row.number > 0 and read.get(row.topic_id or 0, -1) >= row.number
    return NoticeView(
        key=row.id,
        kind=row.kind,
        about=row.about,
        at=row.at,
        unread=not row.read and not in_topic,
        who=author.name if author is not None and not author.former else "",
        title=topic.title if topic else "",
        title_lang=topic.lang if topic else "",
        topic_key=topic.key if topic else "",
        post_key=post.key if post else "",
        space_id=topic.space_id if topic else 0,
        space_name_en=topic.space.name_en if topic else "",
        space_name_fr=topic.space.name_fr if topic else "",
        protected=protected,
        coarse=protected or (author is not None and author.protected),
        folded=bool(topic.note) if topic else False,
    )


def setting_of(viewer: Viewer) -> MailSetting | None:
    """The hours of the viewer, and whether mail to it came back."""
    return db.session.get(MailSetting, viewer.persona_id)


def spaces_to_set(viewer: Viewer, choices: Collection[tuple[str, int]]) -> list[Space]:
    """The spaces the viewer watches or said something of, as far as they exist for it."""
    said = {space_id for kind, space_id in choices if kind == EVERY_KIND and space_id}
    found = {space.id: space for space in watched_spaces(viewer)}
    if said - set(found):
        more = spaces_seen_by(viewer).where(Space.id.in_(said))
        found |= {space.id: space for space in db.session.scalars(more)}
    return sorted(found.values(), key=lambda space: (space.position, space.id))
