"""For those who keep a space of lived experience: what waits, and what is decided about it."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from community.core.db import transaction
from community.core.errors import BadRequest, Invalid, NotFound
from community.core.forms import blame
from community.core.identifiers import advice
from community.core.text import extract
from community.testimonies import queries
from community.testimonies.forms import ReviewForm
from community.testimonies.models import Testimony
from community.testimonies.permissions import may_review
from community.testimonies.services import reviewing
from community.testimonies.views import bp

Page = str | tuple[str, int] | Response


@bp.get("/to-review")
def queue() -> str:
    """What waits, danger first, then the oldest day."""
    if not may_review(g.viewer):
        raise NotFound
    lines = queries.waiting(g.viewer)
    return render_template(
        "testimonies/queue.html", lines=lines, extract=extract, days=reviewing.WAITS_FOR.days
    )


@bp.route("/to-review/<key>", methods=["GET", "POST"])
def review(key: str) -> Page:
    """Accept it, refuse it, or take passages out of it."""
    found, form = queries.testimony_looked_after(g.viewer, key), ReviewForm()
    if request.method == "POST" and form.validate():
        try:
            return redirect(_act(key, form), 303)
        except Invalid as problem:
            blame(form, problem)
        found = queries.testimony_looked_after(g.viewer, key)
    page = render_template(
        "testimonies/review.html",
        testimony=found,
        form=form,
        findings=[(one, advice.NAMES[one.kind]) for one in reviewing.found_in(found)],
    )
    return (page, 422) if request.method == "POST" else page


def _act(key: str, form: ReviewForm) -> str:
    """Do what the button says, and give where to go on."""
    acts = {"accept": _accept, "refuse": _refuse, "take_out": _take_out}
    act = acts.get(request.form.get("act", ""))
    if act is None:
        raise BadRequest
    with transaction():
        return act(queries.testimony_looked_after(g.viewer, key), form)


def _accept(found: Testimony, form: ReviewForm) -> str:
    reviewing.accept(g.viewer, found)
    flash(_("Accepted. It is shown in one to three days; which day, chance decides."), "ok")
    return url_for(".queue")


def _refuse(found: Testimony, form: ReviewForm) -> str:
    reviewing.refuse(g.viewer, found, form.reason.data or "")
    flash(_("Refused. Its text is gone; only the reason is counted."), "ok")
    return url_for(".queue")


def _take_out(found: Testimony, form: ReviewForm) -> str:
    ticked = set(request.form.getlist("finding"))
    noticed = [one.words for one in reviewing.found_in(found) if one.token in ticked]
    places = reviewing.take_out(g.viewer, found, [*noticed, (form.passage.data or "").strip()])
    flash(ngettext("Taken out of %(num)s place.", "Taken out of %(num)s places.", places), "ok")
    return url_for(".review", key=found.key)
