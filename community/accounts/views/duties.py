"""Duties: who holds which, given and taken back by administrators."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts.forms import DutyForm, put_fault
from community.accounts.guards import freshly
from community.accounts.queries import duties_held
from community.accounts.services import duties
from community.accounts.views.blueprint import bp, with_duty
from community.core.db import transaction
from community.core.errors import Invalid


@bp.route("/duties", methods=["GET", "POST"])
@with_duty("administrator", freshly)
def duty_list() -> Any:
    """Who holds which duty, and the form to give one."""
    form = DutyForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                duties.give(
                    g.viewer, _key(form.persona.data), form.duty.data, (form.scope.data or "").strip()
                )
            flash(_("The duty is given, and written in the register."), "ok")
            return redirect(url_for(".duty_list"))
        except Invalid as fault:
            put_fault(form, fault)
    status = 422 if form.errors else 200
    return render_template("accounts/duty_list.html", form=form, held=duties_held()), status


@bp.post("/duties/take")
@with_duty("administrator", freshly)
def take_duty() -> Any:
    """Take a duty back."""
    sent = request.form
    with transaction():
        duties.take(g.viewer, sent.get("persona", ""), sent.get("duty", ""), sent.get("scope", ""))
    flash(_("The duty is taken back, and written in the register."), "ok")
    return redirect(url_for(".duty_list"))


def _key(typed: str) -> str:
    """The key of a name, also when the whole address of its page was given."""
    return typed.strip().rstrip("/").rsplit("/", 1)[-1]
