"""Corridors, access mechanisms, liaison contacts and expert support, as pages show them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404
from community.core.db import db
from community.directory import arrangements as arranged
from community.directory.arrangements import Terms
from community.directory.finding import freshness
from community.directory.finding.finder import Situation
from community.directory.hsds.profile import Text
from community.directory.models import Document
from community.directory.models.arrangements import (
    Arrangement,
    ArrangementChange,
    ArrangementRegion,
    ArrangementService,
)
from community.directory.opening import hours
from community.directory.permissions import keeps, may_keep_directory
from community.directory.permissions.arrangements import arrangements_seen_by, may_arrange, may_see_line
from community.directory.queries.parties import Party, called

A_PAGE = 20
CHANGES = 100  # of a page of the history
LOOKED_AT = 1_000
MOST_DUE = 50


@dataclass(frozen=True)
class Shown:
    """An arrangement as a page shows it to a viewer."""

    key: str
    kind: str
    many: str  # the part of its address
    state: str
    holds: bool  # in force today
    terms: Terms
    to: Party
    to_name: Text
    origin: Party | None
    origin_name: Text
    line: bool  # whether this viewer is told whom to call
    opening: hours.Span | None
    zone: str
    confirmed_on: date
    freshness: str
    review_on: date
    due: bool
    waits_for: str

    @property
    def due_on(self) -> date:
        """When it is looked at again: at the latest on the last day until which it was signed."""
        return min(self.review_on, self.terms.signed_until or self.review_on)

    @property
    def reachable(self) -> bool:
        """Whether somebody answers at this moment, by the hours that were told."""
        return self.opening is not None and self.opening.opens <= clock.now() < self.opening.closes


@dataclass(frozen=True)
class Listed:
    """A page of them; ``total`` counts all that fit."""

    found: list[Shown]
    total: int
    pages: int


def shown(viewer: Viewer, rows: Sequence[Arrangement], lang: str) -> list[Shown]:
    """These as pages show them, their parties by name, in one statement a kind of party."""
    ends = [end for row in rows for end in (_to(row), _origin(row)) if end is not None]
    named = called(viewer, ends) if ends else {}
    kept = keeps(viewer) if rows else frozenset()
    return [_shown(viewer, row, named, kept, lang) for row in rows]


def _to(row: Arrangement) -> Party:
    return Party(row.organization_id, row.service_id or "")


def _origin(row: Arrangement) -> Party | None:
    return Party(row.from_organization_id, row.from_service_id or "") if row.from_organization_id else None


def _shown(
    viewer: Viewer,
    row: Arrangement,
    named: dict[str, dict[str, Text]],
    kept: frozenset[str],
    lang: str,
) -> Shown:
    now = clock.now()
    today = clock.today()
    terms = arranged.from_values(row.terms)
    to, origin = _to(row), _origin(row)
    nameless = {lang: Text("", lang, None)}
    return Shown(
        key=row.key,
        kind=row.kind,
        many=arranged.PLACE_OF[row.kind],
        state=row.state,
        holds=arranged.in_force(row.state, row.starts_on, row.signed_until, today),
        terms=terms,
        to=to,
        to_name=named.get(to.id, nameless)[lang],
        origin=origin,
        origin_name=named.get(origin.id if origin else "", nameless)[lang],
        line=may_see_line(viewer, row, kept),
        opening=arranged.opening(terms, now),
        zone=arranged.zone(terms),
        confirmed_on=row.confirmed_on,
        freshness=freshness.state(row.confirmed_on, today),
        review_on=row.review_on,
        due=row.state == "in_force" and row.review_on < today,
        waits_for=row.waits_for,
    )


# One, and lists.


def one(viewer: Viewer, kind: str, key: str) -> Arrangement:
    """An arrangement of this kind. :raises NotFound: there is none, or not for this viewer."""
    return one_or_404(arrangements_seen_by(viewer), Arrangement.kind == kind, Arrangement.key == key)


def _in(region: str) -> ColumnElement[bool]:
    rows = select(ArrangementRegion.arrangement_id).where(
        ArrangementRegion.region.in_(sorted(arranged.reach(region)))
    )
    return Arrangement.id.in_(rows)


def _between_listed() -> ColumnElement[bool]:
    """Its parties have pages: what leads to a service that was taken back leads nobody there."""
    row = Arrangement
    services = [or_(id.is_(None), _is_listed("service", id)) for id in (row.service_id, row.from_service_id)]
    refers = or_(row.from_organization_id.is_(None), _is_listed("organization", row.from_organization_id))
    return and_(_is_listed("organization", row.organization_id), refers, *services)


def _is_listed(kind: str, id: Any) -> ColumnElement[bool]:
    return exists().where(Document.kind == kind, Document.id == id, Document.state == "public")


def holding(viewer: Viewer, today: date) -> Select[Arrangement]:
    """Those that the viewer sees and that hold on this day, between parties that are listed."""
    return arrangements_seen_by(viewer).where(
        Arrangement.state == "in_force",
        _between_listed(),
        or_(Arrangement.starts_on.is_(None), Arrangement.starts_on <= today),
        or_(Arrangement.signed_until.is_(None), Arrangement.signed_until >= today),
    )


def listed(
    viewer: Viewer,
    kind: str,
    asked: Situation,
    region: str,
    page: int,
    lang: str,
    *,
    organization: str = "",
) -> Listed:
    """Those of a kind that did not end, the newest first; drafts, and those of which a party is listed no
    longer, only to whoever keeps a side.

    :param organization: those in which it takes part alone.
    """
    rows = arrangements_seen_by(viewer).where(Arrangement.kind == kind, Arrangement.state != "ended")
    if not may_keep_directory(viewer):
        rows = rows.where(or_(_between_listed(), _of_own(viewer)))
    if region:
        rows = rows.where(_in(region))
    if organization:
        rows = rows.where(_takes_part(organization))
    every = db.session.scalars(rows.order_by(Arrangement.id.desc()).limit(LOOKED_AT)).all()
    fitting = [row for row in every if arranged.fits(arranged.from_values(row.terms), asked, "")]
    some = fitting[(page - 1) * A_PAGE : page * A_PAGE]
    return Listed(shown(viewer, some, lang), len(fitting), -(-len(fitting) // A_PAGE))


def of_region(viewer: Viewer, region: str, lang: str, most: int, kind: str = "") -> list[Shown]:
    """What holds in a region, in what lies in it and what it lies in: the newest of each kind.

    :param most: of a kind. :param kind: this one alone.
    """
    rows = holding(viewer, clock.today()).where(_in(region))
    if kind:
        rows = rows.where(Arrangement.kind == kind)
    place = func.row_number().over(partition_by=Arrangement.kind, order_by=Arrangement.id.desc())
    ranked = rows.with_only_columns(Arrangement.id, place.label("place")).subquery()
    newest = rows.where(Arrangement.id.in_(select(ranked.c.id).where(ranked.c.place <= most)))
    return shown(viewer, db.session.scalars(newest.order_by(Arrangement.id.desc())).all(), lang)


def of_organization(viewer: Viewer, organization_id: str, lang: str, most: int) -> list[Shown]:
    """The newest that an organization takes part in; drafts to whoever keeps a side."""
    rows = arrangements_seen_by(viewer).where(_takes_part(organization_id), Arrangement.state != "ended")
    return shown(viewer, db.session.scalars(rows.order_by(Arrangement.id.desc()).limit(most)).all(), lang)


def _takes_part(organization_id: str) -> ColumnElement[bool]:
    return or_(
        Arrangement.organization_id == organization_id, Arrangement.from_organization_id == organization_id
    )


def waiting_for(viewer: Viewer, lang: str) -> list[Shown]:
    """Drafts and proposals of the organizations that the viewer keeps; to coordinators all of them."""
    rows = arrangements_seen_by(viewer).where(Arrangement.waits_for != "", Arrangement.state != "ended")
    if not viewer.coordinator:
        rows = rows.where(_of_own(viewer))
    return shown(viewer, db.session.scalars(rows.order_by(Arrangement.id).limit(MOST_DUE)).all(), lang)


def _of_own(viewer: Viewer) -> ColumnElement[bool]:
    kept = keeps(viewer)
    return or_(Arrangement.organization_id.in_(kept), Arrangement.from_organization_id.in_(kept))


def is_due(today: date) -> ColumnElement[bool]:
    """It was to be looked at again before this day, or is past the day until which it was signed."""
    return or_(Arrangement.review_on < today, Arrangement.signed_until < today)


def due(viewer: Viewer, region: str, today: date, lang: str) -> list[Shown]:
    """What holds and was to be looked at again before this day; to those who arrange, what lapsed, too."""
    agreed = arrangements_seen_by(viewer).where(Arrangement.state == "in_force")
    rows = agreed if may_arrange(viewer) else holding(viewer, today)
    rows = rows.where(is_due(today))
    if region:
        rows = rows.where(_in(region))
    some = db.session.scalars(rows.order_by(Arrangement.review_on, Arrangement.id).limit(MOST_DUE)).all()
    return shown(viewer, some, lang)


def history(row: Arrangement, page: int = 1) -> tuple[list[ArrangementChange], bool]:
    """A page of what was done with it, the latest first, and whether there is more."""
    of_row = ArrangementChange.arrangement_id == row.id
    last = db.session.scalar(select(func.max(ArrangementChange.number)).where(of_row)) or 0
    first = last - (page - 1) * CHANGES  # entries are numbered from one, without a gap
    rows = select(ArrangementChange).where(of_row, ArrangementChange.number <= first)
    found = db.session.scalars(rows.order_by(ArrangementChange.number.desc()).limit(CHANGES)).all()
    return list(found), first > CHANGES


def held_from(row: Arrangement) -> int:
    """The number of the entry with which an arrangement came into force; above all others when it did not.

    What was written of it before then, its parties had not agreed to.
    """
    some = select(ArrangementChange.number, ArrangementChange.act, ArrangementChange.writer).where(
        ArrangementChange.arrangement_id == row.id, ArrangementChange.act.in_(("arranged", "agreed"))
    )
    in_order = db.session.execute(some.order_by(ArrangementChange.number)).all()
    alone = bool(in_order) and in_order[0].act == "arranged" and in_order[0].writer != "keeper"
    if alone and row.kind != "corridor":
        return int(in_order[0].number)
    agreed = [one.number for one in in_order if one.act == "agreed"]
    wanted = 2 if alone else 1  # of a corridor that neither side wrote, both agree
    return int(agreed[wanted - 1]) if len(agreed) >= wanted else sys.maxsize


def named_services(viewer: Viewer, ids: Iterable[str], lang: str) -> list[tuple[str, Text]]:
    """Services by name, in the order given; those that are no more are left out."""
    some = list(ids)
    found = called(viewer, [Party("-", id) for id in some])
    return [(id, found[id][lang]) for id in some if id in found]


def service_links(row: Arrangement) -> set[str]:
    """The services by which an arrangement is found."""
    rows = select(ArrangementService.service_id).where(ArrangementService.arrangement_id == row.id)
    return set(db.session.scalars(rows))
