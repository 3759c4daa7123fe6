"""What those who keep an organization write of the groups it takes part in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.regions import REGIONS
from community.directory.models import Keeper
from community.directory.models.groups import Group, GroupMember, GroupRegion
from community.directory.permissions import may_keep_organization
from community.directory.permissions.together import may_begin_together, may_lead_group
from community.directory.queries.groups import spaces_to_name
from community.directory.queries.partners import documents_exist
from community.directory.services import both_languages, together_history
from community.directory.services.days_ahead import check_review
from community.directory.services.reading import hold, require_read
from community.directory.signals import persona_told

MOST_MEMBERS = 60


@dataclass(frozen=True)
class GroupWords:
    """What is written of a group: its kind, its texts in both languages, its regions and days."""

    kind: str
    texts: Mapping[str, str]
    regions: Collection[str]
    since: date | None
    review_on: date
    space: str | None = None  # the slug of its space; "" for none, None to leave it as it is


def make(viewer: Viewer, said: GroupWords, organization_id: str) -> Group:
    """Describe a group in which an organization that the viewer keeps takes part.

    :raises Invalid: the organization is not one of the viewer's, or a text cannot be kept.
    """
    require(may_begin_together(viewer))
    _own(viewer, organization_id)
    group = Group()
    group.members = [GroupMember(organization_id=organization_id)]
    _write(viewer, group, said)
    db.session.add(group)
    db.session.flush()
    _record(viewer, "group_made", group)
    return group


def _own(viewer: Viewer, organization_id: str) -> None:
    if not may_keep_organization(viewer, organization_id) or not documents_exist(viewer, [organization_id]):
        raise Invalid("organization", _l("Choose one of the organizations that you keep."))


def change(viewer: Viewer, group: Group, said: GroupWords, seen: str) -> None:
    """Change what is written of a group, as it was when it was read (``seen``: its mark).

    :raises Invalid: a text cannot be kept. :raises Conflict: somebody changed it since.
    """
    require(may_lead_group(viewer, group))
    require_read(group, seen)
    before = together_history.facts(group)
    _write(viewer, group, said)
    db.session.flush()
    _record(viewer, "group_changed", group, before)


def _write(viewer: Viewer, group: Group, said: GroupWords) -> None:
    check_review(said.review_on, group.review_on)
    both_languages.write(viewer, group, said.texts, title="name")
    group.kind, group.since, group.review_on = said.kind, said.since, said.review_on
    if said.space is not None:
        group.space_id = _space_id(viewer, said.space)
    wanted = set(said.regions) & set(REGIONS)
    kept = [row for row in group.regions if row.region in wanted]
    fresh = sorted(wanted - {row.region for row in kept})
    group.regions = [*kept, *(GroupRegion(region=code) for code in fresh)]


def _space_id(viewer: Viewer, slug: str) -> int | None:
    if not slug:
        return None
    for space in spaces_to_name(viewer):
        if space.slug == slug:
            return space.id
    raise Invalid("space", _l("Choose one of the spaces in the list."))


def end(viewer: Viewer, group: Group) -> None:
    """Say that a group does not meet any more. Its page stays, its lists drop it. Twice does no harm."""
    require(may_lead_group(viewer, group))
    hold(group)
    if group.ended_on is None:
        group.ended_on = clock.today()
        _record(viewer, "group_ended", group)


def add_organization(viewer: Viewer, group: Group, organization_id: str, function: str) -> None:
    """Say that an organization takes part, or what else it does there.

    :raises Invalid: nobody lists such an organization, or the group is as large as it may be.
    :raises Conflict: the group ended.
    """
    hold(group)
    require(may_lead_group(viewer, group))
    if not documents_exist(viewer, [organization_id]):
        raise Invalid("organization", _l("No organization of this directory has this name."))
    if group.ended_on is not None:
        raise Conflict(_l("This group has ended: no organization joins it any more."))
    before = together_history.facts(group)
    known = {member.organization_id: member for member in group.members}
    if organization_id in known:
        known[organization_id].function = function
    elif len(known) >= MOST_MEMBERS:
        raise Invalid("organization", _l("A group holds at most %(num)s organizations.", num=MOST_MEMBERS))
    else:
        group.members.append(GroupMember(organization_id=organization_id, function=function))
        _tell(viewer, group, organization_id, "group_joined")
    db.session.flush()
    _record(viewer, "group_joined", group, before, organization=organization_id)


def take_out(viewer: Viewer, group: Group, organization_id: str) -> None:
    """Say that an organization takes no part any more. Twice does no harm.

    :raises Invalid: it is the last one; a group without organizations is ended instead.
    """
    hold(group)
    require(may_lead_group(viewer, group))
    left = [member for member in group.members if member.organization_id != organization_id]
    if len(left) == len(group.members):
        return
    if not left:
        raise Invalid("organization", _l("This is the last organization: end the group instead."))
    before = together_history.facts(group)
    group.members = left
    db.session.flush()
    _tell(viewer, group, organization_id, "group_left")
    _record(viewer, "group_left", group, before, organization=organization_id)


def _tell(viewer: Viewer, group: Group, organization_id: str, what: str) -> None:
    """Tell those who keep an organization what somebody else said of it."""
    rows = select(Keeper.persona_id).where(Keeper.organization_id == organization_id)
    told = sorted(set(db.session.scalars(rows)) - {viewer.persona_id or ""})
    if told:
        about, event = (
            f"directory/groups/{group.key}",
            f"{what}:{group.key}:{organization_id}:{clock.today()}",
        )
        announce(persona_told, persona_ids=told, what=what, about=about, event=event)


def _record(
    viewer: Viewer, act: str, group: Group, before: dict[str, Any] | None = None, **detail: str
) -> None:
    together_history.note(viewer, group, act, before)
    audit.record(viewer.persona_id or "", f"directory.{act}", f"group {group.key}", **detail)
