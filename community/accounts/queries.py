"""Reads of the persona side: labels, names, groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from community.accounts.models import Credential
from community.core import clock
from community.core.db import db


@dataclass(frozen=True)
class Label:
    """What is shown beside a name: a verified title, or the date until which it was verified."""

    profession: str
    jurisdiction: str
    since: datetime | None
    ended: datetime | None  # None while it holds

    @property
    def holds(self) -> bool:
        """Whether the title is verified now."""
        return self.ended is None


def labels_of(persona_ids: Collection[str]) -> dict[str, Label]:
    """The label of each of these personas that has one, in one statement.

    Claimed, pending and refused titles show nothing. A lapsed or revoked one says until when.
    """
    rows = db.session.scalars(
        select(Credential)
        .where(
            Credential.persona_id.in_(set(persona_ids)),
            Credential.state.in_(("verified", "lapsed", "revoked")),
        )
        .order_by(Credential.since)
    )
    found: dict[str, Label] = {}
    now = clock.now()
    for row in rows:
        label = _label(row, now)
        if row.persona_id not in found or label.holds:
            found[row.persona_id] = label
    return found


def _label(row: Credential, now: datetime) -> Label:
    ended = None
    if row.state != "verified" or (row.until is not None and row.until <= now):
        ended = min(row.until or now, now)
    return Label(row.profession, row.jurisdiction, row.since, ended)
