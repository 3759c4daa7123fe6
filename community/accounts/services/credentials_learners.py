"""Learners: no register knows them yet, so a verified professional answers for each.

The learner's title ends with that of the one who vouches, whether it lapses or is revoked.
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.models import LEARNER, PROFESSIONS, Credential, Persona
from community.accounts.permissions import may_claim, may_vouch
from community.accounts.services.credentials_claims import check_place, claimed_row
from community.accounts.services.credentials_steps import Because, holds_now, prove, same_person, step
from community.accounts.services.personas import check_groups
from community.accounts.signals import vouching_asked
from community.accounts.titles import Vouching
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.tidy import tidy

ACTS = ("accept", "decline", "end")
ANSWERED_IN = timedelta(days=7)  # whoever is not answered by then may ask somebody else


def ask(viewer: Viewer, jurisdiction: str, supervisor: str) -> Credential:
    """Ask a verified professional, by the name others read, to vouch for the name that speaks.

    :raises Invalid: no such province, or nobody verified of that name.
    :raises Conflict: a request waits for its answer already, or the title holds.
    """
    require(may_claim(viewer), _l("A title is claimed under a public name."))
    check_place(LEARNER, jurisdiction)
    check_groups([*viewer.groups, LEARNER], "supervisor")
    title = _title_of(viewer, tidy(supervisor))
    row = claimed_row(str(viewer.persona_id), LEARNER, jurisdiction, _may_still_be_answered)
    vouching = db.session.get(Vouching, row.id)
    if vouching is None:
        vouching = Vouching(credential_id=row.id, by_id=title.id)
        db.session.add(vouching)
    vouching.by_id = title.id
    step(row, "claimed", str(viewer.persona_id))
    announce(vouching_asked, persona_id=title.persona_id, credential_id=row.id)
    return row


def _may_still_be_answered(row: Credential) -> bool:
    """Whether whoever was asked still can, and has had a week for it: nobody is bound to a silent name."""
    vouching = db.session.get(Vouching, row.id)
    title = db.session.get(Credential, vouching.by_id) if vouching else None
    if title is None or not holds_now(title):
        return False
    return row.claimed_at is None or clock.now() < row.claimed_at + ANSWERED_IN


def _title_of(viewer: Viewer, name: str) -> Credential:
    rows = db.session.scalars(
        select(Credential)
        .join(Persona, Persona.id == Credential.persona_id)
        .where(
            Persona.name == name,
            Persona.kind == "public",
            Persona.state == "active",
            Credential.profession.in_(PROFESSIONS),
        )
        .order_by(Credential.until.desc())
    )
    held = [row for row in rows if holds_now(row)]
    if not held:
        raise Invalid("supervisor", _l("No verified professional writes under exactly this name."))
    if same_person(viewer, held[0].persona_id):
        raise Invalid("supervisor", _l("Nobody vouches for themself."))
    return held[0]


def answer(viewer: Viewer, learner: Credential, act: str) -> Credential:
    """Accept or decline a request, or end one's vouching. Accepting again prolongs it to one's own end.

    :raises NotAllowed: it is not asked of this name, or its own title has ended.
    :raises Invalid: no such act. :raises Conflict: there is nothing to answer any more.
    """
    title = title_behind(learner)
    db.session.flush()
    db.session.refresh(title, with_for_update=True)
    db.session.refresh(learner, with_for_update=True)
    require(may_vouch(viewer, title), _l("Only whoever was asked, with a title that holds, answers."))
    require(not same_person(viewer, learner.persona_id), _l("Nobody vouches for themself."))
    if act not in ACTS:
        raise Invalid("act", _l("Choose an answer."))
    if act not in possible_answers(learner, title):
        raise Conflict(_l("This title was decided on in the meantime."))
    _answered(str(viewer.persona_id), learner, title, act)
    return learner


def title_behind(learner: Credential) -> Credential:
    """The title on which a learner's stands, or is asked to stand. :raises Conflict: it is no more."""
    vouching = db.session.get(Vouching, learner.id)
    title = db.session.get(Credential, vouching.by_id) if vouching else None
    if title is None:
        raise Conflict(_l("This title was decided on in the meantime."))
    return title


def possible_answers(learner: Credential, title: Credential) -> tuple[str, ...]:
    """What whoever vouches can answer as things stand."""
    if learner.state == "claimed":
        return ("accept", "decline")
    if not holds_now(learner):
        return ()
    longer = title.until is not None and learner.until is not None and learner.until < title.until
    return ("accept", "end") if longer else ("end",)


def _answered(actor: str, learner: Credential, title: Credential, act: str) -> None:
    decision = {"accept": "verified", "decline": "refused", "end": "revoked"}[act]
    entry = audit.record(actor, f"credential.{decision}", learner.id, persona=learner.persona_id)
    if act == "accept":
        prove(learner, "supervisor")
    step(learner, decision, actor, Because("", "supervisor"), until=title.until, entry=entry.number)
