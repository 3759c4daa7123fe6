"""Changing the address of an account: a link to the new one, a button, a letter to the old one."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_security.proxies import _security

from community.accounts.guards import freshly
from community.accounts.services import address
from community.accounts.session import renew
from community.accounts.signin import letters
from community.accounts.signin.doors import slowed
from community.accounts.signin.security_forms import AddressForm
from community.accounts.views.blueprint import bp
from community.core.db import transaction


@bp.route("/security/address", methods=["GET", "POST"])
@freshly
@slowed("change_address")
def change_address() -> Any:
    """Send a link to the new address. The same answer whether or not an account has it."""
    form = AddressForm()
    if request.method == "POST" and form.validate():
        new = _security._mail_util.normalize(form.email.data or "")
        with transaction():
            token = address.token_for(g.member, new)
            if address.is_taken(new):
                letters.send_nothing("address")
            else:
                letters.send("address", new, g.member.lang, token)
        flash(_("A mail is on its way to that address. Open the link in it within half an hour."), "ok")
        return redirect(url_for(".security"))
    page = render_template("accounts/change_address.html", form=form, address=g.member.email)
    return page, 422 if form.errors else 200


@bp.get("/security/address/<token>")
def see_address(token: str) -> Any:
    """The button that confirms; opening the link changes nothing."""
    if address.asked(token) is None:
        return _too_late()
    return render_template("accounts/confirm_address.html", token=token)


@bp.post("/security/address/<token>")
def confirm_address(token: str) -> Any:
    """The account has the new address from now on, and the old one is told. Whoever is here goes on."""
    found = address.asked(token)
    if found is None:
        return _too_late()
    member, new = found
    with transaction():
        letters.tell(member, "address changed")  # to the old one
        address.change(member, new)
        if g.member is not None and g.member.id == member.id:
            renew(member, persona_id=g.viewer.persona_id, shared=not session.permanent)
    flash(_("The address of your account is changed. Sign in with it from now on."), "ok")
    return redirect(url_for(".security"))


def _too_late() -> Any:
    flash(_("This link does not work, or was used already."), "gold")
    return redirect(url_for(".change_address"))
