"""Telling those who keep a group or a link that it was to be looked at again: once for each such day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from community.core.announce import announce
from community.core.db import db
from community.directory.models import Group, Keeper, OrganizationLink
from community.directory.signals import persona_told

AT_ONCE = 100  # of each kind, of one go


def remind(today: date) -> int:
    """Tell of what is due, in the open transaction. Returns how many; none when everybody was told."""
    groups = db.session.scalars(
        select(Group)
        .where(Group.review_on < today, Group.ended_on.is_(None), _untold(Group))
        .order_by(Group.id)
        .limit(AT_ONCE)
    ).all()
    links = db.session.scalars(
        select(OrganizationLink)
        .where(OrganizationLink.review_on < today, _untold(OrganizationLink))
        .order_by(OrganizationLink.id)
        .limit(AT_ONCE)
    ).all()
    for group in groups:
        _tell(group, "review_group", "groups", {member.organization_id for member in group.members})
    for link in links:
        _tell(link, "review_link", "links", link.ends)
    db.session.flush()
    return len(groups) + len(links)


def _untold(kind: type[Group | OrganizationLink]) -> ColumnElement[bool]:
    return or_(kind.reminded_for.is_(None), kind.reminded_for != kind.review_on)


def _tell(row: Group | OrganizationLink, what: str, place: str, organizations: Collection[str]) -> None:
    row.reminded_for = row.review_on
    keepers = select(Keeper.persona_id).where(Keeper.organization_id.in_(organizations)).distinct()
    told = sorted(db.session.scalars(keepers))
    about = f"directory/{place}/{row.key}"
    if told:
        announce(persona_told, persona_ids=told, what=what, about=about, event=f"{about} {row.review_on}")
