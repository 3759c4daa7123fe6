"""What is wrong in the directory: said in one click by anybody, suggested, and decided by keepers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts import guards, session
from community.accounts.viewer import Viewer
from community.accounts.words import name_acts, name_details
from community.core import logs, panels
from community.core.db import transaction
from community.core.errors import BadRequest, Conflict, Invalid, NotFound
from community.core.forms import blame
from community.core.i18n import current_language, page_blueprint
from community.core.idempotency import once
from community.core.limits import first_today, limiter
from community.core.panels import Waits
from community.core.passing_limits import passing_limit
from community.directory.forms.keeping import DecideForm, SuggestForm, suggest_form
from community.directory.mending import spots
from community.directory.mending.spots import Spot
from community.directory.models import REPORTS, Correction
from community.directory.permissions import (
    decides_alone,
    keeps,
    may_decide,
    may_keep_directory,
    may_keep_organization,
    may_suggest,
)
from community.directory.queries import corrections as queries
from community.directory.queries.organizations import document_of, organization_of, organization_page
from community.directory.queries.service_page import service_page
from community.directory.services import corrections, reports
from community.directory.services.corrections import WHAT, WHAT_OF_ORGANIZATION
from community.directory.views.keeping import spots_of
from community.directory.words import keeping as keeping_words
from community.directory.words import services as words

bp: Blueprint = page_blueprint("corrections", __name__, under="/directory")
Page = str | tuple[str, int] | Response
# What is proposed without an account: values that anybody can check, none of them a free text.
_OPEN = {
    "phones": {"number", "extension"},
    "hours": {"hours"},
    "places": {"address_1", "address_2", "city", "postal_code"},
    "facts": {"url"},
}
_OPEN_OF_ORGANIZATION = {"number", "extension", "website"}
_WHAT_OF = {"phones": "phone", "hours": "hours", "places": "address"}
TRAP = "leave_empty"
_OF_NOBODY = ("corrections.wrong", "corrections.organization_wrong", "corrections.report")


def init_app() -> None:
    """Have what is said in one click leave nothing behind, and tell keepers what waits."""
    panels.add("service", _below_service, order=90)
    panels.add("waits", _waits, order=7)
    name_acts(keeping_words.REGISTER)
    name_details("directory", "because", keeping_words.BECAUSE)
    session.nobody_at(*_OF_NOBODY)
    logs.keep_quiet(*_OF_NOBODY)


@bp.record
def _nobody(state: Any) -> None:
    """What is said in one click sees no session: no right to misuse, no cookie. core.origin looks at it."""
    for page in (wrong, organization_wrong, report):
        state.app.extensions["csrf"].exempt(page)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"directory_words": words, "keeping_words": keeping_words}


@bp.post("/services/<id>/wrong")
@passing_limit("20/hour")
def wrong(id: str) -> Response:
    """This is wrong: one click, by anybody."""
    organization_id = organization_of(g.viewer, id)
    what = request.form.get("what", "phone")
    if what not in WHAT:
        raise BadRequest
    if not request.form.get(TRAP):
        with transaction():
            corrections.say_wrong(organization_id, id, what)
    return redirect(url_for(".correct", id=id, told="wrong"), 303)


@bp.post("/organizations/<id>/wrong")
@passing_limit("20/hour")
def organization_wrong(id: str) -> Response:
    """What an organization says of itself is wrong: one click, by anybody."""
    document_of(g.viewer, id)
    what = request.form.get("what", "phone")
    if what not in WHAT_OF_ORGANIZATION:
        raise BadRequest
    if not request.form.get(TRAP):
        with transaction():
            corrections.say_wrong(id, "", what)
    return redirect(url_for("organizations.show", id=id, told="wrong"), 303)


@bp.post("/services/<id>/report")
@passing_limit("20/hour")
def report(id: str) -> Response:
    """Refused, on a waiting list, was helpful, has changed: one click, counted once a day and neighbourhood,
    so that nobody alone makes a figure."""
    organization_of(g.viewer, id)
    what = request.form.get("what", "")
    if what not in REPORTS:
        raise BadRequest
    if first_today("report", id, what):
        with transaction():
            reports.count(id, what)
    if what == "changed":
        return redirect(url_for(".correct", id=id, told="changed"), 303)
    return redirect(url_for(".correct", id=id, told="report"), 303)


@bp.get("/services/<id>/correct")
def correct(id: str) -> str:
    """What is wrong: each thing one click, and the forms in which something else is proposed."""
    return render_template(
        "directory/correct.html",
        service=service_page(g.viewer, id, current_language()),
        parts=[kind for kind in keeping_words.PARTS if may_suggest(g.viewer) or kind in _OPEN],
        told=request.args.get("told", ""),
        trap=TRAP,
    )


@bp.route("/services/<id>/correct/<kind>", methods=["GET", "POST"])
@passing_limit("30/hour")
def suggest(id: str, kind: str) -> Page:
    """Propose what should stand there instead."""
    organization_id = organization_of(g.viewer, id)
    form, what = suggest_form(_offered(id, kind)), _WHAT_OF.get(kind, "fields")
    thanks = url_for(".correct", id=id, told="suggested")
    if request.method == "POST" and (where := _sent(form, organization_id, id, what, thanks)):
        return redirect(where, 303)
    page = render_template(
        "directory/suggest.html",
        title=_("Correct a service"),
        name=service_page(g.viewer, id, current_language()).name,
        back=url_for("directory.service", id=id),
        listed=url_for(".correct", id=id),
        part=keeping_words.PARTS[kind],
        form=form,
        trap=TRAP,
    )
    return (page, 422) if request.method == "POST" else page


@bp.route("/organizations/<id>/correct", methods=["GET", "POST"])
@passing_limit("30/hour")
def suggest_of_organization(id: str) -> Page:
    """Propose what an organization should say of itself instead."""
    found = spots.of_organization(document_of(g.viewer, id))
    anybody = [one for one in found if one.name in _OPEN_OF_ORGANIZATION]
    form = suggest_form(found if may_suggest(g.viewer) else anybody)
    thanks = url_for("organizations.show", id=id, told="suggested")
    if request.method == "POST" and (where := _sent(form, id, "", "fields", thanks)):
        return redirect(where, 303)
    page = render_template(
        "directory/suggest.html",
        title=_("Correct an organization"),
        name=organization_page(g.viewer, id, current_language()).name,
        back=url_for("organizations.show", id=id),
        listed="",
        part=_("Correct"),
        form=form,
        trap=TRAP,
    )
    return (page, 422) if request.method == "POST" else page


def _sent(form: SuggestForm, organization_id: str, service_id: str, what: str, thanks: str) -> str:
    """Where to go once it is kept; "" with the form saying why it is not."""
    if form.validate() and not form.mended:
        form.form_errors.append(_("Change at least one value."))
    return (
        "" if form.errors or form.form_errors else _suggested(form, organization_id, service_id, what, thanks)
    )


def _offered(id: str, kind: str) -> list[Spot]:
    found = spots_of(id, kind)
    if may_suggest(g.viewer):
        return found
    if kind not in _OPEN:
        raise NotFound
    return [one for one in found if one.name in _OPEN[kind]]


def _suggested(form: SuggestForm, organization_id: str, id: str, what: str, thanks: str) -> str:
    """Where to go when it was kept; "" when a field was refused."""
    if request.form.get(TRAP):
        return thanks

    def keep() -> str:
        row = corrections.suggest(g.viewer, organization_id, id, what, form.mended)
        return url_for(".show", key=row.key) if row is not None and row.suggested_by else thanks

    try:
        return once(form.idem.data or "", g.viewer.persona_id or "", keep)
    except Invalid as problem:
        blame(form, problem)
        return ""


@bp.get("/corrections")
def queue() -> str:
    """What waits for whoever keeps the records."""
    if not may_keep_directory(g.viewer) and not keeps(g.viewer):
        raise NotFound
    page = queries.queue(g.viewer, request.args.get("after"))
    return render_template("directory/corrections.html", page=page)


@bp.route("/corrections/<key>", methods=["GET", "POST"])
@limiter.limit("240/hour", methods=["POST"])
def show(key: str) -> Page:
    """One correction: what would change, and the decision."""
    row, form = queries.correction_seen(g.viewer, key), DecideForm()
    if request.method == "POST":
        if row.state != "waiting":
            raise Conflict(corrections.ALREADY)
        if form.validate():
            # What may put somebody in danger asks for the password again.
            door = guards.freshly(_decided) if row.what == corrections.SHOWN else _decided
            return door(key, form)
    page = _correction_page(row, form)
    return (page, 422) if request.method == "POST" else page


def _decided(key: str, form: DecideForm) -> Page:
    try:
        with transaction():
            _decide(queries.correction_seen(g.viewer, key), form)
        return redirect(url_for(".queue"), 303)
    except Invalid as problem:
        blame(form, problem)
        return _correction_page(queries.correction_seen(g.viewer, key), form), 422


def _correction_page(row: Correction, form: DecideForm) -> str:
    return render_template(
        "directory/correction.html",
        correction=row,
        name=queries.name_of(g.viewer, row),
        differences=queries.differences(g.viewer, row),
        taken=queries.taken(row),
        proposed=queries.proposed(row),
        may_decide=may_decide(g.viewer, row) and row.state == "waiting",
        may_keep=may_keep_organization(g.viewer, row.organization_id),
        alone=decides_alone(g.viewer),
        form=form,
    )


def _decide(row: Correction, form: DecideForm) -> None:
    act = request.form.get("act", "")
    if act == "accept":
        if corrections.accept(g.viewer, row, _ticked()):
            flash(_("Accepted."), "ok")
        elif row.what == corrections.SHOWN:
            flash(_("Kept. The address shows once a second person has agreed to it."), "gold")
        else:
            flash(_("Kept. A telephone number shows once a second person has agreed to it."), "gold")
    elif act == "refuse":
        corrections.refuse(g.viewer, row, form.because.data or "")
        flash(_("Not accepted. Whoever suggested it is told why."), "ok")
    else:
        raise BadRequest


def _ticked() -> set[int]:
    ticked = request.form.getlist("taken")
    return {int(one) for one in ticked if one.isascii() and one.isdigit() and len(one) < 4}


def _below_service(viewer: Viewer, id: str) -> str:
    """Under the page of a service: what is wrong, how it went, and the tools of its keepers."""
    organization_id = organization_of(viewer, id)
    return render_template(
        "directory/_service_keeping.html",
        id=id,
        organization_id=organization_id,
        reported=queries.reported(id),
        may_keep=may_keep_organization(viewer, organization_id),
        keeping_words=keeping_words,
        trap=TRAP,
    )


def _waits(viewer: Viewer) -> list[Waits]:
    """How many corrections wait for whoever keeps records."""
    if not may_keep_directory(viewer) and not keeps(viewer):
        return []
    count = queries.how_many_wait(viewer)
    return [Waits(render_template("directory/_waits.html", count=count))] if count else []
