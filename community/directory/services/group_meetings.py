"""The meetings of groups: an agenda before, minutes after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.publish import AN_ADDRESS, Text, before_publish
from community.core.text import render
from community.core.tidy import tidy
from community.directory.models.groups import Group, GroupMeeting, GroupMinutes
from community.directory.permissions.together import may_lead_group
from community.directory.services.days_ahead import check_near
from community.directory.services.reading import hold


@dataclass(frozen=True)
class MeetingWords:
    """What is written of a meeting. ``open``: whether everybody reads the minutes."""

    held_on: date
    by_call: bool
    place: str
    lang: str
    agenda: str
    minutes: str
    open: bool


def call(viewer: Viewer, group: Group, said: MeetingWords) -> GroupMeeting:
    """Announce a meeting, or record one that was held. :raises Invalid: a text cannot be kept."""
    require(may_lead_group(viewer, group))
    meeting = GroupMeeting(group_id=group.id, version=0)
    _write(viewer, group, meeting, said)
    return meeting


def change(viewer: Viewer, group: Group, meeting: GroupMeeting, said: MeetingWords, version: int) -> None:
    """Change a meeting's day, place, agenda or minutes.

    :raises Conflict: somebody wrote in the meantime; it carries both texts.
    :raises Invalid: a text cannot be kept.
    """
    require(may_lead_group(viewer, group))
    hold(meeting)
    if meeting.version != version:
        kept = db.session.get(GroupMinutes, meeting.id)
        raise Conflict(
            yours=f"{said.agenda}\n\n{said.minutes}".strip(),
            theirs=f"{meeting.agenda}\n\n{kept.body if kept else ''}".strip(),
        )
    _write(viewer, group, meeting, said)


def _write(viewer: Viewer, group: Group, meeting: GroupMeeting, said: MeetingWords) -> None:
    check_near("held_on", said.held_on)
    if group.ended_on is not None and said.held_on > group.ended_on:
        raise Invalid("held_on", _l("This group has ended: it meets no more."))
    agenda, minutes, place = tidy(said.agenda), tidy(said.minutes), tidy(said.place)
    if minutes and said.held_on > clock.today():
        raise Invalid("minutes", _l("This meeting has not been held: its minutes come after it."))
    words = {"place": place, "agenda": agenda, "minutes": minutes}
    author = viewer.persona_id
    before_publish(
        *(
            Text(
                "directory",
                field,
                text,
                said.lang,
                author,
                asked_for=AN_ADDRESS if field == "place" else frozenset(),
            )
            for field, text in words.items()
        )
    )
    meeting.held_on, meeting.by_call, meeting.place, meeting.lang = (
        said.held_on,
        said.by_call,
        place,
        said.lang,
    )
    meeting.agenda, meeting.agenda_html = agenda, render(agenda)
    meeting.version += 1
    db.session.add(meeting)
    db.session.flush()
    _write_minutes(meeting, minutes, open=said.open)
    audit.record(author or "", "directory.meeting_written", f"group {group.key}", meeting=meeting.key)


def _write_minutes(meeting: GroupMeeting, minutes: str, *, open: bool) -> None:
    kept = db.session.get(GroupMinutes, meeting.id)
    if not minutes:
        if kept is not None:
            db.session.delete(kept)
        return
    row = kept or GroupMinutes(meeting_id=meeting.id)
    row.open, row.body, row.html = open, minutes, render(minutes)
    db.session.add(row)
    db.session.flush()
