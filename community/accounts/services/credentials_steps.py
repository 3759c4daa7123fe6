"""The steps of a title: each dated, announced, and written in its own line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from community.accounts import vault
from community.accounts.models import Credential, CredentialDecision
from community.accounts.signals import credential_decided
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.announce import announce
from community.core.db import db

VALID_FOR = timedelta(days=365)


@dataclass(frozen=True)
class Because:
    """Why a decision was taken: a reason of the list, and words that the person reads."""

    words: str
    code: str = ""


def holds_now(row: Credential) -> bool:
    """Whether a title is verified at this moment."""
    return row.state == "verified" and (row.until is None or clock.now() < row.until)


def same_person(viewer: Viewer, persona_id: str) -> bool:
    """Whether the same person is behind both names. Answered in memory, and told to nobody but themself."""
    if viewer.kind == "operator" or viewer.persona_id is None:
        return False
    member = vault.member_of(viewer.persona_id)
    return member is not None and member == vault.member_of(persona_id)


def prove(credential: Credential, proof: str, by: bytes | None = None) -> None:
    """Keep how the person showed that the title is theirs, to the day."""
    credential.proof, credential.proof_by, credential.proved_on = proof, by, clock.today()


def steps_of(credential: Credential) -> list[CredentialDecision]:
    """The dated decisions on a title, oldest first."""
    return list(
        db.session.scalars(
            select(CredentialDecision)
            .where(CredentialDecision.credential_id == credential.id)
            .order_by(CredentialDecision.number)
        )
    )


def step(
    credential: Credential,
    decision: str,
    by: str,
    why: Because = Because(""),
    *,
    at: datetime | None = None,
    until: datetime | None = None,
    entry: int | None = None,
) -> None:
    """Take a step: what it changes of the title, its dated line, and the announcement."""
    now = at or clock.now()
    renewing = decision == "pending" and holds_now(credential)
    if decision == "verified":
        credential.since = credential.since if holds_now(credential) else now
        credential.until = until or now + VALID_FOR
        credential.reminded = 0
    elif decision == "revoked":
        credential.until = now
    if not renewing and decision != "checked":
        credential.state = decision
    _keep_step(credential, decision, by, why, now, entry)
    announce(
        credential_decided,
        persona_id=credential.persona_id,
        credential_id=credential.id,
        decision=decision,
    )


def _keep_step(
    credential: Credential, decision: str, by: str, why: Because, at: datetime, entry: int | None = None
) -> None:
    db.session.add(
        CredentialDecision(
            credential_id=credential.id,
            number=len(steps_of(credential)) + 1,
            decision=decision,
            by=by,
            because=why.code,
            reason=why.words,
            at=at,
            entry=entry,
        )
    )
    db.session.flush()


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
    _keep_step(row, "claimed", persona_id, Because(""), since - timedelta(days=3))
    if state != "claimed":
        _keep_step(row, "verified", "demonstration", Because(""), since)
    if state in {"lapsed", "revoked"} and until is not None:
        _keep_step(row, state, "calendar", Because(""), until)
    return row
