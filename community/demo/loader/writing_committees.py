"""Writing the committees of the demonstration and their meetings, in the transaction of the caller."""

from __future__ import annotations

from community.accounts.viewer import Viewer, viewer_of
from community.demo.loader.committees import Committee
from community.demo.loader.moments import Calendar
from community.demo.loader.writing_people import join
from community.forum.models import Space
from community.forum.services import committees as committee_services
from community.forum.services.committees import MeetingWords


def add_committee(one: Committee, ids: dict[str, str], space: Space, calendar: Calendar) -> None:
    """A committee's members, mandate, meetings and decisions, written by its chair."""
    for name in one.members:
        join(space, ids[name], "chair" if name == one.chair else "member")
    chair = viewer_of(ids[one.chair])
    if chair is None:
        return
    committee_services.write_mandate(chair, space, one.mandate_en, one.mandate_fr)
    _meet(one, chair, space, calendar)


def _meet(one: Committee, chair: Viewer, space: Space, calendar: Calendar) -> None:
    held = {}
    for meeting in one.meetings:
        starts_at = calendar.at(meeting.days_from_now, meeting.hour)
        said = MeetingWords(starts_at, meeting.lang, meeting.agenda, meeting.minutes)
        held[meeting.days_from_now] = committee_services.call_meeting(chair, space, said)
    for decision in one.decisions:
        committee_services.record_decision(
            chair,
            space,
            decision.text,
            lang=decision.lang,
            decided_on=calendar.at(decision.days_from_now, 12).date(),
            meeting=held.get(decision.days_from_now),
        )
