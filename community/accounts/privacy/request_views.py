"""The register of requests that came by letter, kept by administrators; and who hears that one is late."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _

from community.accounts.forms import put_fault
from community.accounts.privacy import requests
from community.accounts.privacy.register_views import download
from community.accounts.privacy.request_forms import AnswerForm, RequestForm
from community.accounts.privacy.requests import Came
from community.accounts.privacy.views import bp
from community.accounts.viewer import Viewer
from community.accounts.views.blueprint import with_duty
from community.core import audit, clock, panels, spreadsheets
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.idempotency import once
from community.core.panels import Waits


def init_app() -> None:
    """What is late stands first on the home page of those who answer for it."""
    panels.add("waits", waits, 8)


def waits(viewer: Viewer) -> list[Waits]:
    """How many requests are past their day, or come to it."""
    if not requests.may_hear_of_late_ones(viewer):
        return []
    register = requests.may_keep_requests(viewer)
    late, soon = requests.late_count(), requests.soon_count() if register else 0
    if not late and not soon:
        return []
    return [Waits(render_template("privacy/_waits.html", late=late, soon=soon, register=register))]


@bp.get("/requests")
@with_duty("administrator")
def requests_page() -> str:
    """Every request, the nearest day on top."""
    return render_template(
        "privacy/requests.html", requests=requests.all_of(g.viewer), today=clock.today(), soon=requests.SOON
    )


@bp.route("/requests/new", methods=["GET", "POST"])
@with_duty("administrator")
def new_request() -> Any:
    """Write down that a request came in."""
    form = RequestForm(received_on=clock.today())
    if form.is_submitted() and form.validate():
        try:
            where = once(form.idem.data or "", g.viewer.persona_id, lambda: _added(form))
            flash(_("Written down. Its thirty days run from the day on which it came in."), "ok")
            return redirect(where)
        except Invalid as fault:
            put_fault(form, fault)
    page = render_template("privacy/request_form.html", form=form)
    return page, 422 if form.errors else 200


def _added(form: RequestForm) -> str:
    came = Came(form.kind.data or "", form.received_on.data, form.file.data or "")
    return url_for(".one_request", key=requests.add(g.viewer, came).key)


@bp.get("/requests/<key>")
@with_duty("administrator")
def one_request(key: str) -> str:
    """One request, and its answer."""
    return _page(key, AnswerForm(formdata=None, answered_on=clock.today()))


def _page(key: str, form: AnswerForm) -> str:
    row = requests.one(g.viewer, key)
    return render_template("privacy/request.html", row=row, form=form, today=clock.today())


@bp.post("/requests/<key>/answer")
@with_duty("administrator")
def answer_request(key: str) -> Any:
    """Write down what was answered."""
    form = AnswerForm()
    if form.validate():
        try:
            with transaction():
                row = requests.one(g.viewer, key)
                requests.answer(
                    g.viewer, row, form.answer.data or "", form.answered_on.data, form.why.data or ""
                )
            flash(_("The answer is written down."), "ok")
            return redirect(url_for(".one_request", key=key))
        except (Invalid, Conflict) as fault:
            put_fault(form, fault)
    return _page(key, form), 422


@bp.post("/requests/take-out/<any(json,csv):form>")
@with_duty("administrator")
def take_out_requests(form: str) -> Response:
    """The whole register, for the authority. The register of acts says that it left."""
    rows = requests.as_rows(g.viewer)
    with transaction():
        audit.record(g.viewer.persona_id, "record.exported", "requests", form=form)
    if form == "csv":
        return download(spreadsheets.written(rows), "text/csv; charset=utf-8", "requests.csv")
    return download(jsonify(rows).get_data(), "application/json", "requests.json")
