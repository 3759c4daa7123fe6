"""What keepers do on a service: change it, confirm it, tell of free places, look at what changed."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.guards import freshly
from community.core.access import require
from community.core.db import transaction
from community.core.errors import Conflict, Invalid, NotFound
from community.core.forms import blame
from community.core.i18n import current_language, page_blueprint
from community.core.limits import limiter
from community.core.paging import page_asked
from community.directory.forms.keeping import PlacesForm, RecordsForm, records_form
from community.directory.forms.standing import Difference
from community.directory.mending import spots
from community.directory.permissions import may_keep_organization
from community.directory.queries import documents, history
from community.directory.queries.organizations import organization_of
from community.directory.queries.service_page import service_page
from community.directory.services import corrections, keeping
from community.directory.words import keeping as keeping_words
from community.directory.words import services as words

bp: Blueprint = page_blueprint("keeping", __name__, under="/directory")
Page = str | tuple[str, int] | Response


@bp.context_processor
def _words() -> dict[str, object]:
    return {"directory_words": words, "keeping_words": keeping_words}


def _kept(id: str) -> str:
    """The organization of a service whose records the viewer keeps."""
    organization_id = organization_of(g.viewer, id)
    require(may_keep_organization(g.viewer, organization_id))
    return organization_id


def spots_of(id: str, kind: str) -> list[spots.Spot]:
    """The spots of a part of a service. :raises NotFound: there is no such part."""
    document = documents.service(g.viewer, id)
    if document is None or kind not in keeping_words.PARTS:
        raise NotFound
    return [one for one in spots.of_service(document) if one.group == kind][: spots.MOST]


@bp.route("/services/<id>/edit/<kind>", methods=["GET", "POST"])
@limiter.limit("120/hour", methods=["POST"])
def edit(id: str, kind: str) -> Page:
    """Change a part of a service: texts, facts, telephones, addresses or hours."""
    organization_id, form = _kept(id), _form(id, kind)
    status, differences = 200, None
    if request.method == "POST":
        status = 422
        try:
            if not form.moved and form.validate() and _save(form, organization_id, id):
                return redirect(url_for("directory.service", id=id), 303)
        except Conflict:  # somebody else saved at this very moment
            form = _form(id, kind)
        if form.moved:
            form.form_errors.append(str(keeping.changed_meanwhile().sentence))
            status, differences = 409, form.again()
    return _page(id, kind, form, differences), status


def _form(id: str, kind: str) -> RecordsForm:
    new = spots.new_phone(("service", id)) if kind == "phones" else []
    return records_form([*spots_of(id, kind), *new])


def _page(id: str, kind: str, form: RecordsForm, differences: list[Difference] | None) -> str:
    return render_template(
        "directory/edit_service.html",
        service=service_page(g.viewer, id, current_language()),
        form=form,
        differences=differences,
        kind=kind,
        places=_places(id) if kind == "places" else [],
        asked=corrections.places_to_show(id) if kind == "places" else set(),
    )


def _places(id: str) -> list[tuple[str, str, bool]]:
    """The places of a service: id, name, whether the address is withheld."""
    document = documents.service(g.viewer, id) or {}
    found = [link.get("location") or {} for link in document.get("service_at_locations") or []]
    return [
        (one["id"], str(one.get("name") or ""), bool(one.get("address_withheld")))
        for one in found
        if one.get("id")
    ]


def _save(form: RecordsForm, organization_id: str, id: str) -> bool:
    try:
        with transaction():
            keeping.require_read(g.viewer, ("service", id), form.mended)
            waits = keeping.edit(
                g.viewer, organization_id, ("service", id), form.mended, all_right=bool(form.all_right.data)
            )
    except Invalid as problem:
        blame(form, problem)
        return False
    if waits:
        flash(_("Kept. A telephone number shows once a second person has agreed to it."), "gold")
    else:
        flash(_("Kept."), "ok")
    return True


@bp.post("/services/<id>/confirm")
@limiter.limit("240/hour")
def confirm(id: str) -> Response:
    """All of this is still right."""
    organization_id = _kept(id)
    with transaction():
        keeping.confirm(g.viewer, organization_id, id)
    flash(_("Confirmed today. Thank you."), "ok")
    return redirect(url_for("directory.service", id=id), 303)


@bp.route("/services/<id>/places", methods=["GET", "POST"])
@limiter.limit("240/hour", methods=["POST"])
def places(id: str) -> Page:
    """How many places are free today."""
    organization_id = _kept(id)
    form = PlacesForm()
    if request.method == "POST" and form.validate():
        total = int(form.total.data) if form.total.data else None
        with transaction():
            keeping.tell_places(g.viewer, organization_id, id, int(form.available.data or 0), total)
        flash(_("The free places are told, as of today."), "ok")
        return redirect(url_for("directory.service", id=id), 303)
    service = service_page(g.viewer, id, current_language())
    page = render_template("directory/places.html", service=service, form=form)
    return (page, 422) if request.method == "POST" else page


@bp.post("/services/<id>/withhold/<place>")
@limiter.limit("60/hour")
def withhold(id: str, place: str) -> Response:
    """Withhold the address of a place of this service."""
    organization_id = _kept(id)
    if place not in {one[0] for one in _places(id)}:
        raise NotFound
    with transaction():
        keeping.withhold(g.viewer, organization_id, id, place)
    flash(_("The address is withheld from everybody, from now on."), "ok")
    return redirect(url_for(".edit", id=id, kind="places"), 303)


@bp.post("/services/<id>/show/<place>")
@freshly
@limiter.limit("60/hour")
def show_again(id: str, place: str) -> Response:
    """Ask that the address of a withheld place be shown again: a second person must agree."""
    organization_id = _kept(id)
    withheld = {one[0]: one[2] for one in _places(id)}
    if place not in withheld:
        raise NotFound
    if withheld[place]:  # else somebody showed it meanwhile
        with transaction():
            corrections.ask_to_show(g.viewer, organization_id, id, place)
        flash(_("Kept. The address shows once a second person has agreed to it."), "gold")
    return redirect(url_for(".edit", id=id, kind="places"), 303)


@bp.get("/services/<id>/history")
def changes(id: str) -> str:
    """Every change of a service's records."""
    page, number = service_page(g.viewer, id, current_language()), page_asked(request.args.get("page", ""))
    some, more = history.changes(documents.service(g.viewer, id) or {}, number)
    return render_template(
        "directory/history.html",
        title=page.name,
        back=url_for("directory.service", id=id),
        changes=some,
        page=number,
        more=more,
        root=("service", id),
        may_put_back=may_keep_organization(g.viewer, organization_of(g.viewer, id)),
    )


@bp.post("/<any(services, organizations):many>/<id>/history/<change>/undo")
@limiter.limit("60/hour")
def put_back(many: str, id: str, change: str) -> Response:
    """Put the value back that stood there before a change."""
    kind = {"services": "service", "organizations": "organization"}[many]
    if kind == "service":
        organization_id, where = organization_of(g.viewer, id), url_for(".changes", id=id)
    elif documents.organization(g.viewer, id) is None:
        raise NotFound
    else:
        organization_id, where = id, url_for("organizations.changes", id=id)
    with transaction():
        waits = keeping.put_back(g.viewer, organization_id, (kind, id), change)
    if waits:
        flash(_("Kept. A telephone number shows once a second person has agreed to it."), "gold")
    else:
        flash(_("The earlier value stands there again."), "ok")
    return redirect(where, 303)
