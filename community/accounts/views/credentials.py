"""One's own titles: claimed by a public name, shown to be one's own, vouched for by a professional."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts import title_letters, title_words
from community.accounts.forms import put_fault
from community.accounts.guards import freshly_opened, signed_in
from community.accounts.models import Credential
from community.accounts.oidc import issuers_of
from community.accounts.permissions import credentials_seen_by, learners_seen_by, may_claim, may_prove
from community.accounts.queries import faces_of, learners_of, own_credentials
from community.accounts.services import credentials, credentials_learners, credentials_proof
from community.accounts.title_forms import (
    AddressForm,
    AffiliationForm,
    ClaimForm,
    LearnerForm,
    MailboxCodeForm,
    VouchForm,
)
from community.accounts.views.blueprint import bp
from community.core.access import one_or_404, require
from community.core.db import transaction
from community.core.errors import Conflict, Invalid, NotFound
from community.core.forms import Form
from community.core.i18n import current_language
from community.core.idempotency import once
from community.core.limits import limiter
from community.core.sealing import tag


@bp.route("/credential", methods=["GET", "POST"])
@signed_in
def own_title() -> Any:
    """One's own titles with every step of their checking, and the form to claim one."""
    form = ClaimForm()

    def claim() -> str:
        row = credentials.claim(
            g.viewer,
            form.profession.data,
            form.jurisdiction.data,
            form.number.data or "",
            specialty=form.specialty.data or "",
        )
        return url_for(".prove_title", key=row.id)

    if request.method == "POST" and (where := _claimed(form, claim)):
        return redirect(where)
    titles = own_credentials(g.viewer)
    learners = learners_of(g.viewer)
    facts = {
        "titles": titles,
        "faces": faces_of([step.by for title in titles for step in title.decisions]),
        "possible": may_claim(g.viewer),
        "provable": {title.id for title in titles if not title.proof and may_prove(g.viewer, title)},
        "learners": [
            (learner, person, credentials_learners.possible_answers(learner, title))
            for learner, title, person in learners
        ],
        "said": title_words,
    }
    return render_template("accounts/own_title.html", form=form, **facts), _status(form)


def _status(form: Form) -> int:
    return 422 if form.errors else 200


def _claimed(form: Form, claim: Callable[[], str]) -> str:
    """Claim once, however often it is sent; where to go on. Empty when the form is to be corrected."""
    if not form.validate():
        return ""
    try:
        where = once(form.idem.data or "", str(g.viewer.persona_id), claim)
    except (Invalid, Conflict) as fault:
        put_fault(form, fault)
        return ""
    flash(_("Your claim is with the coordinators. You will read here what they decide."), "ok")
    return where


@bp.route("/credential/affiliation", methods=["GET", "POST"])
@signed_in
def claim_affiliation() -> Any:
    """Say where one works, to be checked as a title is."""
    require(may_claim(g.viewer), _("A title is claimed under a public name."))
    form = AffiliationForm()

    def claim() -> str:
        kind, place = form.profession.data, form.jurisdiction.data
        row = credentials.claim(g.viewer, kind, place, organization=form.organization.data or "")
        return url_for(".prove_title", key=row.id)

    if request.method == "POST" and (where := _claimed(form, claim)):
        return redirect(where)
    return render_template("accounts/claim_affiliation.html", form=form), _status(form)


@bp.route("/credential/learner", methods=["GET", "POST"])
@limiter.limit("20/hour", methods=["POST"])
@signed_in
def ask_supervisor() -> Any:
    """Ask a verified professional to vouch for oneself as a learner."""
    require(may_claim(g.viewer), _("A title is claimed under a public name."))
    form = LearnerForm()
    if request.method == "POST" and form.validate():
        try:
            once(form.idem.data or "", str(g.viewer.persona_id), lambda: _asked(form))
            flash(_("Asked. They are told, and you will read here what they answer."), "ok")
            return redirect(url_for(".own_title"))
        except (Invalid, Conflict) as fault:
            put_fault(form, fault)
    return render_template("accounts/ask_supervisor.html", form=form), _status(form)


