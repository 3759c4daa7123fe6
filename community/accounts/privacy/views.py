"""The privacy centre: who answers for it, what is kept, taking it along, who looked, leaving."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from community.accounts.forms import put_fault
from community.accounts.guards import freshly, members_only, signed_in
from community.accounts.privacy import closing, looking, taking, words
from community.accounts.privacy.forms import CloseForm
from community.accounts.privacy.models import CHOICES
from community.accounts.services import personas
from community.core import archives, mail
from community.core.audit import AuditEntry
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.i18n import page_blueprint, speaking
from community.core.paging import page_by_key
from community.core.store import settings

bp = page_blueprint("privacy", __name__, under="/privacy")
_FILE_NAMES = {"name": "passerelle.zip", "account": "passerelle-account.zip"}


@bp.get("")
def centre() -> str:
    """Who answers for personal information; for members, everything they can do about theirs."""
    return render_template(
        "privacy/centre.html",
        contact=settings().privacy_contact,
        of_name=taking.waiting(g.viewer),
        member=g.member is not None,
    )


@bp.get("/kept")
@signed_in
def kept() -> str:
    """What is kept of the name in use, list by list; how it is corrected."""
    lists = words.name_all(archives.of_persona(g.viewer.persona_id))
    return render_template("privacy/kept.html", lists=lists)


@bp.get("/kept/account")
@members_only
def kept_of_account() -> str:
    """What is kept of the account, list by list. It says nothing of any name."""
    lists = words.name_all(archives.of_account(g.member.id))
    return render_template("privacy/kept_account.html", lists=lists)


@bp.post("/archives/name")
@freshly
def ask_archive() -> Any:
    """Have the archive of the name in use made."""
    with transaction():
        taking.ask(g.viewer)
    flash(_("It is being made. Open this page again in a moment; it stays for 24 hours."), "ok")
    return redirect(url_for(".centre"))


@bp.get("/archives/<any(name,account):whose>")
@freshly
def archive(whose: str) -> Response:
    """The file itself. Its name says nothing of whose it is."""
    of_name = whose == "name"
    content = taking.content(taking.waiting(g.viewer)) if of_name else taking.of_account(g.member.id)
    answer = Response(content, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=_FILE_NAMES[whose])
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/looked")
@signed_in
def looked() -> str:
    """Who looked at what belongs to the name in use, or decided about it."""
    page = page_by_key(
        looking.acts_about(g.viewer), [(AuditEntry.number, "desc")], request.args.get("after"), 50
    )
    return render_template("privacy/looked.html", page=page, names=looking.shown_names(page.items))


@bp.route("/close", methods=["GET", "POST"])
@freshly
def close() -> Any:
    """Close the account: what becomes of the words of each name, then the last question."""
    form = CloseForm()
    owned = personas.names_of(g.member.id)
    chosen = {persona.id: request.form.get(f"choice:{persona.id}", "") for persona in owned}
    if request.method == "POST" and form.validate():
        try:
            if not form.sure.data:
                raise Invalid("sure", _("Confirm that you want to close your account."))
            _close(chosen)
            return _closed()
        except (Invalid, Conflict) as fault:
            put_fault(form, fault)
    choices = [(choice, words.choice_name(choice)) for choice in CHOICES]
    page = render_template("privacy/close.html", form=form, names=owned, chosen=chosen, choices=choices)
    return page, 422 if form.errors else 200


def _close(chosen: dict[str, str]) -> None:
    member_id = g.member.id
    with transaction():
        address = closing.address_of(member_id)
        closing.close(member_id, chosen)
        if address is not None:
            with speaking(address[1]):
                mail.send_later(
                    address[0], _("Your account is closed"), render_template("privacy/closed.txt")
                )


def _closed() -> Any:
    """Nothing of the account is left, in this browser either."""
    session.clear()
    flash(_("Your account is closed. Nothing of it is left but the words you chose to keep."), "ok")
    answer = redirect(url_for("core.home"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
