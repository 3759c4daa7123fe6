"""The browsers in which a member is signed in."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts.open_sessions import mark_here
from community.accounts.services import devices
from community.accounts.session import freshly
from community.accounts.views.blueprint import bp
from community.core.db import transaction


@bp.get("/security/devices")
@freshly
def device_list() -> str:
    """Where this member is signed in: the kind of browser and the day, no address."""
    rows = devices.open_of(g.member.id)
    return render_template("accounts/devices.html", rows=rows, here=mark_here())


@bp.post("/security/devices/end")
@freshly
def end_device() -> Any:
    """Sign one of them out; its open pages close within a second."""
    with transaction():
        devices.end(g.member.id, request.form.get("session", ""))
    flash(_("That browser is signed out."), "ok")
    return redirect(url_for(".device_list"))


@bp.post("/security/devices/end-others")
@freshly
def end_other_devices() -> Any:
    """Sign out everywhere but here."""
    with transaction():
        devices.end_others(g.member.id, mark_here())
    flash(_("Every other browser is signed out."), "ok")
    return redirect(url_for(".device_list"))