def _asked(form: LearnerForm) -> str:
    credentials_learners.ask(g.viewer, form.jurisdiction.data, form.supervisor.data or "")
    return url_for(".own_title")


# Proof


def _own(key: str) -> Credential:
    own = credentials_seen_by(g.viewer).where(Credential.persona_id == g.viewer.persona_id)
    return one_or_404(own, Credential.id == key)


def _of_address() -> str:
    """Nobody's mailbox is filled with codes: whoever asks, an address gets few a day. Kept as a hash."""
    return f"mailbox:{tag('mailbox limit', request.form.get('address', '').strip().lower()).hex()[:32]}"


@bp.route("/credential/<key>/proof", methods=["GET", "POST"])
@limiter.limit("6/hour", methods=["POST"])
@limiter.limit("4/day", methods=["POST"], key_func=_of_address)
@signed_in
def prove_title(key: str) -> Any:
    """Show that a title is one's own: have a code sent to an institutional mailbox."""
    row = _own(key)
    require(may_prove(g.viewer, row))
    form = AddressForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                address, code = credentials_proof.new_code(g.viewer, row, form.address.data or "")
                title_letters.send_code(address, current_language(), code)
            flash(_("The code is on its way."), "ok")
            return redirect(url_for(".prove_title", key=key))
        except Invalid as fault:
            put_fault(form, fault)
    return _proof_page(row, form, MailboxCodeForm(formdata=None)), _status(form)


@bp.post("/credential/<key>/code")
@limiter.limit("30/hour")
@signed_in
def enter_code(key: str) -> Any:
    """Enter the code that came to the mailbox. A wrong one is counted, and stays counted."""
    row = _own(key)
    require(may_prove(g.viewer, row))
    form = MailboxCodeForm()
    if form.validate():
        try:
            with transaction():
                right = credentials_proof.enter_code(g.viewer, row, form.code.data or "")
            if right:
                flash(_("Shown: this title is yours to claim. The coordinators look at the register."), "ok")
                return redirect(url_for(".own_title"))
            form.code.errors = [_("This is not the code that was sent. Look again; it has eight digits.")]
        except Invalid as fault:
            put_fault(form, fault)
    return _proof_page(row, AddressForm(formdata=None), form), 422


@bp.post("/credential/<key>/sign-in")
@signed_in
def prove_by_sign_in(key: str) -> Any:
    """Use the sign-in of one's institution, tied to one's account, as the proof."""
    row = _own(key)
    require(may_prove(g.viewer, row))
    try:
        with transaction():
            credentials_proof.prove_by_sign_in(g.viewer, row, issuers_of(g.member.id))
        flash(_("Shown: this title is yours to claim. The coordinators look at the register."), "ok")
        return redirect(url_for(".own_title"))
    except Invalid as fault:
        flash(str(fault.sentence), "brick")
        return _proof_page(row, AddressForm(formdata=None), MailboxCodeForm(formdata=None)), 422


def _proof_page(row: Credential, form: AddressForm, code_form: MailboxCodeForm) -> str:
    waits = credentials_proof.code_waits(row) or bool(code_form.errors)
    facts = {"title": row, "form": form, "code_form": code_form, "waits": waits, "said": title_words}
    tied = [one.name for one in credentials_proof.listed_issuers(issuers_of(g.member.id))]
    return render_template("accounts/prove_title.html", tied=tied, **facts)


# Learners


@bp.post("/credential/learners/<key>")
@freshly_opened
def vouch(key: str) -> Any:
    """Answer a learner who asked for one's word, or take it back."""
    learner = one_or_404(learners_seen_by(g.viewer), Credential.id == key)
    form = VouchForm()
    if not form.validate() or form.act.data not in credentials_learners.ACTS:
        raise NotFound
    with transaction():
        credentials_learners.answer(g.viewer, learner, form.act.data)
    flash(_("Answered, and written in the register."), "ok")
    return redirect(url_for(".own_title"))
