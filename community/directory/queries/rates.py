"""What was published of referrals: the same figures for the page, its picture, CSV and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from community.accounts.viewer import VISITOR, Viewer
from community.core.db import db
from community.directory.hsds.profile import Text
from community.directory.models.referrals import ReferralRate
from community.directory.permissions.referrals import rates_seen_by
from community.directory.queries.names import names

_ORDER = {"all": 0, "region": 1, "need": 2, "profession": 3, "service": 4}


@dataclass(frozen=True)
class Table:
    """The lines of the same months, as they were published."""

    first: date
    last: date
    published_on: date
    lines: Sequence[ReferralRate]
    services: Mapping[str, Mapping[str, Text]]  # names by id and language, of those that are still listed

    @property
    def all(self) -> ReferralRate:
        """All referrals together."""
        return next(one for one in self.lines if one.kind == "all")

    def of(self, kind: str) -> list[ReferralRate]:
        """The lines of a kind, those with most referrals first, then those that are hidden."""
        found = [one for one in self.lines if one.kind == kind]
        return sorted(found, key=lambda one: (one.referred is None, -(one.referred or 0), one.code))

    def left(self, kind: str) -> tuple[int, int]:
        """How many were referred, and how many of them taken in, whom no line of the kind shows."""
        shown = [(one.referred or 0, one.taken_in or 0) for one in self.of(kind)]
        every = (self.all.referred or 0, self.all.taken_in or 0)
        return every[0] - sum(one for one, _in in shown), every[1] - sum(taken for _all, taken in shown)


def periods(viewer: Viewer) -> list[tuple[date, date]]:
    """First and last months of what was published, the newest first."""
    rows = rates_seen_by(viewer).with_only_columns(ReferralRate.first, ReferralRate.last)
    found = db.session.execute(rows.where(ReferralRate.kind == "all").order_by(ReferralRate.first.desc()))
    return [(first, last) for first, last in found]


def table(viewer: Viewer, first: date) -> Table | None:
    """What was published from this month on."""
    rows = rates_seen_by(viewer).where(ReferralRate.first == first)
    lines = sorted(db.session.scalars(rows), key=lambda one: (_ORDER[one.kind], one.code))
    if not lines:
        return None
    named = names(VISITOR, "service", [one.code for one in lines if one.kind == "service"])
    return Table(first, lines[0].last, lines[0].published_on, lines, named)


def everything(viewer: Viewer) -> list[Table]:
    """Every table, the newest first."""
    found = (table(viewer, first) for first, _last in periods(viewer))
    return [one for one in found if one is not None]


def last_line(viewer: Viewer, kind: str, code: str) -> ReferralRate | None:
    """What was published last of a service, a region or a need; none when it is no line. A region or a need
    may be a line whose figures are hidden."""
    newest = select(func.max(ReferralRate.first)).scalar_subquery()
    rows = rates_seen_by(viewer).where(
        ReferralRate.first == newest, ReferralRate.kind == kind, ReferralRate.code == code
    )
    return db.session.scalar(rows)
