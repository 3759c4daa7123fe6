"""How soon questions get a first answer."""

from __future__ import annotations

from community.routing.views import bp


@bp.get("/time-to-first-answer")
def first_answers() -> str:
    """The figures, by theme and month."""
    return ""
