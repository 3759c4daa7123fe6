"""The queue of questions that many members are shown alike: which lines are unread is put in for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import g, request

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.pages import shared as shared_pages
from community.core.pages.keeping import Kept, pages
from community.core.pages.shared import Reader
from community.core.pages.stand_ins import (
    asks_nothing_of_its_own,
    frame_of,
    made_for,
    stand_in_everywhere,
    told_apart,
)
from community.forum.queries.kept_lists import Alike, alike
from community.forum.queries.lists import TopicRow, lines_hold_until
from community.forum.queries.unread import unread_of

Make = Callable[[], tuple[str, Sequence[TopicRow]]]

_ASKED = ("space", "region", "theme", "written", "kind")


def shared(make: Make) -> str | None:
    """The page as this reader is shown it; None where it has to be made for them alone.

    :param make: the page for ``g.viewer``, and the lines of its list.
    :raises NotFound: the address names what the viewer does not see.
    """
    same = alike(g.viewer) if asks_nothing_of_its_own(_ASKED) else None
    if same is None or same.numbers is None:
        return None
    shown_to = _shown_to(same)
    name = ("queue", tuple(sorted(request.args.items(multi=True))), shown_to, told_apart())
    found = pages().found_or_made(name, same.numbers, lambda: _made(shown_to, same, make))
    return shared_pages.read_out(found.sheet, _reader(g.viewer, found.about))


def _shown_to(same: Alike) -> Viewer:
    """Whoever sees something that others with these rights do not is shown a page of their own."""
    if same.viewer.persona_id == g.viewer.persona_id:
        viewer: Viewer = g.viewer
        return viewer
    stranger: Viewer = stand_in_everywhere(g.viewer, same.viewer.audiences)
    return stranger


def _made(shown_to: Viewer, same: Alike, make: Make) -> Kept:
    rows: list[TopicRow] = []

    def html() -> str:
        page, lines = make()
        rows.extend(lines)
        return page

    now = clock.now()
    sheet = shared_pages.cut(made_for(shown_to, html), plain=True)
    return Kept(same.numbers or (), lines_hold_until(rows, now), sheet, tuple(rows))


def _reader(viewer: Viewer, rows: Sequence[TopicRow]) -> Reader:
    """What goes into the places: each thing asked for this reader, at this moment."""
    unread = unread_of(viewer, rows)
    lines = {f"row{place}": "yes" if row.id in unread else "no" for place, row in enumerate(rows)}
    return Reader(frame_of(viewer), lines)
