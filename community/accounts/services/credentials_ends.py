"""How titles end: on their day, with the title of whoever vouched; and the word before it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from community.accounts.models import Credential
from community.accounts.services.credentials_steps import Because, holds_now, step
from community.accounts.signals import credential_ending
from community.accounts.titles import Vouching
from community.core import audit, clock
from community.core.announce import announce
from community.core.db import db

REMINDED = (7, 30)  # days before the end, the nearest first: who is reminded late is reminded once
_BATCH = 200


def lapse() -> int:
    """Write down that titles came to their end. What they opened closed at that second by itself."""
    ended = (
        select(Credential)
        .where(Credential.state == "verified", Credential.until <= clock.now())
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = list(db.session.scalars(ended))
    for row in rows:
        step(row, "lapsed", "calendar", at=row.until)
    return len(rows)


def remind() -> int:
    """Say to those whose title ends in thirty days, and again in seven, that it does. Each once."""
    return sum(_remind(days) for days in REMINDED)


def _remind(days: int) -> int:
    now = clock.now()
    ending = (
        select(Credential)
        .where(
            Credential.state == "verified",
            Credential.until > now,
            Credential.until <= now + timedelta(days=days),
            or_(Credential.reminded == 0, Credential.reminded > days),
        )
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = list(db.session.scalars(ending))
    for row in rows:
        row.reminded = days
        announce(credential_ending, persona_id=row.persona_id, credential_id=row.id, days=days)
    return len(rows)


def leave(persona_id: str, keep: bool) -> None:
    """A name is let go of: those for whom it vouched are learners without a word for them."""
    for title in db.session.scalars(select(Credential).where(Credential.persona_id == persona_id)).all():
        end_vouched(title, persona_id)


def end_vouched(supervisor: Credential, actor: str) -> None:
    """End the learners' titles that stood on this one, at this second; requests that wait are refused."""
    rows = db.session.scalars(
        select(Credential)
        .join(Vouching, Vouching.credential_id == Credential.id)
        .where(Vouching.by_id == supervisor.id)
        .with_for_update()
    ).all()
    for row in rows:
        if holds_now(row) or row.state == "claimed":
            decision = "refused" if row.state == "claimed" else "revoked"
            entry = audit.record(actor, f"credential.{decision}", row.id, persona=row.persona_id)
            step(row, decision, "calendar", Because("", "supervisor"), entry=entry.number)
