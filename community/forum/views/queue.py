"""The questions that need an answer."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, render_template, request

from community.forum.queries import queue as queries
from community.forum.queries.lists import TopicRow, rows_of
from community.forum.queries.reading import longest_waiting
from community.forum.views import bp, shared_queue
from community.forum.views.reading import asked_filters, filter_choices


@bp.get("/needs-an-answer")
def queue() -> str:
    """The questions that wait, the longest wait first; by theme, by region, or all."""
    made = shared_queue.shared(_page)
    return _page()[0] if made is None else made


def _page() -> tuple[str, Sequence[TopicRow]]:
    """The page for who asks, and the lines of its list."""
    narrowed = asked_filters()
    page = longest_waiting(g.viewer, narrowed, request.args.get("after"))
    rows = rows_of(g.viewer, page.items)
    html = render_template(
        "forum/queue.html",
        page=page,
        rows=rows,
        overview=queries.overview(g.viewer),
        first_answer=queries.first_answer(g.viewer, narrowed) if narrowed.any else None,
        fewest=queries.FEWEST,
        days=queries.DAYS,
        **filter_choices(narrowed),
    )
    return html, rows
