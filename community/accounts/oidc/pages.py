"""The pages around a sign-in elsewhere: before one leaves, for whoever is new, and one's own list."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from community.accounts.forms import put_fault
from community.accounts.guards import freshly
from community.accounts.oidc import journey, links, providers
from community.accounts.oidc.forms import JoinElsewhereForm
from community.accounts.oidc.offering import next_asked
from community.accounts.oidc.views import NEW, NEW_SEAL, ask_to_link
from community.accounts.services import without_address
from community.accounts.signin import letters
from community.accounts.signin.doors import slowed
from community.accounts.signin.without_address import WrittenDownForm
from community.accounts.views.blueprint import bp
from community.accounts.views.security import end_what_it_opened
from community.core import clock
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.i18n import current_language
from community.core.sealing import CannotUnseal, unseal_text
from config import Provider

_JOINING_LASTS = journey.LASTS + 3600


@bp.get("/sign-in/elsewhere/<provider>")
def elsewhere(provider: str) -> Any:
    """What a provider learns, and what the site keeps, before one goes there."""
    chosen = providers.provider_or_404(provider)
    if g.member is not None:
        return redirect(url_for("core.home"))
    return _leaving(chosen, "enter", next_asked())


def _leaving(provider: Provider, purpose: str, next: str | None = None) -> str:
    facts: dict[str, Any] = {"purpose": purpose, "lang": current_language(), "next": next}
    return render_template(
        "accounts/leave_for_elsewhere.html",
        name=providers.name_of(provider),
        purpose=purpose,
        go=url_for("oidc.start", provider=provider.key, **facts),
        go_shared=url_for("oidc.start", provider=provider.key, shared="yes", **facts),
    )


@bp.get("/linked-sign-ins")
@freshly
def linked_sign_ins() -> str:
    """The sign-ins elsewhere that open this account."""
    mine = links.of_member(g.member.id)
    there = {row.issuer for row in mine}
    return render_template(
        "accounts/linked_sign_ins.html",
        linked=[(row, providers.name_of_issuer(row.issuer)) for row in mine],
        others=[(one.key, providers.name_of(one)) for one in providers.known() if one.issuer not in there],
        removable=links.may_remove(g.member),
    )


@bp.post("/linked-sign-ins/add/<provider>")
@freshly
def link_elsewhere(provider: str) -> str:
    """Before one goes there to add it."""
    chosen = providers.provider_or_404(provider)
    ask_to_link(chosen)
    return _leaving(chosen, "link")


@bp.post("/linked-sign-ins/<link>/remove")
@freshly
def remove_link(link: str) -> Any:
    """Take one away; a way in must remain."""
    try:
        with transaction():
            links.remove(g.member, link)
            letters.tell(g.member, "sign-in removed")
            end_what_it_opened()
        flash(_("Removed. It no longer opens your account."), "ok")
    except Conflict as fault:
        flash(str(fault.sentence), "brick")
    return redirect(url_for(".linked_sign_ins"))


def _newcomer() -> tuple[Provider, bytes] | None:
    """Whom a provider sent and nobody here knows yet; none after an hour."""
    try:
        began, key, hashed = unseal_text(NEW_SEAL, session.get(NEW, "")).split()
    except CannotUnseal:
        return None
    provider = next((one for one in providers.known() if one.key == key), None)
    if provider is None or clock.now().timestamp() - int(began) > _JOINING_LASTS:
        return None
    return provider, bytes.fromhex(hashed)


@bp.route("/join/elsewhere", methods=["GET", "POST"])
@slowed("join_by_name")
def join_elsewhere() -> Any:
    """Join as others do, with the charter; the provider stands in the place of a password."""
    if g.member is not None:
        return redirect(url_for("core.home"))
    new = _newcomer()
    if new is None:
        return redirect(url_for("security.login"))
    form = JoinElsewhereForm()
    facts = {"form": form, "name": providers.name_of(new[0])}
    if request.method == "POST" and "more" not in request.form:
        if form.validate():
            try:
                return _to_write_down(form, *new)
            except Invalid as fault:
                put_fault(form, fault)
        return render_template("accounts/join_elsewhere.html", **facts), 422
    return render_template("accounts/join_elsewhere.html", **facts)


def _to_write_down(form: JoinElsewhereForm, provider: Provider, hashed: bytes) -> Any:
    made = without_address.plan_linked(form.wish(), form.agreed(), provider.issuer, hashed)
    on_paper = WrittenDownForm(formdata=None)
    on_paper.plan.data = without_address.sealed(made)
    page = render_template("accounts/write_down.html", form=on_paper, plan=made)
    return page, 200, {"Cache-Control": "no-store"}
