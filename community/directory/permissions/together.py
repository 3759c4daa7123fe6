"""Who may see and write what organizations do together: groups, links, training.

Everybody reads that they work together; the minutes of a meeting and small counts are for those who keep the
records of an organization that takes part. They write it too, and coordinators.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, or_, select

from community.accounts.viewer import Viewer
from community.directory.models.groups import Group, GroupMeeting, GroupMember, GroupMinutes
from community.directory.models.links import JointWork, OrganizationLink
from community.directory.models.training import Training
from community.directory.permissions.keepers import keeps
from community.directory.permissions.records import may_keep_directory


def _takes_part(viewer: Viewer, organization_ids: Iterable[str]) -> bool:
    return may_keep_directory(viewer) or not keeps(viewer).isdisjoint(organization_ids)


def may_begin_together(viewer: Viewer) -> bool:
    """Whether the viewer may write of a new group, link or training: keepers and coordinators."""
    return may_keep_directory(viewer) or bool(keeps(viewer))


def may_see_group(_viewer: Viewer, _group: Group) -> bool:
    """That a group exists, and for what, is for everybody; ended ones too."""
    return True


def groups_seen_by(_viewer: Viewer) -> Select[Group]:
    """Every group."""
    return select(Group)


def may_lead_group(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer writes for the group: who keeps an organization that takes part."""
    return _takes_part(viewer, (member.organization_id for member in group.members))


def may_see_meeting(_viewer: Viewer, _meeting: GroupMeeting) -> bool:
    """When a group meets, and about what, is for everybody."""
    return True


def meetings_seen_by(_viewer: Viewer) -> Select[GroupMeeting]:
    """Every meeting."""
    return select(GroupMeeting)


def may_read_minutes(viewer: Viewer, minutes: GroupMinutes, group: Group) -> bool:
    """Minutes are for everybody when the group says so, else for those who write for it."""
    return minutes.open or may_lead_group(viewer, group)


def minutes_seen_by(viewer: Viewer) -> Select[GroupMinutes]:
    """The minutes that the viewer reads."""
    rows = select(GroupMinutes)
    if may_keep_directory(viewer):
        return rows
    own = select(GroupMember.group_id).where(GroupMember.organization_id.in_(keeps(viewer)))
    meetings = select(GroupMeeting.id).where(GroupMeeting.group_id.in_(own))
    return rows.where(or_(GroupMinutes.open, GroupMinutes.meeting_id.in_(meetings)))


def may_see_link(_viewer: Viewer, _link: OrganizationLink) -> bool:
    """How closely organizations work together is for everybody, also before the other side confirmed it."""
    return True


def links_seen_by(_viewer: Viewer) -> Select[OrganizationLink]:
    """Every link."""
    return select(OrganizationLink)


def may_keep_link(viewer: Viewer, link: OrganizationLink) -> bool:
    """Whether the viewer changes a link, ends it and enters its counts: who keeps one of the two."""
    return _takes_part(viewer, link.ends)


def may_confirm_link(viewer: Viewer, link: OrganizationLink) -> bool:
    """Whether the viewer confirms what the other side stated: who keeps the organization that was asked."""
    return link.confirmed_on is None and _takes_part(viewer, [link.asked])


def may_see_joint_work(viewer: Viewer, link: OrganizationLink) -> bool:
    """Whether the viewer reads every number: the two organizations' own. Others read large ones alone."""
    return may_keep_link(viewer, link)


def joint_work_seen_by(viewer: Viewer) -> Select[JointWork]:
    """The months whose every number the viewer reads."""
    rows = select(JointWork)
    if may_keep_directory(viewer):
        return rows
    kept = keeps(viewer)
    ends = or_(OrganizationLink.one_id.in_(kept), OrganizationLink.other_id.in_(kept))
    return rows.where(JointWork.link_id.in_(select(OrganizationLink.id).where(ends)))


def may_see_training(_viewer: Viewer, _training: Training) -> bool:
    """What is offered and looked for is for everybody."""
    return True


def trainings_seen_by(_viewer: Viewer) -> Select[Training]:
    """Every workshop and placement, those that are over too."""
    return select(Training)


def may_keep_training(viewer: Viewer, training: Training) -> bool:
    """Whether the viewer changes or withdraws it: who keeps the organization that wrote it."""
    return _takes_part(viewer, [training.organization_id])
