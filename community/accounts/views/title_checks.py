"""What coordinators check, and the institutions that administrators keep for it."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts import title_words, words
from community.accounts.forms import put_fault
from community.accounts.models import CLINICIANS, Credential
from community.accounts.permissions import credentials_seen_by, may_decide
from community.accounts.professions import register_of
from community.accounts.queries import credential_queue, faces_of, institutions
from community.accounts.services import credentials, credentials_proof
from community.accounts.services import institutions as keeping
from community.accounts.services.credentials import Because
from community.accounts.title_forms import DecisionForm, InstitutionForm
from community.accounts.views.blueprint import bp, with_duty
from community.core.access import one_or_404
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.idempotency import once


@bp.get("/credentials")
@with_duty("coordinator")
def credential_list() -> str:
    """What waits for a decision."""
    waiting = credential_queue(g.viewer, credentials.RENEWED_IN)
    return render_template("accounts/credential_list.html", waiting=waiting, said=title_words)


@bp.route("/credentials/<key>", methods=["GET", "POST"])
@with_duty("coordinator")
def credential(key: str) -> Any:
    """One claim: what is known, what was decided, and the form to decide."""
    row = one_or_404(credentials_seen_by(g.viewer), Credential.id == key)
    if request.method != "POST" and not credentials.is_open_to(g.viewer, row):
        person = faces_of([row.persona_id])[row.persona_id]
        return render_template("accounts/credential_closed.html", title=row, person=person)
    form = DecisionForm()
    form.offer(credentials.possible_decisions(row), row.profession)
    if request.method == "POST" and form.validate():
        try:
            where = once(form.idem.data or "", str(g.viewer.persona_id), lambda: _decided(row, form))
            flash(_("Decided, and written in the register."), "ok")
            return redirect(where)
        except Invalid as fault:
            put_fault(form, fault)
    status = 422 if form.errors else 200
    return render_template("accounts/credential.html", form=form, **_facts(row)), status


@bp.post("/credentials/<key>/open")
@with_duty("coordinator")
def open_credential(key: str) -> Any:
    """Look at a claim: who did is in the register, and the person reads it there."""
    with transaction():
        credentials.look(g.viewer, one_or_404(credentials_seen_by(g.viewer), Credential.id == key))
    return redirect(url_for(".credential", key=key), 303)


def _decided(row: Credential, form: DecisionForm) -> str:
    credentials.decide(
        g.viewer,
        row,
        form.decision.data,
        Because(form.reason.data or "", form.because.data),
        number=form.number.data or "",
        spoke=bool(form.spoke.data),
    )
    return url_for(".credential_list")


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
        "register": register_of(row.profession, row.jurisdiction),
        "institution": credentials_proof.institution_behind(row),
        "said": title_words,
    }


@bp.route("/institutions", methods=["GET", "POST"])
@with_duty("administrator")
def institution_list() -> Any:
    """Whose mail or sign-in shows where somebody works, and the form to add one."""
    form = InstitutionForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                keeping.add(g.viewer, form.kind.data, form.value.data or "", form.name.data or "")
            flash(_("Added, and written in the register."), "ok")
            return redirect(url_for(".institution_list"))
        except Invalid as fault:
            put_fault(form, fault)
    facts = {"listed": institutions(), "said": title_words}
    return render_template("accounts/institution_list.html", form=form, **facts), 422 if form.errors else 200


@bp.post("/institutions/remove")
@with_duty("administrator")
def remove_institution() -> Any:
    """Take an institution off the list."""
    with transaction():
        keeping.remove(g.viewer, request.form.get("value", ""))
    flash(_("Taken off the list. The titles it proved stay until they are checked again."), "ok")
    return redirect(url_for(".institution_list"))
