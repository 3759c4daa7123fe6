"""Professional titles: claimed by a public name, proved, checked by people, in dated decisions.

A number is public, so it proves nothing: the person shows control of an institutional mailbox or sign-in,
or speaks with a coordinator, and coordinators look at the college's public register. Each step says who,
when and what was looked at. A clinician's title needs two of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts import vault
from community.accounts.models import CLINICIANS, LEARNER, Credential, Duty, Persona
from community.accounts.permissions import may_decide
from community.accounts.services import duties
from community.accounts.services.credentials_claims import claim, is_number_of, says_number_of
from community.accounts.services.credentials_ends import end_vouched, lapse
from community.accounts.services.credentials_steps import (
    Because,
    holds_now,
    prove,
    same_person,
    step,
    steps_of,
    vouch,
)
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.identifiers import without_numbers
from community.core.tidy import tidy

__all__ = ["Because", "claim", "decide", "is_open_to", "lapse", "look", "steps_of", "vouch"]

LOOKED = "credential.looked"
RENEWED_IN = timedelta(days=60)
DECISIONS = ("verified", "refused", "revoked", "checked")
# Why, from a list; the words beside it say what was looked at.
REASONS: Mapping[str, tuple[str, ...]] = {
    "verified": ("register", "institution", "other"),
    "refused": ("not_found", "other_name", "other_number", "not_active", "no_proof", "other"),
    "revoked": ("not_active", "limited", "left", "asked", "mistaken", "other"),
    "checked": ("register", "institution", "other"),
}
_OPEN = ("claimed", "pending")
_LONGEST_REASON = 1000
_OWN = _l("Nobody decides on their own title.")


def decide(
    viewer: Viewer,
    credential: Credential,
    decision: str,
    because: Because | str,
    *,
    number: str = "",
    spoke: bool = False,
    founding: bool = False,
) -> Credential:
    """Verify, refuse, revoke or check a title. A clinician's first "verified" waits for a second.

    In its last sixty days a title is renewed in the same way, and holds meanwhile.

    :param number: as read in the register, to be compared with the one that was claimed.
    :param spoke: the coordinator spoke with the person and saw the licence: a proof, where there is none.
    :param founding: the operator decides alone, which is possible while fewer than two coordinate.
    :raises NotAllowed: not a coordinator, one's own title, or the same person twice.
    :raises Invalid: no such decision, no reason, another number, or nothing proved.
    :raises Conflict: nothing to decide.
    """
    why = Because(because) if isinstance(because, str) else because
    db.session.flush()
    db.session.refresh(credential, with_for_update=True)  # two who decide at once do so one after the other
    require(may_decide(viewer, credential), _OWN)
    require(not same_person(viewer, credential.persona_id), _OWN)
    _check_decision(credential, decision, why)
    if number and not is_number_of(credential, number):
        raise Invalid("number", _l("This is not the number that was claimed."))
    if spoke and not credential.proof:
        prove(credential, "call")
    if founding:
        require(viewer.kind == "operator" and duties.coordinators() < 2, _FOUNDED)
    elif decision == "verified":
        decision = _counted(viewer, credential)
    return _decided(str(viewer.persona_id), credential, decision, why, founding=founding)


def look(viewer: Viewer, credential: Credential) -> None:
    """Open a claim: the register says so, and the person reads who did. Once a day is enough.

    :raises NotAllowed: not a coordinator.
    """
    require(viewer.coordinator)
    if not is_open_to(viewer, credential):
        audit.record(str(viewer.persona_id), LOOKED, credential.id, persona=credential.persona_id)


def is_open_to(viewer: Viewer, credential: Credential) -> bool:
    """Whether this viewer opened the claim within the last day."""
    return audit.did_lately(str(viewer.persona_id), LOOKED, credential.id)


_FOUNDED = _l("Two coordinators exist: from now on they decide, not the command line.")


def _decided(
    actor: str, credential: Credential, decision: str, why: Because, *, founding: bool
) -> Credential:
    entry = audit.record(
        actor, f"credential.{decision}", credential.id, persona=credential.persona_id, founding=founding
    )
    step(credential, decision, actor, Because(without_numbers(tidy(why.words)), why.code), entry=entry.number)
    if decision == "revoked":
        end_vouched(credential, actor)
    return credential


def _counted(viewer: Viewer, credential: Credential) -> str:
    """What a "verified" counts as: the first of two, or the decision. Never without a proof."""
    if not credential.proof:
        raise Invalid(
            "decision",
            _l("Nothing shows yet that this title is theirs. Wait for their proof, or speak with them."),
        )
    return "pending" if _needs_second(viewer, credential) else "verified"


def _check_decision(credential: Credential, decision: str, why: Because) -> None:
    if decision not in DECISIONS:
        raise Invalid("decision", _l("Choose a decision from the list."))
    if why.code and why.code not in REASONS[decision]:
        raise Invalid("because", _l("Choose a reason that goes with the decision."))
    if not 3 <= len(tidy(why.words)) <= _LONGEST_REASON:
        raise Invalid("reason", _l("Say which register was looked at, or why: it is read by the person."))
    if says_number_of(credential, why.words):
        raise Invalid("reason", _l("Leave the number out: these words stay, and the number is not kept."))
    if decision not in possible_decisions(credential):
        raise Conflict(_l("This title was decided on in the meantime."))


def possible_decisions(credential: Credential) -> tuple[str, ...]:
    """What coordinators can decide on a title as it stands. A learner's is accepted by who vouches for it."""
    learner = credential.profession == LEARNER
    if credential.state in _OPEN:
        return () if learner else ("verified", "refused")
    if not holds_now(credential):
        return ()
    if learner:
        return ("revoked",)
    return ("verified", "revoked") if ends_soon(credential) else ("checked", "revoked")


def ends_soon(credential: Credential) -> bool:
    """Whether a verified title is in the days in which it is renewed."""
    soon = clock.now() + RENEWED_IN
    return holds_now(credential) and credential.until is not None and credential.until < soon


def _needs_second(viewer: Viewer, credential: Credential) -> bool:
    """Whether this "verified" is only the first of two.

    :raises NotAllowed: the same person has given the first.
    """
    if credential.profession not in CLINICIANS:
        return False
    last = steps_of(credential)[-1:]
    if not last or last[0].decision != "pending" or _counts_no_more(last[0].by):
        return True
    twice = last[0].by == viewer.persona_id or same_person(viewer, last[0].by)
    require(not twice, _l("You checked this title already: a second person decides."))
    return False


def _counts_no_more(persona_id: str) -> bool:
    """Whether whoever gave the first word coordinates no more, or nobody is behind that name: nobody knows
    then that a second one is somebody else."""
    if db.session.get(Persona, persona_id) is None:
        return False  # the operator
    coordinates = select(Duty.persona_id).where(Duty.persona_id == persona_id, Duty.duty == "coordinator")
    return db.session.scalar(coordinates.limit(1)) is None or vault.member_of(persona_id) is None


def others_with_number(credential: Credential) -> int:
    """How many other active names claim the same number: coordinators are warned, not told whose.

    Tags under older keys cannot be compared with newer ones; a rotation forgets such warnings.
    """
    if credential.number_hash is None:
        return 0
    same = (
        select(Credential.id)
        .join(Persona, Persona.id == Credential.persona_id)
        .where(
            Credential.number_hash == credential.number_hash,
            Credential.id != credential.id,
            Persona.state == "active",
        )
    )
    return len(list(db.session.scalars(same)))
