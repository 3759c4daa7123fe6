"""The browsers in which a member is signed in."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts import idleness
from community.accounts.forms import IdleForm
from community.accounts.guards import freshly
from community.accounts.open_sessions import mark_here
from community.accounts.services import devices
from community.accounts.views.blueprint import bp
from community.core.db import transaction


@bp.get("/security/devices")
@freshly
def device_list() -> str:
    """Where this member is signed in: the kind of browser and the day, no address."""
    rows = devices.open_of(g.member.id)
    form = IdleForm(data={"minutes": str(_lasts())})
    return render_template("accounts/devices.html", rows=rows, here=mark_here(), form=form)


def _lasts() -> int:
    return idleness.minutes_of(g.member.idle_minutes, g.viewer, shared=False)


@bp.post("/security/devices/idle")
@freshly
def choose_idle() -> Any:
    """Say how long nothing may be done before this account is signed out by itself."""
    form = IdleForm()
    if not form.validate():
        rows = devices.open_of(g.member.id)
        return render_template("accounts/devices.html", rows=rows, here=mark_here(), form=form), 422
    with transaction():
        devices.let_lie_idle(g.member.id, int(form.minutes.data))
    flash(_("Kept. It holds in every browser from the next page on."), "ok")
    return redirect(url_for(".device_list"))


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
