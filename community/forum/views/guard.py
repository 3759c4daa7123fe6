"""The patient guard: what it notices while one writes, and the page that says what it catches."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from flask import Response, g, render_template, request

from community.core import panels
from community.core.access import require
from community.core.identifiers import advice
from community.core.identifiers.finding import KINDS
from community.core.limits import limiter
from community.core.text import MAX_BODY
from community.forum import guard
from community.forum.attachments.intake import MOST
from community.forum.views import bp


@bp.post("/identifiers")
@limiter.limit("60/minute")
def look() -> Response:
    """What the guard notices in a title and a text as they stand in the form, and what else is said of them
    while one writes: for the script."""
    require(g.viewer.signed_in)
    written = [request.form.get(name, "")[: 2 * MAX_BODY] for name in ("title", "body", *_shown())]
    beside = panels.entries("while_writing", g.viewer, written)
    html = "".join([*map(str, beside), str(guard.panel(guard.look(written), asked=False))])
    return Response(html, mimetype="text/html")


def _shown() -> list[str]:
    """The fields that say what pictures show."""
    return [name for name in request.form if name.startswith("file_alt_")][: 2 * MOST]


@cache
def _figures() -> dict[str, Any]:
    kept = resources.files("community.core").joinpath("data/identifiers_measured.json")
    figures: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return figures


@bp.get("/what-this-guard-catches")
def catches() -> str:
    """What the guard catches, how much of it, how often wrongly, and what it cannot."""
    figures = _figures()
    return render_template(
        "forum/catches.html",
        figures=figures,
        measured=date.fromisoformat(figures["measured"]),
        kinds=[(kind, KINDS[kind], advice.NAMES[kind]) for kind in KINDS],
    )
