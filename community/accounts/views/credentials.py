"""Titles: claimed by a public name, decided by coordinators."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts import words
from community.accounts.forms import ClaimForm, DecisionForm, put_fault
from community.accounts.models import CLINICIANS, Credential
from community.accounts.permissions import credentials_seen_by, may_claim, may_decide
from community.accounts.queries import credential_queue, faces_of, own_credentials
from community.accounts.services import credentials
from community.accounts.session import signed_in
from community.accounts.views.blueprint import bp, with_duty
from community.core.access import one_or_404
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.forms import options


@bp.route("/credential", methods=["GET", "POST"])
@signed_in
def own_title() -> Any:
    """One's own titles with every step of their checking, and the form to claim one."""
    form = ClaimForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                credentials.claim(
                    g.viewer, form.profession.data, form.jurisdiction.data, form.number.data or ""
                )
            flash(_("Your claim is with the coordinators. You will read here what they decide."), "ok")
            return redirect(url_for(".own_title"))
        except Invalid as fault:
            put_fault(form, fault)
    status = 422 if form.errors else 200
    titles = own_credentials(g.viewer)
    faces = faces_of([step.by for title in titles for step in title.decisions])
    facts = {"titles": titles, "faces": faces, "possible": may_claim(g.viewer)}
    return render_template("accounts/own_title.html", form=form, **facts), status


@bp.get("/credentials")
@with_duty("coordinator")
def credential_list() -> str:
    """What waits for a decision."""
    waiting = credential_queue(g.viewer, credentials.RENEWED_IN)
    return render_template("accounts/credential_list.html", waiting=waiting)


@bp.route("/credentials/<key>", methods=["GET", "POST"])
@with_duty("coordinator")
def credential(key: str) -> Any:
    """One claim: what is known, what was decided, and the form to decide."""
    row = one_or_404(credentials_seen_by(g.viewer), Credential.id == key)
    form = DecisionForm()
    form.decision.choices = options(_choices(row))
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                credentials.decide(
                    g.viewer, row, form.decision.data, form.reason.data or "", number=form.number.data or ""
                )
            flash(_("Decided, and written in the register."), "ok")
            return redirect(url_for(".credential_list"))
        except Invalid as fault:
            put_fault(form, fault)
    status = 422 if form.errors else 200
    return render_template("accounts/credential.html", form=form, **_facts(row)), status


def _choices(row: Credential) -> list[tuple[str, str]]:
    names = {
        "verified": _("Verify: the register says so"),
        "refused": _("Refuse"),
        "revoked": _("Withdraw the title now"),
    }
    return [(each, names[each]) for each in credentials.possible_decisions(row)]


def _facts(row: Credential) -> dict[str, Any]:
    steps = credentials.steps_of(row)
    faces = faces_of([row.persona_id, *(step.by for step in steps)])
    return {
        "title": row,
        "steps": steps,
        "faces": faces,
        "person": faces[row.persona_id],
        "profession": words.profession_name(row.profession),
        "possible": may_decide(g.viewer, row) and bool(credentials.possible_decisions(row)),
        "two": row.profession in CLINICIANS,
        "others": credentials.others_with_number(row),
    }
