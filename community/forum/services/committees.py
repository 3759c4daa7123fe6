"""What the chair and the keepers of a committee write: its mandate, meetings and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.publish import Text, before_publish
from community.core.text import render
from community.core.tidy import tidy
from community.forum.models import Committee, Decision, Meeting, Space
from community.forum.permissions import may_lead
from community.forum.queries.committees import committee_of


@dataclass(frozen=True)
class MeetingWords:
    """What is written of a meeting: when it starts, the agenda, the minutes, in which language."""

    starts_at: datetime
    lang: str
    agenda: str
    minutes: str = ""


def _checked(viewer: Viewer, lang: str, row: Committee | Meeting | None = None, **words: str) -> None:
    """:param row: what is changed: what stands there already is not asked about again."""
    author = viewer.persona_id
    for field, said in words.items():
        before = getattr(row, field, None) or ""
        before_publish(Text("committee", field, said, lang, author, before=before))


def write_mandate(viewer: Viewer, space: Space, english: str, french: str) -> Committee:
    """Say what the committee is for, in both languages."""
    require(may_lead(viewer, space))
    english, french = tidy(english), tidy(french)
    committee = committee_of(space)
    _checked(viewer, "en", committee, mandate_en=english)
    _checked(viewer, "fr", committee, mandate_fr=french)
    committee.mandate_en, committee.mandate_fr = english, french
    db.session.add(committee)
    db.session.flush()
    return committee


def call_meeting(viewer: Viewer, space: Space, said: MeetingWords) -> Meeting:
    """Announce a meeting to the committee, with its agenda; or record one that was held."""
    require(may_lead(viewer, space))
    meeting = Meeting(space_id=space.id, version=0)
    db.session.add(meeting)
    _write(viewer, meeting, said)
    return meeting


def write_meeting(
    viewer: Viewer, space: Space, meeting: Meeting, said: MeetingWords, version: int
) -> Meeting:
    """Change a meeting's moment, agenda or minutes.

    :raises Conflict: somebody wrote in the meantime; it carries both texts.
    """
    require(may_lead(viewer, space))
    if meeting.version != version:
        raise Conflict(
            yours=f"{said.agenda}\n\n{said.minutes}".strip(),
            theirs=f"{meeting.agenda}\n\n{meeting.minutes}".strip(),
        )
    _write(viewer, meeting, said)
    return meeting


def _write(viewer: Viewer, meeting: Meeting, said: MeetingWords) -> None:
    agenda, minutes = tidy(said.agenda), tidy(said.minutes)
    if minutes and said.starts_at > clock.now():
        raise Invalid("minutes", _l("This meeting has not started: its minutes come after it."))
    _checked(viewer, said.lang, meeting, agenda=agenda, minutes=minutes)
    meeting.starts_at, meeting.lang = said.starts_at, said.lang
    meeting.agenda, meeting.agenda_html = agenda, render(agenda)
    meeting.minutes, meeting.minutes_html = minutes, render(minutes)
    meeting.version += 1
    db.session.flush()


def record_decision(
    viewer: Viewer, space: Space, words: str, *, lang: str, decided_on: date, meeting: Meeting | None = None
) -> Decision:
    """Keep what the committee decided, in words that can be quoted, and that are not changed after.

    :raises Invalid: the day has not come, or the meeting is another committee's.
    """
    require(may_lead(viewer, space))
    if decided_on > clock.today():
        raise Invalid("decided_on", _l("This day has not come yet."))
    if meeting is not None and meeting.space_id != space.id:
        raise Invalid("meeting", _l("Choose one of this committee’s meetings."))
    words = tidy(words)
    _checked(viewer, lang, words=words)
    decision = Decision(
        space_id=space.id,
        meeting_id=meeting.id if meeting else None,
        decided_on=decided_on,
        lang=lang,
        words=words,
    )
    db.session.add(decision)
    db.session.flush()
    return decision
