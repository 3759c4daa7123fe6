"""The registers of incidents and of anonymisations, kept by administrators."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _

from community.accounts.forms import put_fault
from community.accounts.privacy import registers
from community.accounts.privacy.forms import RecordForm, form_of
from community.accounts.privacy.models import PrivacyRecord
from community.accounts.privacy.views import bp
from community.accounts.views.blueprint import with_duty
from community.core import audit, clock, spreadsheets
from community.core.db import transaction
from community.core.errors import Conflict, Invalid, NotFound
from community.core.i18n import speaking
from community.core.idempotency import once
from community.core.store import settings

_REGISTER = "<any(incidents,anonymisations):register>"


@bp.get(f"/registers/{_REGISTER}")
@with_duty("administrator")
def register(register: str) -> str:
    """The newest version of every entry."""
    found = registers.newest(g.viewer, register)
    return render_template("privacy/register.html", register=register, records=found)


@bp.route(f"/registers/{_REGISTER}/new", methods=["GET", "POST"])
@with_duty("administrator")
def new_record(register: str) -> Any:
    """Add an entry."""
    form = form_of(register, known_on=clock.today())
    if form.is_submitted() and form.validate():
        try:
            where = once(form.idem.data or "", g.viewer.persona_id, lambda: _added(register, form))
            flash(_("Added to the register."), "ok")
            return redirect(where)
        except Invalid as fault:
            put_fault(form, fault)
    page = render_template("privacy/record_form.html", register=register, form=form, key="")
    return page, 422 if form.errors else 200


def _added(register: str, form: RecordForm, key: str = "", version: int = 0) -> str:
    points = registers.points_of(register, *form.said())
    row = registers.add(g.viewer, register, points, form.known_on.data, key=key, version=version)
    return url_for(".record", key=row.key)


@bp.get("/records/<key>")
@with_duty("administrator")
def record(key: str) -> str:
    """One entry with everything it said before."""
    return render_template("privacy/record.html", versions=_versions(key))


def _versions(key: str) -> list[PrivacyRecord]:
    found = registers.versions(g.viewer, key)
    if not found:
        raise NotFound
    return found


@bp.route("/records/<key>/change", methods=["GET", "POST"])
@with_duty("administrator")
def change_record(key: str) -> Any:
    """Add a version of an entry: the letters that went out since, what was learned."""
    newest = _versions(key)[0]
    form = form_of(newest.register, version=newest.version, known_on=newest.known_on, **_values(newest))
    if form.is_submitted() and form.validate():
        try:
            seen = int(form.version.data) if str(form.version.data).isdecimal() else 0
            with transaction():
                where = _added(newest.register, form, key, seen)
            flash(_("Added to the register. What it said before stays."), "ok")
            return redirect(where)
        except (Invalid, Conflict) as fault:
            put_fault(form, fault)
    page = render_template("privacy/record_form.html", register=newest.register, form=form, key=key)
    return page, 422 if form.errors else 200


def _values(row: PrivacyRecord) -> dict[str, str]:
    known = {point: said.get("said", "") for point, said in row.points.items()}
    return {**known, **{f"{point}_unknown": said.get("unknown", "") for point, said in row.points.items()}}


@bp.get("/records/<key>/letters/<any(commission,person):to>/<any(fr,en):tongue>")
@with_duty("administrator")
def letter(key: str, to: str, tongue: str) -> Response:
    """A letter about an incident, to the commission or to the people, to be finished by whoever signs it."""
    row = _versions(key)[0]
    if row.register != "incidents":
        raise NotFound
    with speaking(tongue):
        text = render_template(
            f"privacy/letter_{to}.txt", row=row, contact=settings().privacy_contact, site=settings().site_name
        )
    return download(text.encode(), "text/plain; charset=utf-8", f"letter-{to}-{tongue}.txt")


@bp.post(f"/registers/{_REGISTER}/take-out/<any(json,csv):form>")
@with_duty("administrator")
def take_out(register: str, form: str) -> Response:
    """The whole register for the authority, with every version. The register of acts says that it left."""
    rows = registers.as_rows(g.viewer, register)
    with transaction():
        audit.record(g.viewer.persona_id, "record.exported", register, form=form)
    name = f"{register}.{form}"
    if form == "csv":
        return download(spreadsheets.written(rows), "text/csv; charset=utf-8", name)
    return download(jsonify(rows).get_data(), "application/json", name)


def download(content: bytes, kind: str, name: str) -> Response:
    """A file to keep, which no cache keeps."""
    answer = Response(content, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
