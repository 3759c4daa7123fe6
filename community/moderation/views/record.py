"""What everybody may read of moderation: how it works, in figures, and line by line without names."""

from __future__ import annotations

from flask import render_template

from community.core.store import settings
from community.moderation.queries import record as queries
from community.moderation.views import bp


@bp.get("/moderation/transparency")
def transparency() -> str:
    """A year of moderation in figures."""
    return render_template(
        "moderation/transparency.html",
        figures=queries.figures(),
        days=queries.DAYS,
        holds_first=settings().first_posts == "held",
    )


@bp.get("/moderation/log")
def log() -> str:
    """What was decided in spaces that everyone reads, by day."""
    return render_template("moderation/log.html", lines=queries.log())
