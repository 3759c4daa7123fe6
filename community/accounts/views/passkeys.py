"""Adding and removing passkeys."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts.forms import put_fault
from community.accounts.guards import freshly
from community.accounts.oidc import links
from community.accounts.services import passkeys
from community.accounts.signin import letters
from community.accounts.signin.security_forms import NewPasskeyForm
from community.accounts.views.blueprint import bp
from community.accounts.views.security import end_what_it_opened, grow_strong, led_to_codes
from community.core.db import transaction
from community.core.errors import Conflict, Invalid


@bp.route("/security/passkeys/new", methods=["GET", "POST"])
@freshly
def add_passkey() -> Any:
    """Let the browser make a passkey, and keep its public half."""
    form = NewPasskeyForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                passkeys.add(g.member.id, form.answer.data or "", form.label.data or "")
                letters.tell(g.member, "passkey added")
                grow_strong()
            return led_to_codes(_("The passkey is kept. You can sign in with it alone."))
        except Invalid as fault:
            put_fault(form, fault)
    form.answer.data = ""
    page = render_template("accounts/add_passkey.html", form=form, place=passkeys.place())
    return page, 422 if form.errors else 200


@bp.get("/security/passkeys/challenge")
@freshly
def new_passkey_challenge() -> Response:
    """What the browser makes a passkey from."""
    answer = current_app.response_class(passkeys.to_add(g.member.id), mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/security/passkeys/remove")
@freshly
def remove_passkey() -> Any:
    """A passkey opens nothing any more; a way in must remain."""
    try:
        with transaction():
            links.remove_passkey(g.member, request.form.get("key", ""))
            letters.tell(g.member, "passkey removed")
            end_what_it_opened()
        flash(_("The passkey is removed. It opens nothing any more."), "ok")
    except Conflict as fault:
        flash(str(fault.sentence), "brick")
    return redirect(url_for(".security"))
