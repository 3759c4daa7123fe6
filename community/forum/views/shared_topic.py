"""The page of a topic that many members are shown alike, made once for all of them.

Who wrote in it, keeps something of it or folds somebody's messages is shown a page of their own, which is
kept for them alone. Who began it, was invited into it or began a reply gets one that is made each time.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, g

from community.accounts.viewer import Viewer
from community.core.changes import stamps
from community.core.pages import shared as shared_pages
from community.core.pages.keeping import Kept, pages
from community.core.pages.shared import Reader, words
from community.core.pages.stand_ins import asks_nothing_of_its_own, frame_of, made_for, stand_in, told_apart
from community.forum.queries.marks import OwnMarks, marks_on
from community.forum.queries.page_version import Head, head_of, holds_until
from community.forum.queries.posts import PER_PAGE

Make = Callable[[Viewer, OwnMarks], str]

_READER = stamps.Reader()


def shared(key: str, page: int, make: Make) -> Response | None:
    """The page as this reader is shown it; None where it has to be made for them alone.

    :param make: the page for a viewer with these marks.
    :raises NotFound: the viewer sees no such topic or page.
    """
    head = _of_many(key)
    own = marks_on(g.viewer, head.topic_id, key, head.numbers) if head else None
    if head is None or own is None or own.draft or own.began:
        return None
    marks = own.on_its_posts
    shown_to = g.viewer if marks != OwnMarks() else stand_in(g.viewer, head.audiences, head.slug)
    name = ("topic", key, page, shown_to, marks, told_apart())
    found = pages().found_or_made(name, head.numbers, lambda: _made(shown_to, marks, head, page, make))
    return shared_pages.given(found.sheet, _reader(g.viewer, own, head, page))


def _made(shown_to: Viewer, marks: OwnMarks, head: Head, page: int, make: Make) -> Kept:
    until = holds_until(head.topic_id, page)
    made = shared_pages.cut(made_for(shown_to, lambda: make(shown_to, marks)), packed=True)
    return Kept(head.numbers, until, made)


def _reader(viewer: Viewer, own: OwnMarks, head: Head, page: int) -> Reader:
    """What goes into the places: each thing asked for this reader, at this moment."""
    read, shown = min(own.last_read, head.last_number), min(page * PER_PAGE, head.last_number)
    return Reader(
        places={**frame_of(viewer), "read": words(str(read))},
        choices={"level": own.level or "normal", "news": "yes" if shown > read else "no"},
    )


def _of_many(key: str) -> Head | None:
    """What is known of the topic, if this request asks for nothing of its own."""
    if not asks_nothing_of_its_own(("page",)):
        return None
    head = head_of(_READER, key)
    # Whoever sees nothing of it is answered as if it were not there, by the same steps.
    seen = head and (g.viewer.audiences & head.audiences or head.slug in g.viewer.moderates)
    return head if seen else None
