"""Corridors, access mechanisms, liaison contacts and expert support, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404
from community.core.db import db
from community.directory import arrangements as arranged
from community.directory.arrangements import Terms
from community.directory.finding import freshness
from community.directory.finding.finder import Situation
from community.directory.hsds.profile import Text
from community.directory.models.arrangements import (
    Arrangement,
    ArrangementChange,
    ArrangementRegion,
    ArrangementService,
)
from community.directory.opening import hours
from community.directory.permissions import keeps
from community.directory.permissions.arrangements import arrangements_seen_by, may_see_line
from community.directory.queries.parties import Party, called

A_PAGE = 20
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


def holding(viewer: Viewer, today: date) -> Select[Arrangement]:
    """Those that the viewer sees and that hold on this day."""
    return arrangements_seen_by(viewer).where(
        Arrangement.state == "in_force",
        or_(Arrangement.starts_on.is_(None), Arrangement.starts_on <= today),
        or_(Arrangement.signed_until.is_(None), Arrangement.signed_until >= today),
    )


def listed(viewer: Viewer, kind: str, asked: Situation, region: str, page: int, lang: str) -> Listed:
    """Those of a kind that did not end, the newest first; drafts only to whoever keeps a side."""
    rows = arrangements_seen_by(viewer).where(Arrangement.kind == kind, Arrangement.state != "ended")
    if region:
        rows = rows.where(_in(region))
    every = db.session.scalars(rows.order_by(Arrangement.id.desc()).limit(LOOKED_AT)).all()
    fitting = [row for row in every if arranged.fits(arranged.from_values(row.terms), asked, "")]
    some = fitting[(page - 1) * A_PAGE : page * A_PAGE]
    return Listed(shown(viewer, some, lang), len(fitting), -(-len(fitting) // A_PAGE))


def of_region(viewer: Viewer, region: str, lang: str, most: int = 60) -> list[Shown]:
    """What holds in a region, in what lies in it and what it lies in."""
    rows = holding(viewer, clock.today()).where(_in(region)).order_by(Arrangement.id.desc()).limit(most)
    return shown(viewer, db.session.scalars(rows).all(), lang)


def of_organization(viewer: Viewer, organization_id: str, lang: str, most: int = 60) -> list[Shown]:
    """What an organization takes part in; drafts to whoever keeps a side."""
    party = or_(
        Arrangement.organization_id == organization_id, Arrangement.from_organization_id == organization_id
    )
    rows = arrangements_seen_by(viewer).where(party, Arrangement.state != "ended")
    return shown(viewer, db.session.scalars(rows.order_by(Arrangement.id.desc()).limit(most)).all(), lang)


def waiting_for(viewer: Viewer, lang: str) -> list[Shown]:
    """Drafts and proposals of the organizations that the viewer keeps; to coordinators all of them."""
    rows = arrangements_seen_by(viewer).where(Arrangement.waits_for != "", Arrangement.state != "ended")
    if not viewer.coordinator:
        kept = keeps(viewer)
        rows = rows.where(
            or_(Arrangement.organization_id.in_(kept), Arrangement.from_organization_id.in_(kept))
        )
    return shown(viewer, db.session.scalars(rows.order_by(Arrangement.id).limit(MOST_DUE)).all(), lang)


def due(viewer: Viewer, region: str, today: date, lang: str) -> list[Shown]:
    """What holds and was to be looked at again before this day."""
    rows = holding(viewer, today).where(Arrangement.review_on < today)
    if region:
        rows = rows.where(_in(region))
    some = db.session.scalars(rows.order_by(Arrangement.review_on, Arrangement.id).limit(MOST_DUE)).all()
    return shown(viewer, some, lang)


def history(row: Arrangement) -> list[ArrangementChange]:
    """What was done with it, the latest first."""
    rows = select(ArrangementChange).where(ArrangementChange.arrangement_id == row.id)
    return list(db.session.scalars(rows.order_by(ArrangementChange.number.desc()).limit(200)))


def held_from(entries: Sequence[ArrangementChange], kind: str) -> int:
    """The number of the entry with which an arrangement came into force; one more than all when it did not.

    What was written of it before then, its parties had not agreed to.
    """
    in_order = sorted(entries, key=lambda one: one.number)
    alone = bool(in_order) and in_order[0].act == "arranged" and in_order[0].writer != "keeper"
    if alone and kind != "corridor":
        return in_order[0].number
    agreed = [one.number for one in in_order if one.act == "agreed"]
    wanted = 2 if alone else 1  # of a corridor that neither side wrote, both agree
    return agreed[wanted - 1] if len(agreed) >= wanted else len(in_order) + 1


def named_services(viewer: Viewer, ids: Iterable[str], lang: str) -> list[tuple[str, Text]]:
    """Services by name, in the order given; those that are no more are left out."""
    some = list(ids)
    found = called(viewer, [Party("-", id) for id in some])
    return [(id, found[id][lang]) for id in some if id in found]


def service_links(row: Arrangement) -> set[str]:
    """The services by which an arrangement is found."""
    rows = select(ArrangementService.service_id).where(ArrangementService.arrangement_id == row.id)
    return set(db.session.scalars(rows))
