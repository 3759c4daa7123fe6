"""Topics as lines of a list: what each line says, asked once for the whole list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import joinedload

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.paging import Order, Page, page_by_key
from community.forum.models import Topic
from community.forum.models.topics import ASKING
from community.forum.permissions import topics_seen_by
from community.forum.queries import reading

VIEWS = ("all", "unanswered", "kept")
LATEST_FIRST: list[Order] = [(Topic.last_post_at, "desc"), (Topic.id, "desc")]
NEWEST_FIRST: list[Order] = [(Topic.created_at, "desc"), (Topic.id, "desc")]
OLDEST_FIRST: list[Order] = [(Topic.created_at, "asc"), (Topic.id, "asc")]
ORDERS = {"latest": LATEST_FIRST, "newest": NEWEST_FIRST, "oldest": OLDEST_FIRST}
PAGE = 25


@dataclass(frozen=True)
class TopicRow:
    """One topic as ``templates/forum/_topic_row.html`` shows it; free of further questions."""

    key: str
    title: str
    lang: str
    kind: str
    state: str
    author: str
    space_name_en: str
    space_name_fr: str
    region: str | None
    theme: str | None
    notes: tuple[str, ...]
    protected: bool  # days instead of hours
    asked_at: datetime
    last_at: datetime
    replies: int
    answered: bool  # somebody other than the asker wrote
    kept: bool
    past_review: bool
    unread: bool
    imported: bool  # asked elsewhere: nobody waits here
    # Whether it is unread is asked by these.
    id: int
    space_id: int
    author_id: str
    last_number: int

    @property
    def last_post_at(self) -> datetime:
        """When something was last written in it."""
        return self.last_at

    @property
    def waits(self) -> bool:
        """An open question or case in which only the asker wrote."""
        return self.kind in ASKING and self.state == "open" and not self.answered and not self.imported

    @property
    def drawing(self) -> str:
        """The state that the mark before the title shows (macros/lists.html)."""
        if self.state != "open":
            return "closed"
        if self.waits:
            return "waiting" if (clock.now() - self.asked_at).days else "open"
        if self.past_review:
            return "review"
        if self.kept:
            return "kept"
        if self.kind in ASKING:
            return "replied" if self.answered else "open"
        return "announced" if self.kind == "announcement" else "talk"


def rows_of(viewer: Viewer, topics: Sequence[Topic]) -> list[TopicRow]:
    """The lines of a list; the topics come with their space and author loaded."""
    unread = reading.unread_of(viewer, topics)
    return [_row(topic, unread=topic.id in unread) for topic in topics]


def _row(topic: Topic, *, unread: bool) -> TopicRow:
    space = topic.space
    return TopicRow(
        key=topic.key,
        title=topic.title,
        lang=topic.lang,
        kind=topic.kind,
        state=topic.state,
        author=topic.author.name if topic.author.state == "active" else "",
        space_name_en=space.name_en,
        space_name_fr=space.name_fr,
        region=topic.region if topic.region != space.region else None,
        theme=topic.theme if topic.theme != space.theme else None,
        notes=tuple(code for code in topic.note.split(",") if code),
        protected=space.protected,
        asked_at=topic.created_at,
        last_at=topic.last_post_at,
        replies=max(topic.post_count - 1, 0),
        answered=topic.answered_at is not None,
        kept=topic.accepted_count > 0,
        past_review=topic.review_by is not None and topic.review_by <= clock.now(),
        unread=unread,
        imported=topic.imported_from is not None,
        id=topic.id,
        space_id=topic.space_id,
        author_id=topic.author_id,
        last_number=topic.last_number,
    )


def list_of(viewer: Viewer, *conditions: ColumnElement[bool]) -> Select[Topic]:
    """The topics the viewer sees that meet these conditions, ready for :func:`rows_of`."""
    return (
        topics_seen_by(viewer, "later").where(*conditions).options(joinedload(Topic.author, innerjoin=True))
    )


def page_of(
    viewer: Viewer, rows: Select[Topic], order: Sequence[Order], cursor: str | None
) -> Page[TopicRow]:
    """One page of lines. :raises BadRequest: the cursor was made up."""
    page = page_by_key(rows, order, cursor, PAGE)
    return Page(rows_of(viewer, page.items), page.next_cursor, page.first)


def in_view(view: str) -> list[ColumnElement[bool]]:
    """What narrows a list to one of its tabs."""
    if view == "unanswered":
        return [reading.needs_answer()]
    return [Topic.accepted_count > 0] if view == "kept" else []
