"""The questions that need an answer."""

from __future__ import annotations

from flask import g, render_template, request

from community.forum.queries import queue as queries
from community.forum.queries.lists import rows_of
from community.forum.queries.reading import longest_waiting
from community.forum.views import bp
from community.forum.views.reading import asked_filters, filter_choices


@bp.get("/needs-an-answer")
def queue() -> str:
    """The questions that wait, the longest wait first; by theme, by region, or all."""
    narrowed = asked_filters()
    page = longest_waiting(g.viewer, narrowed, request.args.get("after"))
    return render_template(
        "forum/queue.html",
        page=page,
        rows=rows_of(g.viewer, page.items),
        overview=queries.overview(g.viewer),
        first_answer=queries.first_answer(g.viewer, narrowed) if narrowed.any else None,
        fewest=queries.FEWEST,
        days=queries.DAYS,
        **filter_choices(narrowed),
    )
