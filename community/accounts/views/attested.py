"""A clinician without a name: ask the vault to attest the protected name that speaks."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from community.accounts.forms import put_fault
from community.accounts.guards import freshly
from community.accounts.permissions import may_be_attested
from community.accounts.protection import Attestation
from community.accounts.services import attesting
from community.accounts.views.blueprint import bp
from community.core import clock
from community.core.access import require
from community.core.db import db, transaction
from community.core.errors import Invalid
from community.core.forms import Creates


@bp.route("/names/clinician", methods=["GET", "POST"])
@freshly
def attested() -> Any:
    """What is attested of this name, what that means, and the button that asks for it."""
    require(
        may_be_attested(g.viewer), _("A public name shows its own title. Change to a protected one first.")
    )
    form = Creates()
    if form.is_submitted() and form.validate():
        try:
            with transaction():
                attesting.ask(g.viewer, g.member.id)
            flash(_("It is done. The label appears on a day drawn by chance within two weeks."), "ok")
            return redirect(url_for(".attested"), 303)
        except Invalid as fault:
            put_fault(form, fault)
    row = db.session.get(Attestation, g.viewer.persona_id)
    row = row if row is not None and row.until_on > clock.today() else None
    page = render_template("accounts/attested.html", form=form, attestation=row, others=attesting.OTHERS)
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/names/clinician/drop")
@freshly
def drop_attestation() -> Any:
    """Write without the label again, at once."""
    with transaction():
        attesting.drop(g.viewer)
    flash(_("The label is gone from this name."), "ok")
    return redirect(url_for(".attested"), 303)
