"""Testimonies as they are read."""

from __future__ import annotations

from flask import g, render_template, request

from community.core.text import extract
from community.testimonies import queries
from community.testimonies.permissions import may_review
from community.testimonies.views import bp


@bp.get("")
def list_all() -> str:
    """Those that the viewer may read, the last month first."""
    page = queries.testimonies(g.viewer, request.args.get("after"))
    return render_template("testimonies/list.html", page=page, extract=extract)


@bp.get("/<key>")
def show(key: str) -> str:
    """One of them."""
    found = queries.testimony_seen(g.viewer, key)
    return render_template("testimonies/show.html", testimony=found, may_review=may_review(g.viewer))
