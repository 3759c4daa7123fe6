"""The page of an organization, and what its keepers do there."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.guards import freshly
from community.accounts.viewer import Viewer
from community.core import panels
from community.core.access import require
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.forms import blame
from community.core.i18n import current_language, number, page_blueprint
from community.core.idempotency import once
from community.core.limits import limiter
from community.core.paging import page_asked
from community.core.panels import Link, MenuSection
from community.directory.forms.keeping import KeeperForm, OrganizationForm, RecordsForm, records_form
from community.directory.mending import spots
from community.directory.permissions import keeps, may_keep_directory, may_keep_organization, may_name_keepers
from community.directory.queries import corrections as waiting
from community.directory.queries import history, organizations
from community.directory.services import corrections, keepers, keeping
from community.directory.services import organizations as adding
from community.directory.words import keeping as keeping_words
from community.directory.words import services as words

bp: Blueprint = page_blueprint("organizations", __name__, under="/directory")
Page = str | tuple[str, int] | Response


def init_app() -> None:
    """Put what keepers do into the menu."""
    panels.add("menu_sections", _section, order=16)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"directory_words": words, "keeping_words": keeping_words}


@bp.get("/organizations/<id>")
def show(id: str) -> Page:
    """What an organization is, how to reach it, what it gives; for its keepers also how to change it."""
    return _page(id, KeeperForm(formdata=None))


def _page(id: str, form: KeeperForm, status: int = 200) -> Page:
    page = render_template(
        "directory/organization.html",
        organization=organizations.organization_page(g.viewer, id, current_language()),
        may_keep=may_keep_organization(g.viewer, id),
        may_name=may_name_keepers(g.viewer),
        keepers=organizations.keepers_of(g.viewer, id),
        told=request.args.get("told", ""),
        form=form,
    )
    return page, status


@bp.route("/organizations/<id>/edit", methods=["GET", "POST"])
@limiter.limit("120/hour", methods=["POST"])
def edit(id: str) -> Page:
    """Change what an organization says of itself and its telephones."""
    organizations.document_of(g.viewer, id)
    require(may_keep_organization(g.viewer, id))
    form, status, differences = _records_form(id), 200, None
    if request.method == "POST":
        status = 422
        try:
            if not form.moved and form.validate():
                return _kept(id, form)
        except Invalid as problem:
            blame(form, problem)
        except Conflict:  # somebody else saved at this very moment
            form = _records_form(id)
        if form.moved:
            form.form_errors.append(str(keeping.changed_meanwhile().sentence))
            status, differences = 409, form.again()
    page = organizations.organization_page(g.viewer, id, current_language())
    names = {"organization": page, "form": form, "differences": differences}
    return render_template("directory/edit_organization.html", **names), status


def _records_form(id: str) -> RecordsForm:
    document = organizations.document_of(g.viewer, id)
    return records_form([*spots.of_organization(document), *spots.new_phone(("organization", id))])


def _kept(id: str, form: RecordsForm) -> Response:
    with transaction():
        keeping.require_read(g.viewer, ("organization", id), form.mended)
        waits = keeping.edit(g.viewer, id, ("organization", id), form.mended)
    _say_kept(waits=waits)
    return redirect(url_for(".show", id=id), 303)


def _say_kept(*, waits: bool) -> None:
    if waits:
        flash(_("Kept. A telephone number shows once a second person has agreed to it."), "gold")
    else:
        flash(_("Kept."), "ok")


@bp.route("/organizations/new", methods=["GET", "POST"])
@limiter.limit("20/hour", methods=["POST"])
def add() -> Page:
    """Add an organization; of a keeper it waits for a coordinator."""
    require(may_keep_directory(g.viewer) or bool(keeps(g.viewer)))
    form = OrganizationForm()
    if request.method == "POST" and form.validate():
        try:
            where = once(form.idem.data or "", g.viewer.persona_id, lambda: _add(form))
            return redirect(where, 303)
        except Invalid as problem:
            blame(form, problem)
    page = render_template("directory/new_organization.html", form=form)
    return (page, 422) if request.method == "POST" else page


def _add(form: OrganizationForm) -> str:
    corrections.guard_organization(g.viewer, form.facts)
    if may_keep_directory(g.viewer):
        flash(_("The organization is in the directory."), "ok")
        return url_for(".show", id=adding.create(form.facts, "coordinator"))
    row = corrections.propose_organization(g.viewer, form.facts)
    flash(_("Kept. It shows once a coordinator has agreed to it."), "gold")
    return url_for("corrections.show", key=row.key)


@bp.get("/organizations/<id>/history")
def changes(id: str) -> str:
    """Every change of an organization's own records."""
    page = organizations.organization_page(g.viewer, id, current_language())
    asked = page_asked(request.args.get("page", ""))
    some, more = history.changes(page.document, asked)
    return render_template(
        "directory/history.html",
        title=page.name,
        back=url_for(".show", id=id),
        changes=some,
        page=asked,
        more=more,
        root=("organization", id),
        may_put_back=may_keep_organization(g.viewer, id),
    )


@bp.post("/organizations/<id>/keepers")
@freshly
@limiter.limit("60/hour")
def name_keeper(id: str) -> Page:
    """Have a name with a verified affiliation keep the records of an organization."""
    organizations.document_of(g.viewer, id)
    require(may_name_keepers(g.viewer))
    form = KeeperForm()
    if form.validate():
        try:
            with transaction():
                keepers.name_keeper(g.viewer, id, (form.name.data or "").strip())
            flash(_("This name keeps the records now."), "ok")
            return redirect(url_for(".show", id=id), 303)
        except Invalid as problem:
            blame(form, problem)
    return _page(id, form, 422)


@bp.post("/organizations/<id>/keepers/<persona>/end")
@freshly
@limiter.limit("60/hour")
def end_keeper(id: str, persona: str) -> Response:
    """Have a name keep these records no longer."""
    organizations.document_of(g.viewer, id)
    require(may_name_keepers(g.viewer))
    with transaction():
        keepers.end_keeper(g.viewer, id, persona)
    flash(_("This name no longer keeps the records."), "ok")
    return redirect(url_for(".show", id=id), 303)


@bp.get("/keeping")
def mine() -> str:
    """The organizations whose records the name at hand keeps."""
    require(may_keep_directory(g.viewer) or bool(keeps(g.viewer)))
    return render_template("directory/keeping.html", kept=organizations.kept_by(g.viewer))


def _section(viewer: Viewer) -> MenuSection | None:
    """On the Menu page, for those who keep something."""
    if not may_keep_directory(viewer) and not keeps(viewer):
        return None
    count = waiting.how_many_wait(viewer)
    return MenuSection(
        _("Keeping the directory true"),
        (
            Link(url_for("organizations.mine"), _("Records I keep"), "edit"),
            Link(url_for("corrections.queue"), _("Corrections"), "flag", number(count) if count else ""),
        ),
    )
