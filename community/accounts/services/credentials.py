"""Professional titles: claimed by a public name, checked by people, in dated decisions.

Nothing proves a title by itself: coordinators look at the college's public register, and each step
says who, when and what was looked at. A clinician's title needs two of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.models import CLINICIANS, PROFESSIONS, Credential, CredentialDecision, Persona
from community.accounts.permissions import may_claim, may_decide
from community.accounts.services import duties
from community.accounts.signals import credential_decided
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.regions import provinces
from community.core.sealing import tag, tags

VALID_FOR = timedelta(days=365)
RENEWED_IN = timedelta(days=60)
DECISIONS = ("verified", "refused", "revoked")
_OPEN = ("claimed", "pending")
_TAG = "licence number"
_LONGEST_NUMBER = 30
_LONGEST_REASON = 1000
_BATCH = 200


def claim(viewer: Viewer, profession: str, jurisdiction: str, number: str) -> Credential:
    """Claim a title for the public name that speaks. Of the number, a keyed hash and its end are kept.

    :raises Invalid: no such profession or province, or no number. :raises Conflict: claimed already.
    """
    require(may_claim(viewer), _l("A title is claimed under a public name."))
    digits = _number(profession, jurisdiction, number)
    row = _row(str(viewer.persona_id), profession, jurisdiction)
    if row is not None and (row.state in _OPEN or _holds(row)):
        raise Conflict(_l("This title is claimed already."))
    if row is None:
        row = Credential(persona_id=viewer.persona_id, profession=profession, jurisdiction=jurisdiction)
        db.session.add(row)
    row.number_hash = tag(_TAG, profession, jurisdiction, digits)
    row.number_end = digits[-3:]
    db.session.flush()
    _step(row, "claimed", str(viewer.persona_id), "")
    return row


def _number(profession: str, jurisdiction: str, number: str) -> str:
    if profession not in PROFESSIONS:
        raise Invalid("profession", _l("Choose a profession from the list."))
    if jurisdiction not in {place.code for place in provinces()}:
        raise Invalid("jurisdiction", _l("Choose a province or territory from the list."))
    kept = "".join(c for c in number.upper() if c.isalnum())
    if not 3 <= len(kept) <= _LONGEST_NUMBER or not any(c.isdigit() for c in kept):
        raise Invalid("number", _l("Write the licence or member number as your college gives it."))
    return kept


def _row(persona_id: str, profession: str, jurisdiction: str) -> Credential | None:
    return db.session.scalar(
        select(Credential).where(
            Credential.persona_id == persona_id,
            Credential.profession == profession,
            Credential.jurisdiction == jurisdiction,
        )
    )


def _holds(row: Credential) -> bool:
    return row.state == "verified" and (row.until is None or clock.now() < row.until)


def decide(
    viewer: Viewer,
    credential: Credential,
    decision: str,
    reason: str,
    *,
    number: str = "",
    founding: bool = False,
) -> Credential:
    """Verify, refuse or revoke a title. The first "verified" of a clinician's title waits for a second.

    In its last sixty days a title is renewed in the same way, and holds meanwhile.

    :param number: as read in the register, to be compared with the one that was claimed.
    :param founding: the operator decides alone, which is possible while fewer than two coordinate.
    :raises NotAllowed: not a coordinator, one's own title, or the same person twice.
    :raises Invalid: no such decision, no reason, another number. :raises Conflict: nothing to decide.
    """
    require(may_decide(viewer, credential), _l("Nobody decides on their own title."))
    _check_decision(credential, decision, reason)
    if number and not _is_number_of(credential, number):
        raise Invalid("number", _l("This is not the number that was claimed."))
    actor = str(viewer.persona_id)
    if founding:
        require(viewer.kind == "operator" and duties.coordinators() < 2, _FOUNDED)
    elif decision == "verified" and _needs_second(credential, actor):
        decision = "pending"
    _step(credential, decision, actor, reason.strip())
    audit.record(
        actor, f"credential.{decision}", credential.id, persona=credential.persona_id, founding=founding
    )
    return credential


_FOUNDED = _l("Two coordinators exist: from now on they decide, not the command line.")


def _check_decision(credential: Credential, decision: str, reason: str) -> None:
    if decision not in DECISIONS:
        raise Invalid("decision", _l("Choose a decision from the list."))
    if not 3 <= len(reason.strip()) <= _LONGEST_REASON:
        raise Invalid("reason", _l("Say which register was looked at, or why: it is read by the person."))
    if decision not in possible_decisions(credential):
        raise Conflict(_l("This title was decided on in the meantime."))


def possible_decisions(credential: Credential) -> tuple[str, ...]:
    """What can be decided on a title as it stands."""
    if credential.state in _OPEN:
        return ("verified", "refused")
    if not _holds(credential):
        return ()
    return ("verified", "revoked") if ends_soon(credential) else ("revoked",)


def ends_soon(credential: Credential) -> bool:
    """Whether a verified title is in the days in which it is renewed."""
    return _holds(credential) and credential.until is not None and credential.until < clock.now() + RENEWED_IN


def _needs_second(credential: Credential, actor: str) -> bool:
    """Whether this "verified" is only the first of two.

    :raises NotAllowed: the same coordinator has given the first.
    """
    if credential.profession not in CLINICIANS:
        return False
    last = steps_of(credential)[-1:]
    if not last or last[0].decision != "pending":
        return True
    require(last[0].by != actor, _l("You checked this title already: a second person decides."))
    return False


def steps_of(credential: Credential) -> list[CredentialDecision]:
    """The dated decisions on a title, oldest first."""
    return list(
        db.session.scalars(
            select(CredentialDecision)
            .where(CredentialDecision.credential_id == credential.id)
            .order_by(CredentialDecision.number)
        )
    )


def _step(credential: Credential, decision: str, by: str, reason: str, at: datetime | None = None) -> None:
    now = at or clock.now()
    renewing = decision == "pending" and _holds(credential)
    if decision == "verified":
        credential.since = credential.since if _holds(credential) else now
        credential.until = now + VALID_FOR
    elif decision == "revoked":
        credential.until = now
    if not renewing:
        credential.state = decision
    _keep_step(credential, decision, by, reason, now)
    announce(
        credential_decided,
        persona_id=credential.persona_id,
        credential_id=credential.id,
        decision=decision,
    )


def _keep_step(credential: Credential, decision: str, by: str, reason: str, at: datetime) -> None:
    number = len(steps_of(credential)) + 1
    db.session.add(
        CredentialDecision(
            credential_id=credential.id, number=number, decision=decision, by=by, reason=reason, at=at
        )
    )
    db.session.flush()


def lapse() -> int:
    """Write down that titles came to their end. What they opened closed at that second by itself."""
    ended = (
        select(Credential)
        .where(Credential.state == "verified", Credential.until <= clock.now())
        .limit(_BATCH)
    )
    rows = list(db.session.scalars(ended))
    for row in rows:
        _step(row, "lapsed", "calendar", "", row.until)
    return len(rows)


def others_with_number(credential: Credential) -> int:
    """How many other active names claim the same number: coordinators are warned, not told whose.

    Tags under older keys cannot be compared with newer ones; a rotation forgets such warnings.
    """
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


def _is_number_of(credential: Credential, number: str) -> bool:
    digits = "".join(c for c in number.upper() if c.isalnum())
    return credential.number_hash in tags(_TAG, credential.profession, credential.jurisdiction, digits)


def vouch(
    persona_id: str, profession: str, jurisdiction: str, state: str, since: datetime, until: datetime | None
) -> Credential:
    """A title of the demonstration, with its steps, as if it had been decided then."""
    row = Credential(
        persona_id=persona_id,
        profession=profession,
        jurisdiction=jurisdiction,
        state=state,
        since=None if state == "claimed" else since,
        until=None if state == "claimed" else until,
    )
    db.session.add(row)
    db.session.flush()
    _keep_step(row, "claimed", persona_id, "", since - timedelta(days=3))
    if state != "claimed":
        _keep_step(row, "verified", "demonstration", "", since)
    if state in {"lapsed", "revoked"} and until is not None:
        _keep_step(row, state, "calendar", "", until)
    return row
