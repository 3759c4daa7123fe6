"""How a member signs in: everything on one page, and the app that shows codes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from community.accounts.drawing import path_of
from community.accounts.forms import put_fault
from community.accounts.guards import freshly, members_only
from community.accounts.services import authenticator, devices, passkeys, rescue, second_factor
from community.accounts.session import renew
from community.accounts.signin import letters
from community.accounts.signin.security_forms import AppForm
from community.accounts.strength import is_strong
from community.accounts.views.blueprint import bp
from community.core import clock
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.sealing import CannotUnseal, seal_text, unseal_text
from community.core.store import settings

_PLAN = "app to be set up"
_PLAN_LASTS = timedelta(minutes=30)


@bp.get("/security")
@members_only
def security() -> str:
    """Password, passkeys, app, rescue codes and open sessions of this member."""
    member_id = g.member.id
    return render_template(
        "accounts/security.html",
        app=authenticator.of(member_id),
        keys=passkeys.of(member_id),
        codes=rescue.left(member_id),
        sessions=len(devices.open_of(member_id)),
        address=g.member.email,
        waits=g.waits,
    )


@bp.route("/security/app", methods=["GET", "POST"])
@freshly
def add_app() -> Any:
    """Give a secret to an app; it is kept once the app shows the right code."""
    form = AppForm()
    secret = _planned(form.plan.data or "") if request.method == "POST" else authenticator.draw()
    if secret is None:
        flash(_("This page was open too long. Nothing was kept: begin again."), "gold")
        return redirect(url_for(".add_app"))
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                authenticator.set_up(g.member.id, secret, form.code.data or "")
                letters.tell(g.member, "app added")
                grow_strong()
            return led_to_codes(_("The app is set up. From now on, signing in asks for its code."))
        except Invalid as fault:
            put_fault(form, fault)
    return _app_page(form, secret), 422 if form.errors else 200, {"Cache-Control": "no-store"}


def _planned(sealed: str) -> str | None:
    try:
        secret, until = json.loads(unseal_text(_PLAN, sealed, g.member.id))
    except CannotUnseal:
        return None
    return str(secret) if until > clock.now().timestamp() else None


def _app_page(form: AppForm, secret: str) -> str:
    until = (clock.now() + _PLAN_LASTS).timestamp()
    form.plan.data = seal_text(_PLAN, json.dumps([secret, until]), g.member.id)
    name = settings().site_name
    drawing = path_of(authenticator.address(secret, name, name))
    groups = [secret[n : n + 4] for n in range(0, len(secret), 4)]
    return render_template("accounts/add_app.html", form=form, drawing=drawing, groups=groups)


@bp.post("/security/app/remove")
@freshly
def remove_app() -> Any:
    """Sign in without the app from now on."""
    with transaction():
        if authenticator.remove(g.member.id):
            letters.tell(g.member, "app removed")
            end_what_it_opened()
    flash(_("The app is removed. Its codes open nothing any more."), "ok")
    return redirect(url_for(".security"))


def grow_strong() -> None:
    """A second factor was added here: this session has it, and all others are ended.

    Whoever was in an older one has not shown it.
    """
    devices.end_others(g.member.id, "")
    renew(g.member, persona_id=g.viewer.persona_id, shared=not session.permanent, strong=True)


def end_what_it_opened() -> None:
    """A way in was removed here: all other sessions end, since one may be open on the device that was lost.

    Where it was the last second factor, duties wait again.
    """
    strong = is_strong() and second_factor.has_one(g.member.id)
    devices.end_others(g.member.id, "")
    renew(g.member, persona_id=g.viewer.persona_id, shared=not session.permanent, strong=strong)
    flash(_("Every other browser is signed out."), "ok")


def led_to_codes(said: str) -> Any:
    """On to the page of rescue codes for who has none; they are the way back when a device is lost."""
    flash(said, "ok")
    return redirect(url_for(".rescue_codes" if not rescue.left(g.member.id) else ".security"))
