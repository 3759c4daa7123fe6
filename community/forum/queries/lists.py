"""Topics as lines of a list: what each line says, asked once for the whole list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.i18n import day_ends
from community.core.paging import Order, Page, page_by_key
from community.core.prepared import moment
from community.forum.models import Space, Topic
from community.forum.models.topics import ASKING
from community.forum.permissions import topics_seen_by
from community.forum.queries import reading
from community.forum.queries.last_writer import LAST_KIND, for_lines
from community.forum.queries.unread import unread_of

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
    last_protected: bool  # the same for when something was last written
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

    @cached_property
    def as_unread(self) -> TopicRow:
        """The same line, marked as unread; lines that are kept are marked once."""
        return replace(self, unread=True)

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
    return as_read_by(viewer, lines_of(topics))


def lines_of(topics: Sequence[Topic]) -> list[TopicRow]:
    """The same for nobody: nothing in it is unread."""
    return [_row(topic) for topic in topics]


def as_read_by(viewer: Viewer, *lists: Sequence[TopicRow]) -> list[TopicRow]:
    """These lines with what the viewer has not read marked, in one statement; one list after the other."""
    rows = [row for lines in lists for row in lines]
    unread = unread_of(viewer, rows)
    return [row.as_unread if row.id in unread else row for row in rows]


# What a line says, by name: columns of a topic joined to its space and its author.
_COLUMNS: dict[str, InstrumentedAttribute[Any]] = {
    **{name: getattr(Topic, name) for name in ("key", "title", "lang", "kind", "state", "region", "theme")},
    **{name: getattr(Topic, name) for name in ("note", "created_at", "last_post_at", "answered_at")},
    **{name: getattr(Topic, name) for name in ("post_count", "accepted_count", "review_by", "imported_from")},
    **{name: getattr(Topic, name) for name in ("id", "space_id", "author_id", "last_number")},
    **{
        f"space_{name}": getattr(Space, name)
        for name in ("name_en", "name_fr", "region", "theme", "protected")
    },
    **{f"author_{name}": getattr(Persona, name) for name in ("name", "state", "kind")},
}
LINE = (*(column.label(name) for name, column in _COLUMNS.items()), LAST_KIND.label("last_kind"))


def line_of(row: Sequence[Any]) -> TopicRow:
    """A line from the columns ``LINE`` as the driver gives them; nothing is marked as unread."""
    said = dict(zip((*_COLUMNS, "last_kind"), row, strict=True))
    for name in ("created_at", "last_post_at", "review_by"):
        said[name] = said[name] and moment(said[name])
    return _line(said)


def _row(topic: Topic) -> TopicRow:
    places: dict[Any, Any] = {Topic: topic, Space: topic.space, Persona: topic.author}
    said = {name: getattr(places[column.class_], column.key) for name, column in _COLUMNS.items()}
    return _line({**said, "last_kind": topic.last_kind})


def _line(said: Mapping[str, Any]) -> TopicRow:
    protected = bool(said["space_protected"]) or said["author_kind"] == "protected"
    return TopicRow(
        key=said["key"],
        title=said["title"],
        lang=said["lang"],
        kind=said["kind"],
        state=said["state"],
        author=said["author_name"] if said["author_state"] == "active" else "",
        space_name_en=said["space_name_en"],
        space_name_fr=said["space_name_fr"],
        region=said["region"] if said["region"] != said["space_region"] else None,
        theme=said["theme"] if said["theme"] != said["space_theme"] else None,
        notes=tuple(code for code in said["note"].split(",") if code),
        protected=protected,
        last_protected=protected or said["last_kind"] in {None, "protected"},
        asked_at=said["created_at"],
        last_at=said["last_post_at"],
        replies=max(said["post_count"] - 1, 0),
        answered=said["answered_at"] is not None,
        kept=said["accepted_count"] > 0,
        past_review=said["review_by"] is not None and said["review_by"] <= clock.now(),
        unread=False,
        imported=said["imported_from"] is not None,
        id=said["id"],
        space_id=said["space_id"],
        author_id=said["author_id"],
        last_number=said["last_number"],
    )


# A line says how many hours a question waits; figures above it are of the last months.
_AN_HOUR, LINES_HOLD = timedelta(hours=1), timedelta(minutes=10)


def lines_hold_until(rows: Sequence[TopicRow], now: datetime) -> datetime:
    """When time alone may next change what lines say, but for how many minutes ago something was.

    :param now: before they were put into words.
    """
    ends = [now + _AN_HOUR - (now - row.asked_at) % _AN_HOUR for row in rows if row.waits]
    return min([day_ends(now), now + LINES_HOLD, *ends])


def list_of(viewer: Viewer, *conditions: ColumnElement[bool]) -> Select[Topic]:
    """The topics the viewer sees that meet these conditions, ready for :func:`rows_of`."""
    return topics_seen_by(viewer, "later").where(*conditions).options(*for_lines())


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
