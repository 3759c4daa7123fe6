"""The words decisions are told in, and the hours in which moderators look."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from community.accounts.guards import freshly_opened
from community.core.access import one_or_404
from community.core.db import db, transaction
from community.core.errors import Invalid, NotFound
from community.core.forms import blame
from community.core.idempotency import once
from community.moderation.forms import TextForm, WatchForm
from community.moderation.models import ReasonText
from community.moderation.permissions import may_edit_reasons, may_watch
from community.moderation.queries import watches
from community.moderation.services import keeping
from community.moderation.views import bp

Page = str | tuple[str, int] | Response
Parameters = ParamSpec("Parameters")


def _who_edits(page: Callable[Parameters, Any]) -> Callable[Parameters, Any]:
    """The words that everybody is told decisions in: changed by whoever typed their password lately."""
    fresh = freshly_opened(page)

    @wraps(page)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Any:
        if not may_edit_reasons(g.viewer):
            raise NotFound
        return fresh(*args, **kwargs)

    return guarded


@bp.get("/moderation/texts")
def texts() -> str:
    """Every text, by reason."""
    if not may_edit_reasons(g.viewer):
        raise NotFound
    rows = db.session.scalars(select(ReasonText).order_by(ReasonText.position, ReasonText.code)).all()
    return render_template("moderation/texts.html", texts=rows)


@bp.route("/moderation/texts/<code>", methods=["GET", "POST"])
@_who_edits
def text(code: str) -> Page:
    """Change one in both languages."""
    found = one_or_404(select(ReasonText), ReasonText.code == code)
    form = TextForm(obj=found)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                keeping.edit_reason(
                    g.viewer,
                    one_or_404(select(ReasonText), ReasonText.code == code),
                    form.words_en.data or "",
                    form.words_fr.data or "",
                    retired=bool(form.retired.data),
                )
            flash(_("Saved. What was told before stays as it was told."), "ok")
            return redirect(url_for(".texts"), 303)
        except Invalid as problem:
            blame(form, problem)
    page = render_template("moderation/text.html", text=found, form=form)
    return (page, 422) if request.method == "POST" else page


@bp.route("/moderation/hours", methods=["GET", "POST"])
def hours() -> Page:
    """Who looks at the queue when; sent, one looks oneself."""
    if not may_watch(g.viewer):
        raise NotFound
    form = WatchForm()
    if request.method == "POST" and form.validate():
        try:
            address = once(form.idem.data or "", g.viewer.persona_id or "", lambda: _watch(form))
            flash(_("Your hours are kept. Others who moderate see them."), "ok")
            return redirect(address, 303)
        except Invalid as problem:
            blame(form, problem)
    days = watches.week(g.viewer)
    page = render_template("moderation/hours.html", days=days, form=form, uncovered=watches.uncovered(days))
    return (page, 422) if request.method == "POST" else page


def _watch(form: WatchForm) -> str:
    keeping.watch(g.viewer, int(form.weekday.data), int(form.from_hour.data), int(form.until_hour.data))
    return url_for(".hours")


@bp.post("/moderation/hours/<int:weekday>/<int:first>/end")
def end_hours(weekday: int, first: int) -> Response:
    """Take one's own hours off."""
    if not may_watch(g.viewer):
        raise NotFound
    with transaction():
        keeping.watch_no_more(g.viewer, weekday, first)
    flash(_("Taken off."), "ok")
    return redirect(url_for(".hours"), 303)
