"""One's own names: the one in use, and after the password was typed, the others."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts.forms import AboutForm, ChosenForm, CodeForm, NewNameForm, put_fault
from community.accounts.guards import freshly, members_only, signed_in
from community.accounts.models import Persona
from community.accounts.queries import labels_of
from community.accounts.services import personas
from community.accounts.session import speak_as
from community.accounts.views.blueprint import bp
from community.core.db import transaction
from community.core.errors import Conflict, Invalid, NotFound
from community.core.idempotency import once


@bp.get("/names")
@members_only
def names() -> Any:
    """The name in use; somebody who has none yet is asked to choose one."""
    if not g.viewer.signed_in:
        return redirect(url_for(".new_name"))
    label = labels_of([g.viewer.persona_id]).get(g.viewer.persona_id)
    return render_template("accounts/names.html", label=label, protected=g.viewer.protected)


@bp.get("/names/all")
@freshly
def all_names() -> Any:
    """Every name of this member. Never shown before the password was typed a moment ago."""
    owned = personas.names_of(g.member.id)
    if not owned:
        return redirect(url_for(".new_name"))
    return render_template("accounts/all_names.html", names=owned, most=16, code_form=CodeForm())


def _kinds() -> list[str]:
    has_public = any(persona.kind == "public" for persona in personas.names_of(g.member.id))
    return ["protected"] if has_public else ["public", "protected"]


@bp.route("/names/new", methods=["GET", "POST"])
@freshly
def new_name() -> Any:
    """Make a name; its recovery code is shown once, on the page that answers."""
    form = NewNameForm(_kinds())
    if request.method == "POST" and "more" not in request.form:
        try:
            return _made(form)
        except Invalid as fault:
            put_fault(form, fault)
        return render_template("accounts/new_name.html", form=form, code_form=CodeForm()), 422
    return render_template("accounts/new_name.html", form=form, code_form=CodeForm())


def _made(form: NewNameForm) -> Any:
    wish, member_id = form.wish(), g.member.id
    shown: list[tuple[Persona, str]] = []

    def make() -> str:
        shown.append(personas.make(member_id, wish))
        return url_for(".all_names")

    personas.check_form(wish)
    where = once(form.idem.data or "", member_id, make)
    if not shown:
        return redirect(where)
    persona, code = shown[0]
    return render_template("accounts/code.html", persona=persona, code=code, made=True)


@bp.post("/names/speak")
@freshly
def speak() -> Any:
    """Go on under another name."""
    chosen = _chosen()
    with transaction():
        speak_as(chosen)
    flash(_("From now on you write under the name shown above."), "ok")
    return redirect(url_for("core.home"))


@bp.post("/names/code")
@freshly
def new_code() -> Any:
    """A new recovery code, shown once."""
    chosen = _chosen()
    with transaction():
        code = personas.new_recovery_code(g.member.id, chosen)
    persona = next(each for each in personas.names_of(g.member.id) if each.id == chosen)
    return render_template("accounts/code.html", persona=persona, code=code, made=False)


@bp.post("/names/leave")
@freshly
def leave_name() -> Any:
    """Leave a name behind; first the page says what that means."""
    chosen = _chosen()
    owned = [persona for persona in personas.names_of(g.member.id) if persona.id == chosen]
    if not owned:
        raise NotFound
    if request.form.get("sure") != "yes":
        return render_template("accounts/leave_name.html", persona=owned[0])
    with transaction():
        personas.leave(g.member.id, chosen)
    flash(_("That name is left behind. What it wrote stays, under “former member”."), "ok")
    return redirect(url_for(".all_names"))


@bp.post("/names/recover")
@freshly
def recover_name() -> Any:
    """Take a name back by its code, after the vault was lost."""
    form = CodeForm()
    if form.validate():
        try:
            with transaction():
                personas.recover(g.member.id, form.code.data)
            flash(_("The name is yours again."), "ok")
            return redirect(url_for(".all_names"))
        except (Invalid, Conflict) as fault:
            form.code.errors = [str(fault.sentence)]
    owned = personas.names_of(g.member.id)
    page = "accounts/all_names.html" if owned else "accounts/new_name.html"
    facts = {"names": owned, "most": 16} if owned else {"form": NewNameForm(_kinds(), formdata=None)}
    return render_template(page, code_form=form, **facts), 422


@bp.route("/names/about", methods=["GET", "POST"])
@signed_in
def about_name() -> Any:
    """The groups and the region of the name in use."""
    viewer = g.viewer
    form = AboutForm(data={"groups": sorted(viewer.groups), "region": viewer.region or ""})
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                personas.describe(g.member.id, viewer.persona_id, form.groups.data, form.region.data)
            flash(_("Saved. It holds from now on."), "ok")
            return redirect(url_for(".names"))
        except Invalid as fault:
            put_fault(form, fault)
    status = 422 if form.errors else 200
    return render_template("accounts/about_name.html", form=form, protected=viewer.protected), status


def _chosen() -> str:
    form = ChosenForm()
    if not form.validate():
        raise NotFound
    return str(form.persona.data)
