"""Where a testimony is left, and where it is taken back: pages that do not know who asks.

They see no session, set no cookie and are the same for everybody; the limit keeps nothing that outlives the
process, and neither the log nor the counters say that a form came.
"""

from __future__ import annotations

from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import IntegrityError

from community.accounts import session
from community.accounts.viewer import VISITOR
from community.core import logs, panels
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.forms import blame
from community.core.i18n import current_language
from community.core.passing_limits import passing_limit
from community.forum import guard
from community.forum.composer import language_of
from community.testimonies.forms import LeaveForm, WithdrawForm
from community.testimonies.services import leaving
from community.testimonies.services.leaving import Left, Writing
from community.testimonies.views import bp

OFTEN = "10/hour"
TRIES = "20/hour"
ENDPOINTS = ("testimonies.write", "testimonies.withdraw")


def init_app(app: Flask) -> None:
    """Have these pages see nobody, and leave nothing behind."""
    session.nobody_at(*ENDPOINTS)
    logs.keep_quiet(*ENDPOINTS)
    for page in (write, withdraw):
        app.extensions["csrf"].exempt(page)  # what is sent uses nobody's rights; core.origin looks at it


@bp.route("/write", methods=["GET", "POST"])
@passing_limit(OFTEN)
def write() -> Response:
    """Leave a testimony; the code that takes it back is shown once."""
    form = LeaveForm()
    if request.method == "POST" and form.validate():
        try:
            left = _leave(form)
            return _unkept(
                render_template("testimonies/left.html", left=left, typed=form.body.data),
                409 if left.changed else 200,
            )
        except Invalid as problem:
            blame(form, problem)
    page = render_template(
        "testimonies/write.html",
        form=form,
        noticed=_noticed(form),
        helping=panels.entries("composer", VISITOR, form),
        guard_field=guard.FIELD,
    )
    return _unkept(page, 422 if request.method == "POST" else 200)


def _leave(form: LeaveForm) -> Left:
    body = form.body.data or ""
    lang = language_of(form.lang.data or "", body, current_language())
    writing = Writing(body, lang, tuple(form.note.data or ()), form.audience.data or "")
    try:
        with transaction():
            return leaving.leave(writing, form.idem.data or "")
    except IntegrityError:  # the same form came twice at the same moment, and the other was first
        with transaction():
            return leaving.leave(writing, form.idem.data or "")


def _noticed(form: LeaveForm) -> list[guard.Noticed]:
    """What the guard asks about, and what its writer has answered already."""
    if not g.get("identifiers") and not guard.kept_now():
        return []
    return guard.look([form.body.data or ""])


@bp.route("/withdraw", methods=["GET", "POST"])
@passing_limit(TRIES)
def withdraw() -> Response:
    """Take a testimony back with its code, whoever has it."""
    form = WithdrawForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                leaving.withdraw(form.code.data or "")
            return _unkept(render_template("testimonies/withdrawn.html"))
        except Invalid as problem:
            blame(form, problem)
    page = render_template("testimonies/withdraw.html", form=form)
    return _unkept(page, 422 if request.method == "POST" else 200)


def _unkept(page: str, status: int = 200) -> Response:
    """No browser keeps what was typed or shown here."""
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
