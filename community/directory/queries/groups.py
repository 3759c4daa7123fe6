"""Groups of organizations: by region, of an organization, and each with its members and meetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import selectinload

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404
from community.core.db import db
from community.directory.models.groups import Group, GroupMeeting, GroupMember, GroupMinutes, GroupRegion
from community.directory.permissions.together import groups_seen_by, meetings_seen_by, minutes_seen_by
from community.directory.queries.partners import Partner, concerned, partners
from community.forum.models import Space
from community.forum.permissions import spaces_seen_by

MOST = 200
SHOWN_MEETINGS = 60


@dataclass(frozen=True)
class Taking:
    """An organization that takes part, and what it does there."""

    partner: Partner
    function: str


@dataclass(frozen=True)
class GroupPage:
    """What the page of a group says."""

    group: Group
    members: Sequence[Taking]
    to_come: Sequence[GroupMeeting]
    past: Sequence[GroupMeeting]
    with_minutes: frozenset[int]  # meetings whose minutes this viewer reads
    space: Space | None


def group(viewer: Viewer, key: str) -> Group:
    """The group of this address. :raises NotFound: there is none."""
    return one_or_404(_whole(groups_seen_by(viewer)), Group.key == key)


def _whole(rows: Select[Group]) -> Select[Group]:
    return rows.options(selectinload(Group.members), selectinload(Group.regions))


def of_region(viewer: Viewer, region: str, kind: str = "") -> Sequence[Group]:
    """The groups that go on and concern a region; of all of Canada with ""."""
    rows = _whole(groups_seen_by(viewer)).where(Group.ended_on.is_(None))
    if region:
        rows = rows.where(_in(region))
    if kind:
        rows = rows.where(Group.kind == kind)
    return db.session.scalars(rows.order_by(Group.kind, Group.id).limit(MOST)).all()


def _in(region: str) -> ColumnElement[bool]:
    """It names the region, one around it or in it, or none: then it is for all of Canada."""
    named = select(GroupRegion.group_id)
    there = named.where(GroupRegion.region.in_(concerned(region)))
    return or_(Group.id.in_(there), Group.id.not_in(named))


def of_organization(viewer: Viewer, organization_id: str) -> Sequence[Group]:
    """The groups that go on and that an organization takes part in."""
    own = select(GroupMember.group_id).where(GroupMember.organization_id == organization_id)
    rows = groups_seen_by(viewer).where(Group.id.in_(own), Group.ended_on.is_(None))
    return db.session.scalars(rows.order_by(Group.kind, Group.id).limit(MOST)).all()


def page(viewer: Viewer, found: Group, lang: str) -> GroupPage:
    """Everything on the page of a group."""
    known = partners(viewer, (member.organization_id for member in found.members), lang)
    rows = meetings_seen_by(viewer).where(GroupMeeting.group_id == found.id)
    newest = rows.order_by(GroupMeeting.held_on.desc(), GroupMeeting.id.desc()).limit(SHOWN_MEETINGS)
    meetings = db.session.scalars(newest).all()
    today = clock.today()
    return GroupPage(
        group=found,
        members=[Taking(known[one.organization_id], one.function) for one in _ranked(found.members)],
        # Of a group that ended nothing is to come, whatever was called before.
        to_come=[one for one in reversed(meetings) if one.held_on >= today and not found.ended_on],
        past=[one for one in meetings if one.held_on < today],
        with_minutes=_with_minutes(viewer, meetings),
        space=_space(viewer, found),
    )


def _ranked(members: Sequence[GroupMember]) -> list[GroupMember]:
    order = ("leads", "secretary", "hosts", "staff", "member")
    return sorted(members, key=lambda one: (order.index(one.function), one.organization_id))


def _with_minutes(viewer: Viewer, meetings: Sequence[GroupMeeting]) -> frozenset[int]:
    seen = minutes_seen_by(viewer).where(GroupMinutes.meeting_id.in_([one.id for one in meetings]))
    return frozenset(db.session.scalars(seen.with_only_columns(GroupMinutes.meeting_id)))


def _space(viewer: Viewer, found: Group) -> Space | None:
    if found.space_id is None:
        return None
    return db.session.scalars(spaces_seen_by(viewer).where(Space.id == found.space_id)).first()


def spaces_to_name(viewer: Viewer) -> Sequence[Space]:
    """The spaces a group may name as the place where it talks: committees and regions the viewer sees."""
    rows = spaces_seen_by(viewer).where(Space.kind.in_(("committee", "regional")))
    return db.session.scalars(rows.order_by(None).order_by(Space.kind, Space.position, Space.id)).all()


def meeting(viewer: Viewer, found: Group, key: str) -> GroupMeeting:
    """A meeting of the group. :raises NotFound: there is none."""
    return one_or_404(meetings_seen_by(viewer), GroupMeeting.key == key, GroupMeeting.group_id == found.id)


def minutes(viewer: Viewer, found: GroupMeeting) -> GroupMinutes | None:
    """The minutes of a meeting, if there are some that the viewer reads."""
    return db.session.scalars(minutes_seen_by(viewer).where(GroupMinutes.meeting_id == found.id)).first()


def overdue(viewer: Viewer, region: str, today: date) -> Sequence[Group]:
    """The groups that go on and whose day of review is past; of all of Canada with ""."""
    rows = groups_seen_by(viewer).where(Group.ended_on.is_(None), Group.review_on < today)
    if region:
        rows = rows.where(_in(region))
    return db.session.scalars(rows.order_by(Group.review_on, Group.id).limit(MOST)).all()
