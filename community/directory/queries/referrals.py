"""A name's own list of referrals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core.archives import Rows
from community.core.db import db
from community.directory.hsds.profile import Text
from community.directory.models.referrals import Referral
from community.directory.permissions.referrals import KEPT, may_take_back, referrals_seen_by
from community.directory.queries.names import names

MOST = 300


@dataclass(frozen=True)
class OwnReferral:
    """One of the list. ``name`` is none when the service is listed no more."""

    key: str
    service_id: str
    name: Text | None
    made_on: date
    outcome: str
    may_take_back: bool

    @property
    def open(self) -> bool:
        """Whether something is still to be heard of it."""
        return self.outcome in {"unknown", "waiting"}

    @property
    def kept_until(self) -> date:
        """The last day on which it stands on the list."""
        return self.made_on + KEPT


def own_referrals(viewer: Viewer, lang: str) -> list[OwnReferral]:
    """The viewer's referrals of the last ninety days, the newest first."""
    rows = referrals_seen_by(viewer).order_by(Referral.made_on.desc(), Referral.key).limit(MOST)
    found = db.session.scalars(rows).all()
    named = names(viewer, "service", {row.service_id for row in found})
    return [
        OwnReferral(
            key=row.key,
            service_id=row.service_id,
            name=named[row.service_id][lang] if row.service_id in named else None,
            made_on=row.made_on,
            outcome=row.outcome,
            may_take_back=may_take_back(viewer, row),
        )
        for row in found
    ]


def own_rows(persona_id: str) -> Rows:
    """The list of a name, for its archive. It is loaded nowhere else: services have other ids there."""
    rows = select(Referral).where(Referral.persona_id == persona_id).order_by(Referral.made_on, Referral.key)
    columns = ("service_id", "made_on", "outcome", "profession", "asked")
    return {"referrals": [{name: getattr(row, name) for name in columns} for row in db.session.scalars(rows)]}
