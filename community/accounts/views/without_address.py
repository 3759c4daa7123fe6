"""Joining without an address, coming back by a code, and the codes of an account."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security.utils import hash_password

from community.accounts.forms import put_fault
from community.accounts.guards import freshly
from community.accounts.services import rescue, without_address
from community.accounts.services.without_address import Plan
from community.accounts.signin import letters
from community.accounts.signin.doors import braked, kindly, slowed
from community.accounts.signin.other_ways import password_replaced
from community.accounts.signin.passwords import normal
from community.accounts.signin.without_address import ComeBackForm, JoinByNameForm, WrittenDownForm
from community.accounts.views.blueprint import bp
from community.core.db import transaction
from community.core.errors import Conflict, Invalid


def _join_later() -> str:
    return render_template("accounts/join_by_name.html", form=JoinByNameForm())


def _write_down_later() -> str:
    """What is to be written down stays in sight, and the same button sends it again."""
    form = WrittenDownForm()
    try:
        made = without_address.opened(form.plan.data or "")
    except Conflict:
        return render_template("accounts/join_by_name.html", form=JoinByNameForm(formdata=None))
    return render_template("accounts/write_down.html", form=form, plan=made)


@bp.route("/join/without-address", methods=["GET", "POST"])
@kindly(_join_later)
@slowed("join_by_name")
def join_by_name() -> Any:
    """Ask for a protected name and a password; then show, once, what to write down."""
    if g.member is not None:
        return redirect(url_for("core.home"))
    form = JoinByNameForm()
    if request.method == "POST" and "more" not in request.form:
        if form.validate():
            try:
                made = without_address.plan(form.wish(), _hash(form), form.agreed())
                return _to_write_down(made, WrittenDownForm(formdata=None))
            except Invalid as fault:
                put_fault(form, fault)
        return render_template("accounts/join_by_name.html", form=form), 422
    return render_template("accounts/join_by_name.html", form=form)


def _hash(form: Any) -> str:
    return str(hash_password(normal(form.password.data)))


def _to_write_down(made: Plan, form: WrittenDownForm) -> Any:
    form.plan.data = without_address.sealed(made)
    page = render_template("accounts/write_down.html", form=form, plan=made)
    return page, 422 if form.errors else 200, {"Cache-Control": "no-store"}


@bp.post("/join/without-address/written-down")
@kindly(_write_down_later)
@braked
@slowed("join_by_name")
def written_down() -> Any:
    """The name and the codes are on paper: the account is made now."""
    if g.member is not None:
        return redirect(url_for("core.home"))
    form = WrittenDownForm()
    try:
        made = without_address.opened(form.plan.data or "")
        if not form.validate():
            return _to_write_down(made, form)
        with transaction():
            without_address.enter(made)
    except (Conflict, Invalid) as fault:
        flash(str(fault.sentence), "brick")
        return redirect(url_for(".join_by_name"))
    said = _("Your account is ready. Sign in with the name and the password that only you know.")
    flash(_("Your account is ready. Sign in the same way once more.") if made.linked else said, "ok")
    return redirect(url_for("security.login"))


@bp.route("/password/rescue-code", methods=["GET", "POST"])
@slowed("come_back")
def come_back() -> Any:
    """Set a new password by a code; the same answer whether or not anybody has the name."""
    if g.member is not None:
        return redirect(url_for(".rescue_codes"))
    form = ComeBackForm()
    if request.method == "POST" and form.validate():
        hashed = _hash(form)  # before anything is looked for: the work is the same for every name
        try:
            with transaction():
                letters.tell(rescue.come_back(form.sign_in_name.data, form.code.data, hashed), "code used")
            password_replaced()
            flash(
                _("Your password is changed, and you are signed out everywhere. Sign in with the new one."),
                "ok",
            )
            return redirect(url_for("security.login"))
        except Invalid as fault:
            put_fault(form, fault)
    return render_template("accounts/come_back.html", form=form), 422 if form.errors else 200


@bp.get("/rescue-codes")
@freshly
def rescue_codes() -> Any:
    """How many codes this member has left."""
    return render_template("accounts/rescue_codes.html", left=rescue.left(g.member.id), codes=None)


@bp.post("/rescue-codes")
@freshly
def new_rescue_codes() -> Any:
    """New codes, shown once."""
    codes = rescue.draw()
    with transaction():
        rescue.keep(g.member.id, codes)
        letters.tell(g.member, "codes made")
    return render_template("accounts/rescue_codes.html", left=len(codes), codes=codes)
