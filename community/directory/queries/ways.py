"""The ways to a service: the corridor or the single window to take, and whom to call, for a situation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Select, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.directory import arrangements as arranged
from community.directory.finding.finder import Situation
from community.directory.models import Document
from community.directory.models.arrangements import Arrangement, ArrangementService
from community.directory.queries.arrangements import Shown, holding, of_region, shown
from community.directory.queries.parties import works_at

MOST_WINDOWS = 100  # of a region that are looked at
MOST = 3  # contacts of one service that are shown


@dataclass(frozen=True)
class Ways:
    """How one gets somebody into a service: what fits the situation, the best of each first."""

    corridors: list[Shown] = field(default_factory=list)
    mechanisms: list[Shown] = field(default_factory=list)
    contacts: list[Shown] = field(default_factory=list)
    support: list[Shown] = field(default_factory=list)
    own: frozenset[str] = frozenset()  # organizations of the viewer

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.corridors or self.mechanisms or self.contacts or self.support)

    @property
    def corridor(self) -> Shown | None:
        """The corridor to take."""
        return next(iter(self.corridors), None)

    @property
    def mechanism(self) -> Shown | None:
        """The window to go through."""
        return next(iter(self.mechanisms), None)

    def is_own(self, corridor: Shown) -> bool:
        """Whether it starts from where the viewer works."""
        return corridor.origin is not None and corridor.origin.organization_id in self.own


def corridors_to(viewer: Viewer, service_ids: Iterable[str], asked: Situation, region: str) -> dict[str, str]:
    """Services that a fitting corridor leads to: ``own`` from where the viewer works, or ``any``."""
    leading = _leading_to(viewer, set(service_ids), "corridor")
    own = works_at(viewer) if leading else frozenset()
    found: dict[str, str] = {}
    for service_id, row in leading:
        if arranged.fits(arranged.from_values(row.terms), asked, region):
            mine = row.from_organization_id in own
            found[service_id] = "own" if mine or found.get(service_id) == "own" else "any"
    return found


def ways_to(
    viewer: Viewer, service_ids: Iterable[str], asked: Situation, region: str, lang: str
) -> dict[str, Ways]:
    """The ways to each of these services that fit the situation, in a fixed number of statements."""
    pairs = [
        (service_id, row)
        for service_id, row in _leading_to(viewer, set(service_ids))
        if arranged.fits(arranged.from_values(row.terms), asked, region)
    ]
    rows = {row.id: row for _, row in pairs}
    seen = {one.key: one for one in shown(viewer, list(rows.values()), lang)}
    own = works_at(viewer) if pairs else frozenset()
    found: dict[str, list[Shown]] = {}
    for service_id, row in pairs:
        found.setdefault(service_id, []).append(seen[row.key])
    return {service_id: _ways(some, own) for service_id, some in found.items()}


def _ways(some: list[Shown], own: frozenset[str]) -> Ways:
    def of(kind: str) -> list[Shown]:
        return sorted((one for one in some if one.kind == kind), key=lambda one: _order(one, own))

    return Ways(of("corridor"), of("mechanism"), of("liaison")[:MOST], of("support")[:MOST], own)


def _order(one: Shown, own: frozenset[str]) -> tuple[bool, bool, bool, str]:
    """From where the viewer works, then what is answered now, then what is for this very service."""
    mine = one.origin is not None and one.origin.organization_id in own
    return (not mine, not one.reachable, not one.to.service_id, one.key)


def windows(viewer: Viewer, asked: Situation, region: str, lang: str) -> list[Shown]:
    """The single windows of a region that fit: where one is sent when no service does."""
    every = of_region(viewer, region, lang, MOST_WINDOWS, "mechanism") if region else []
    return [one for one in every if arranged.fits(one.terms, asked, region)]


def _leading_to(viewer: Viewer, service_ids: set[str], kind: str = "") -> list[tuple[str, Arrangement]]:
    """What holds and leads to these services: by naming them, or their organization as a whole."""
    if not service_ids:
        return []
    seen = holding(viewer, clock.today())
    if kind:
        seen = seen.where(Arrangement.kind == kind)
    rows = [*db.session.execute(_named(seen, service_ids)), *db.session.execute(_whole(seen, service_ids))]
    return sorted(((row[0], row[1]) for row in rows), key=lambda pair: pair[1].id)


def _named(seen: Select[Arrangement], ids: set[str]) -> Select[str, Arrangement]:
    found = seen.join(ArrangementService, ArrangementService.arrangement_id == Arrangement.id)
    return found.where(ArrangementService.service_id.in_(ids)).with_only_columns(
        ArrangementService.service_id, Arrangement
    )


def _whole(seen: Select[Arrangement], ids: set[str]) -> Select[str, Arrangement]:
    """Of a whole organization; a window says itself to which services it leads."""
    given = select(Document.id, Document.organization_id).where(
        Document.kind == "service", Document.id.in_(ids)
    )
    of = given.subquery()
    found = seen.join(of, of.c.organization_id == Arrangement.organization_id)
    return found.where(Arrangement.service_id.is_(None), Arrangement.kind != "mechanism").with_only_columns(
        of.c.id, Arrangement
    )
