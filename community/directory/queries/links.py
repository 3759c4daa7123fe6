"""Links between organizations: by region with their drawing, of an organization, and the counts of a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import selectinload

from community.accounts.viewer import Viewer
from community.core import disclosure
from community.core.access import one_or_404
from community.core.db import db
from community.directory.drawing.links import Drawing, Line, drawing
from community.directory.models.links import JointWork, LinkRegion, OrganizationLink
from community.directory.permissions.together import joint_work_seen_by, links_seen_by
from community.directory.queries.partners import Partner, concerned, partners

MOST = 300
MONTHS = 24  # of counts that a page shows


@dataclass(frozen=True)
class Pair:
    """A link with the names of its two ends, whoever stated it first."""

    link: OrganizationLink
    stater: Partner
    asked: Partner


@dataclass(frozen=True)
class Web:
    """Who is linked to whom, as a table and as a drawing (none without links)."""

    pairs: Sequence[Pair]
    drawn: Drawing | None
    partners: dict[str, Partner]


@dataclass(frozen=True)
class Month:
    """The counts of a month; None where the number is small and the reader is not of the two."""

    month: date
    discussions: int | None
    follow_ups: int | None
    plans: int | None


def link(viewer: Viewer, key: str) -> OrganizationLink:
    """The link of this address. :raises NotFound: there is none."""
    return one_or_404(_whole(links_seen_by(viewer)), OrganizationLink.key == key)


def _whole(rows: Select[OrganizationLink]) -> Select[OrganizationLink]:
    return rows.options(selectinload(OrganizationLink.regions))


def web(viewer: Viewer, region: str, lang: str) -> Web:
    """The links that concern a region, or all with ""."""
    rows = _whole(links_seen_by(viewer))
    if region:
        rows = rows.where(_in(region))
    found = db.session.scalars(_closest_first(rows))
    return _web(viewer, found.all(), lang)


def _closest_first(rows: Select[OrganizationLink]) -> Select[OrganizationLink]:
    return rows.order_by(OrganizationLink.intensity.desc(), OrganizationLink.id).limit(MOST)


def _web(viewer: Viewer, links: Sequence[OrganizationLink], lang: str) -> Web:
    known = partners(viewer, (id for one in links for id in one.ends), lang)
    pairs = [Pair(one, known[one.stated_by], known[one.asked]) for one in links]
    lines = [Line(one.one_id, one.other_id, one.intensity, one.confirmed_on is not None) for one in links]
    return Web(pairs, drawing(lines), known)


def _in(region: str) -> ColumnElement[bool]:
    """It names the region, one around it or in it, or none: then it holds everywhere."""
    named = select(LinkRegion.link_id)
    there = named.where(LinkRegion.region.in_(concerned(region)))
    return or_(OrganizationLink.id.in_(there), OrganizationLink.id.not_in(named))


def of_organization(viewer: Viewer, organization_id: str, lang: str) -> Sequence[Pair]:
    """The links of an organization, the closest first."""
    ends = or_(OrganizationLink.one_id == organization_id, OrganizationLink.other_id == organization_id)
    rows = links_seen_by(viewer).where(ends)
    found = db.session.scalars(_closest_first(rows))
    return _web(viewer, found.all(), lang).pairs


def pair(viewer: Viewer, found: OrganizationLink, lang: str) -> Pair:
    """A link with the names of its ends."""
    known = partners(viewer, found.ends, lang)
    return Pair(found, known[found.stated_by], known[found.asked])


def between(viewer: Viewer, ends: Sequence[str]) -> OrganizationLink | None:
    """The link between two organizations, if they have one."""
    one, other = sorted(ends)
    rows = links_seen_by(viewer).where(OrganizationLink.one_id == one, OrganizationLink.other_id == other)
    return db.session.scalars(rows).first()


def months(viewer: Viewer, found: OrganizationLink) -> list[Month]:
    """The counts of a link, newest month first.

    The two organizations read their own numbers. For everybody else a number under ten stays hidden, zero
    included, as it may be about one person in care; no total is given, so that nothing can be subtracted.
    """
    mine = joint_work_seen_by(viewer).where(JointWork.link_id == found.id)
    own = set(db.session.scalars(mine.with_only_columns(JointWork.month)))
    kept = select(JointWork).where(JointWork.link_id == found.id).order_by(JointWork.month.desc())
    return [_month(row, own=row.month in own) for row in db.session.scalars(kept.limit(MONTHS))]


def _month(row: JointWork, *, own: bool) -> Month:
    shown = [
        count if own or disclosure.may_show(count, lived=True) else None
        for count in (row.discussions, row.follow_ups, row.plans)
    ]
    return Month(row.month, *shown)


def overdue(viewer: Viewer, region: str, today: date, lang: str) -> Sequence[Pair]:
    """The links whose day of review is past; of all of Canada with ""."""
    rows = links_seen_by(viewer).where(OrganizationLink.review_on < today)
    if region:
        rows = rows.where(_in(region))
    found = db.session.scalars(rows.order_by(OrganizationLink.review_on, OrganizationLink.id).limit(MOST))
    return _web(viewer, found.all(), lang).pairs
