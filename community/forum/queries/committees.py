"""A committee's mandate, members, meetings and decisions. Only those who see its space see any of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.forum.models import Committee, Decision, Meeting, Space
from community.forum.permissions import spaces_seen_by
from community.forum.queries.members import Member, members_of

SHOWN_DECISIONS = 20


def committees_seen_by(viewer: Viewer) -> Select[Space]:
    """The committee spaces that exist for this viewer."""
    return spaces_seen_by(viewer).where(Space.kind == "committee")


def meetings_seen_by(viewer: Viewer) -> Select[Meeting]:
    """The meetings of the committees that exist for this viewer."""
    seen = committees_seen_by(viewer).with_only_columns(Space.id).order_by(None)
    return select(Meeting).where(Meeting.space_id.in_(seen))


def decisions_seen_by(viewer: Viewer) -> Select[Decision]:
    """The decisions of the committees that exist for this viewer."""
    seen = committees_seen_by(viewer).with_only_columns(Space.id).order_by(None)
    return select(Decision).where(Decision.space_id.in_(seen))


@dataclass(frozen=True)
class CommitteePage:
    """What the page of a committee says."""

    committee: Committee
    members: Sequence[Member]
    to_come: Sequence[Meeting]
    past: Sequence[Meeting]
    decisions: Sequence[Decision]

    @property
    def chair(self) -> Member | None:
        """Who chairs it now."""
        return next((m for m in self.members if m.standing == "chair" and not m.past), None)


def committee_of(space: Space) -> Committee:
    """The committee of a space; an empty one, not stored, where nothing was written yet."""
    found = db.session.get(Committee, space.id)
    return found or Committee(space_id=space.id, mandate_en="", mandate_fr="")


def committee_page(viewer: Viewer, space: Space) -> CommitteePage:
    """Everything on a committee's page. The space comes from :func:`committees_seen_by`."""
    meetings = db.session.scalars(
        meetings_seen_by(viewer).where(Meeting.space_id == space.id).order_by(Meeting.starts_at)
    ).all()
    decisions = db.session.scalars(
        decisions_seen_by(viewer)
        .where(Decision.space_id == space.id)
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
        .limit(SHOWN_DECISIONS)
    ).all()
    now = clock.now()
    return CommitteePage(
        committee=committee_of(space),
        members=[member for member in members_of(space) if not member.past],
        to_come=[meeting for meeting in meetings if meeting.starts_at > now],
        past=[meeting for meeting in reversed(meetings) if meeting.starts_at <= now],
        decisions=decisions,
    )


def decisions_of(viewer: Viewer, meeting: Meeting) -> Sequence[Decision]:
    """What was decided at a meeting."""
    rows = decisions_seen_by(viewer).where(Decision.meeting_id == meeting.id)
    return db.session.scalars(rows.order_by(Decision.id)).all()
