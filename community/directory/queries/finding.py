"""Services that answer a search, ranked, with what a card shows. The same for whoever asks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select
from sqlalchemy.orm import load_only

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.core.i18n import zone
from community.core.regions import REGIONS, with_ancestors, within
from community.directory.finding import finder, freshness, marks, places
from community.directory.finding.places import Area
from community.directory.finding.wanted import Wanted
from community.directory.models import Listing
from community.directory.permissions import listings_seen_by
from community.directory.queries import asked_words, ways
from community.directory.queries.asked_words import Looked

LOOKED_AT = 200  # listings that are ranked; the nearest and freshest of what fits
A_PAGE = 20


@dataclass(frozen=True)
class Found:
    """One service of a list: its place in the order, and what a card shows."""

    service_id: str
    card: dict[str, Any]
    words: frozenset[str]
    region: str
    confirmed_on: date | None
    freshness: str
    wait_days: int | None
    open_from: datetime | None
    open_until: datetime | None
    zone: str
    position: tuple[float, float] | None  # north and east in degrees, where that may be known
    distance: float | None
    reasons: tuple[finder.Reason, ...]
    warnings: tuple[finder.Reason, ...]


@dataclass(frozen=True)
class Answer:
    """A page of services; how many there are in all, at most ``LOOKED_AT``."""

    found: list[Found]
    total: int
    pages: int
    elsewhere: str = ""  # the region that these are of, when the one asked has none
    suggestion: str = ""  # the words as they may have been meant, when they are found nowhere as typed


def search(viewer: Viewer, wanted: Wanted, *, by_clinician: bool) -> Answer:
    """The services that fit, best first. Where the region has none, those of the nearest that has one."""
    reach = within_reach(wanted.region)
    looked = asked_words.look(wanted.q, reach) if wanted.q else None
    answer = _search(viewer, wanted, reach, looked, by_clinician=by_clinician)
    if answer.total or not wanted.region:
        return answer
    everywhere = asked_words.look(wanted.q) if wanted.q else None
    for other in _neighbours(wanted.region):
        near = _search(viewer, wanted, within(other), everywhere, by_clinician=by_clinician)
        if near.total:
            return replace(near, elsewhere=other)
    return answer


def _neighbours(region: str) -> Iterable[str]:
    """The nearest regions of the province, the province itself, then the nearest provinces."""
    province = region[:2]
    if region != province:
        yield from places.nearest_regions(region)[:5]
        yield province
    yield from places.nearest_regions(province)[:3]


def within_reach(region: str) -> tuple[str, ...]:
    """Of a region: itself, what lies in it, what it lies in, and what serves all of Canada."""
    return tuple(dict.fromkeys((*within(region), *with_ancestors(region), ""))) if region else ()


def _search(
    viewer: Viewer, wanted: Wanted, regions: Iterable[str], looked: Looked | None, *, by_clinician: bool
) -> Answer:
    """:param looked: what the words found, where there are any; nothing else is then the answer."""
    fits = looked.fits if looked else {}
    if looked and not fits:
        return Answer([], 0, 0)
    now = clock.now()
    rows = _rows(viewer, wanted, tuple(regions), now, fits)
    asked = wanted.situation(by_clinician=by_clinician)
    listings = {row.id: row for row in rows}
    candidates = [_candidate(row, wanted, now, fits.get(row.service_id, 0.0)) for row in rows]
    if by_clinician:
        candidates = _with_corridors(viewer, candidates, listings, asked, wanted.region)
    best = _once_each(finder.ranked(asked, candidates), listings)
    shown = best[(wanted.page - 1) * A_PAGE : wanted.page * A_PAGE]
    cards = _cards([int(one.candidate.key) for one in shown])
    found = [_found(one, listings[int(one.candidate.key)], cards) for one in shown]
    suggestion = looked.suggestion if looked else ""
    return Answer(found, len(best), -(-len(best) // A_PAGE), suggestion=suggestion)


def _rows(
    viewer: Viewer, wanted: Wanted, regions: tuple[str, ...], now: datetime, fits: Mapping[str, float]
) -> list[Row[Any]]:
    fitting = listings_seen_by(viewer).with_only_columns(Listing.id)
    if fits:
        fitting = fitting.where(Listing.service_id.in_(fits))
    if regions:
        fitting = fitting.where(Listing.region.in_(regions))
    fitting = fitting.where(*_conditions(wanted, now)).order_by(*_nearest(wanted, now)).limit(LOOKED_AT)
    columns = (
        Listing.id,
        Listing.service_id,
        Listing.region,
        Listing.marks,
        Listing.minimum_age,
        Listing.maximum_age,
        Listing.confirmed_on,
        Listing.open_from,
        Listing.open_until,
        Listing.latitude,
        Listing.longitude,
        Listing.wait_days,
        Listing.zone,
    )
    return list(db.session.execute(select(*columns).where(Listing.id.in_(fitting))))


def _conditions(wanted: Wanted, now: datetime) -> Iterable[ColumnElement[bool]]:
    must = wanted.marks()
    if must:
        yield Listing.marks.bitwise_and(must) == must
    if wanted.age:
        youngest, oldest = finder.AGES[wanted.age]
        yield or_(Listing.minimum_age.is_(None), Listing.minimum_age <= oldest)
        yield or_(Listing.maximum_age.is_(None), Listing.maximum_age >= youngest)
    if wanted.substance:
        taken = marks.number(f"substances-{code}" for code in wanted.substance)
        none = Listing.marks.bitwise_and(marks.number(marks.SUBSTANCES)) == 0
        yield or_(none, Listing.marks.bitwise_and(taken) == taken)
    if "open" in wanted.wish:
        yield Listing.open_from <= now
        # Every opening that is listed ends later: looked for by its end, SQLite reads one row after another.
        yield func.coalesce(Listing.open_until, now) > now


def _nearest(wanted: Wanted, now: datetime) -> Iterable[Any]:
    """Before ranking: what was confirmed, then what is near. Squares of degrees order as kilometres do."""
    since = now.astimezone(zone()).date() - timedelta(days=freshness.SINK)
    yield case((Listing.confirmed_on > since, 0), else_=1)
    area = wanted.area
    if area and area.latitude is not None and area.longitude is not None:
        north = Listing.latitude - area.latitude
        east = (Listing.longitude - area.longitude) * cos(radians(area.latitude))
        yield func.coalesce(north * north + east * east, 1e6)
    yield Listing.id


def _candidate(row: Row[Any], wanted: Wanted, now: datetime, fit: float) -> finder.Candidate:
    region = wanted.region
    own = within(region) if region else ()
    near = 0 if row.region in own else 1 if row.region in {"", *with_ancestors(region)} else 2
    return finder.Candidate(
        key=f"{row.id:012d}",
        words=marks.words(row.marks),
        minimum_age=row.minimum_age,
        maximum_age=row.maximum_age,
        wait_days=row.wait_days,
        open_now=bool(row.open_from and row.open_from <= now < row.open_until),
        freshness=freshness.state(row.confirmed_on, now.astimezone(zone()).date()),
        distance=_distance(wanted.area, row),
        near=near,
        fit=fit,
    )


def _with_corridors(
    viewer: Viewer,
    candidates: list[finder.Candidate],
    listings: dict[int, Row[Any]],
    asked: finder.Situation,
    region: str,
) -> list[finder.Candidate]:
    """The same, each with whether a corridor leads there for this situation."""
    found = ways.corridors_to(viewer, (row.service_id for row in listings.values()), asked, region)
    return [replace(one, corridor=found.get(listings[int(one.key)].service_id, "")) for one in candidates]


def _distance(area: Area | None, row: Row[Any]) -> float | None:
    """From a town or a postal area; from the middle of a province it would mean nothing."""
    if area is None or area.name in REGIONS:
        return None
    return places.distance(area, row.latitude, row.longitude)


def _once_each(ranked: list[finder.Ranked], listings: dict[int, Row[Any]]) -> list[finder.Ranked]:
    """Each service once, where it fits best."""
    best: dict[str, finder.Ranked] = {}
    for one in ranked:
        best.setdefault(listings[int(one.candidate.key)].service_id, one)
    return list(best.values())


def _cards(ids: list[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    rows = db.session.scalars(select(Listing).where(Listing.id.in_(ids)).options(load_only(Listing.card)))
    return {row.id: json.loads(row.card) for row in rows}


def _found(one: finder.Ranked, row: Row[Any], cards: dict[int, dict[str, Any]]) -> Found:
    return Found(
        service_id=row.service_id,
        card=cards[row.id],
        words=one.candidate.words,
        region=row.region,
        confirmed_on=row.confirmed_on,
        freshness=one.candidate.freshness,
        wait_days=row.wait_days,
        open_from=row.open_from,
        open_until=row.open_until,
        zone=row.zone,
        position=None if row.latitude is None or row.longitude is None else (row.latitude, row.longitude),
        distance=one.candidate.distance,
        reasons=finder.for_reason(one),
        warnings=finder.against_reason(one),
    )


def by_region(viewer: Viewer) -> list[tuple[str, int]]:
    """How many listings each region has (a service at two places counts twice); all of Canada first."""
    rows = listings_seen_by(viewer).with_only_columns(Listing.region, func.count())
    counts = {row[0]: row[1] for row in db.session.execute(rows.group_by(Listing.region)).all()}
    order = ["", *REGIONS]
    return [(code, counts[code]) for code in order if counts.get(code)]
