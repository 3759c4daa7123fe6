"""The list of a space that many members are shown alike: which lines are unread is put in for each of them.

Whoever has a topic there that waits for a moderator is shown a page of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields

from flask import g

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.changes import stamps
from community.core.pages import shared as shared_pages
from community.core.pages.keeping import Kept, pages
from community.core.pages.shared import Reader
from community.core.pages.stand_ins import asks_nothing_of_its_own, frame_of, made_for, stand_in, told_apart
from community.forum.queries.kept_lists import Head, has_waiting, head_of
from community.forum.queries.lists import TopicRow, lines_hold_until
from community.forum.queries.spaces import Narrowing
from community.forum.queries.unread import unread_in_space

Make = Callable[[Viewer], tuple[str, Sequence[TopicRow]]]

_READER = stamps.Reader()
_ASKED = frozenset({field.name for field in fields(Narrowing)} - {"lang"} | {"written"})


def shared(slug: str, chosen: Narrowing, make: Make) -> str | None:
    """The page as this reader is shown it; None where it has to be made for them alone.

    :param make: the page for a viewer, and the lines of its list.
    :raises NotFound: the viewer sees no such space.
    """
    head = _of_many(slug)
    if head is None:
        return None
    shown_to = stand_in(g.viewer, head.audiences, slug)
    name = ("space", slug, chosen, shown_to, told_apart())
    found = pages().found_or_made(name, head.numbers, lambda: _made(shown_to, head, make))
    return shared_pages.read_out(found.sheet, _reader(g.viewer, head, found.about))


def _made(shown_to: Viewer, head: Head, make: Make) -> Kept:
    rows: list[TopicRow] = []

    def html() -> str:
        page, lines = make(shown_to)
        rows.extend(lines)
        return page

    now = clock.now()
    sheet = shared_pages.cut(made_for(shown_to, html), plain=True)
    return Kept(head.numbers, lines_hold_until(rows, now), sheet, tuple(rows))


def _reader(viewer: Viewer, head: Head, rows: Sequence[TopicRow]) -> Reader:
    """What goes into the places: each thing asked for this reader, at this moment."""
    unread, level = unread_in_space(viewer, head.space_id, rows)
    lines = {f"row{place}": "yes" if row.id in unread else "no" for place, row in enumerate(rows)}
    return Reader(frame_of(viewer), {"level": level, **lines})


def _of_many(slug: str) -> Head | None:
    """What is known of the space, if this request asks for nothing of its own."""
    if not asks_nothing_of_its_own(_ASKED):
        return None
    head = head_of(_READER, slug)
    seen = head and (g.viewer.audiences & head.audiences or slug in g.viewer.moderates)
    return head if head and seen and not has_waiting(g.viewer, head.space_id) else None
