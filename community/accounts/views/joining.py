"""After the form of joining, and what a member agrees to."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts.guards import members_only, signed_in
from community.accounts.services import joining
from community.accounts.views.blueprint import bp
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.i18n import current_language


@bp.get("/join/sent")
def joined() -> str:
    """Look in your mail. The same page whether or not the address had an account."""
    return render_template("accounts/joined.html")


@bp.get("/sign-out")
@signed_in
def sign_out() -> str:
    """The button that signs out: an address that is merely opened does not."""
    return render_template("accounts/sign_out.html")


@bp.get("/consents")
@members_only
def consents() -> str:
    """What this member agreed to, with date and version; the optional ones can be changed."""
    given = joining.consents_of(g.member.id)
    held = {row.purpose for row in given if row.withdrawn_at is None}
    # Who gave no address is not asked whether they want mail.
    asked = [purpose for purpose in joining.OPTIONAL if purpose != "notifications" or g.member.email]
    changed = joining.whose_text_changed(given)
    return render_template(
        "accounts/consents.html", consents=given, held=held, optional=asked, changed=changed
    )


@bp.post("/consents")
@members_only
def choose_consent() -> Any:
    """Give or withdraw one consent."""
    purpose, given = request.form.get("purpose", ""), request.form.get("given", "")
    if given not in ("yes", "no"):
        raise Invalid("given", _("Choose from the list."))
    with transaction():
        joining.choose(g.member.id, purpose, given == "yes", current_language())
    flash(_("Saved. It holds from now on."), "ok")
    return redirect(url_for(".consents"))
