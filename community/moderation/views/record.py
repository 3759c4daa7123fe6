"""What everybody may read of moderation: how it works, in figures, and line by line without names."""

from __future__ import annotations

from flask import render_template

from community.accounts.words import capital
from community.core.quarters import Quarter, quarter_name
from community.core.store import settings
from community.moderation.figures import count_of, names_of
from community.moderation.queries import record as queries
from community.moderation.views import bp


@bp.get("/moderation/transparency")
def transparency() -> str:
    """The last quarters of moderation in figures."""
    return render_template(
        "moderation/transparency.html",
        quarters=queries.quarters(),
        quarter_name=_name,
        names_of=names_of,
        count_of=count_of,
        holds_first=settings().first_posts == "held",
    )


def _name(quarter: Quarter) -> str:
    return capital(quarter_name(quarter.year, quarter.number))


@bp.get("/moderation/log")
def log() -> str:
    """What was decided in spaces that everyone reads, by day."""
    return render_template("moderation/log.html", lines=queries.log())
