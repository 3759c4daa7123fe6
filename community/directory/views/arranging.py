"""Writing arrangements down and changing them, and the word of each side: forms and buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.access import require
from community.core.answers import Page, form_page, made_once
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.forms import blame
from community.core.i18n import current_language
from community.core.limits import limiter
from community.directory import arrangements
from community.directory.arrangements import MANY, Terms, from_values
from community.directory.forms.arrangements import ArrangementForm, form_data, form_of
from community.directory.forms.standing import Difference
from community.directory.models.arrangements import Arrangement
from community.directory.permissions.arrangements import (
    may_arrange,
    may_change,
)
from community.directory.queries import arrangements as queries
from community.directory.queries.parties import Party, offered, party
from community.directory.services import arrangements as services
from community.directory.views.arrangements import ONE, bp, differences

FORMS_AN_HOUR = "60/hour"


@bp.route(f"{ONE}/new", methods=["GET", "POST"])
@limiter.limit(FORMS_AN_HOUR, methods=["POST"])
def new(many: str) -> Page:
    """Write one down."""
    require(may_arrange(g.viewer), services.NOT_YOURS)
    kind = MANY[many]
    form = form_of(kind)()
    _begun(form)
    if request.method == "POST" and form.validate():
        kept = form.terms()

        def make() -> str:
            row = services.arrange(g.viewer, kind, kept)
            return url_for(".show", many=many, key=row.key)

        if answer := made_once(form, make, _("Written down.")):
            return answer
    return _form(form, kind, row=None)


def _begun(form: ArrangementForm) -> None:
    """What the address of the page says already: whom it is for."""
    for name in ("to", "origin"):
        one = party(g.viewer, request.args.get(name, "")[:300]) if name in form else None
        if one is not None and request.method != "POST":
            form[name].name_it(form, one)


@bp.route(f"{ONE}/<key>/edit", methods=["GET", "POST"])
@limiter.limit(FORMS_AN_HOUR, methods=["POST"])
def edit(many: str, key: str) -> Page:
    """Change its terms; what others must agree to waits for them."""
    row = queries.one(g.viewer, MANY[many], key)
    require(may_change(g.viewer, row), services.NOT_YOURS)
    form = form_of(row.kind)(data=_values(row))
    if request.method != "POST":
        _name_parties(form, row)
    elif form.validate():
        try:
            answer = _changed(form, many, key, form.terms())
        except Conflict as conflict:
            return _moved(form, queries.one(g.viewer, MANY[many], key), conflict)
        if answer is not None:
            return answer
    return _form(form, row.kind, row=row)


def _moved(form: ArrangementForm, row: Arrangement, conflict: Conflict) -> Page:
    """The form with what was typed, beside what stands there by now: sent again, it replaces that."""
    form.version.data = str(row.version)
    form.form_errors.append(str(conflict.sentence))
    beside = [Difference(*one) for one in differences(from_values(row.terms), form.terms())]
    return _form(form, row.kind, row=row, status=409, differences=beside)


def _changed(form: ArrangementForm, many: str, key: str, terms: Terms) -> Response | None:
    try:
        with transaction():
            row = queries.one(g.viewer, MANY[many], key)
            done = services.change(g.viewer, row, form.made_from, terms)
    except Invalid as problem:
        blame(form, problem)
        return None
    said = {"proposed": _("Proposed. It counts once the others agree."), "changed": _("Changed.")}
    flash(said.get(done, _("Nothing differs.")), "ok")
    return redirect(url_for(".show", many=many, key=key), 303)


def _values(row: Arrangement) -> dict[str, Any]:
    return dict(form_data(from_values(row.terms), row.version))


def _name_parties(form: ArrangementForm, row: Arrangement) -> None:
    """The parties, and the services that it leads to, as they are now: by their names."""
    form.to.name_it(form, Party(row.organization_id, row.service_id or ""))
    if row.from_organization_id and "origin" in form:
        form.origin.name_it(form, Party(row.from_organization_id, row.from_service_id or ""))
    if "services" in form:
        form["services"].name_them(form, from_values(row.terms).services)


def _form(
    form: ArrangementForm,
    kind: str,
    row: Arrangement | None,
    status: int = 422,
    differences: list[Difference] | None = None,
) -> Page:
    lang = current_language()
    return form_page(
        "directory/arrangements/form.html",
        form,
        status,
        differences=differences,
        kind=kind,
        many=arrangements.PLACE_OF[kind],
        row=row,
        offered=[both[lang] for _one, both in offered(g.viewer)],
    )


# Small acts.


def _act(many: str, key: str, do: Callable[[Arrangement], object], said: str) -> Response:
    with transaction():
        done = do(queries.one(g.viewer, MANY[many], key))
    if done == "proposed":
        said = _("Who proposed it has left: it is your proposal now. It counts once somebody else agrees.")
    flash(said, "ok")
    return redirect(url_for(".show", many=many, key=key), 303)


@bp.post(f"{ONE}/<key>/agree")
def agree(many: str, key: str) -> Response:
    """Give the word of a side."""
    side = request.form.get("side", "")
    return _act(many, key, lambda row: services.agree(g.viewer, row, side, _seen()), _("Agreed."))


def _seen() -> str:
    """The mark of what stood on the page on which somebody pressed a button."""
    return request.values.get("seen", "")


@bp.post(f"{ONE}/<key>/refuse")
def refuse(many: str, key: str) -> Response:
    """Lay aside what is proposed."""
    return _act(many, key, lambda row: services.refuse(g.viewer, row, _seen()), _("Laid aside."))


@bp.post(f"{ONE}/<key>/confirm")
def confirm(many: str, key: str) -> Response:
    """Say that all of it is still right."""
    return _act(many, key, lambda row: services.confirm(g.viewer, row, _seen()), _("Confirmed. Thank you."))


@bp.post(f"{ONE}/<key>/end")
def end(many: str, key: str) -> Response:
    """End it."""
    return _act(many, key, lambda row: services.end(g.viewer, row), _("Ended. Its page stays and says so."))
