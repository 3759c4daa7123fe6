"""Reporting what the directory says: services, organizations, groups, what they arranged and teach.

A wrong number is corrected there, in one press and without an account; this is for what a correction does not
mend: words that hurt, that deal, that tell of a patient. Those who coordinate look, and change the record.
"""

from __future__ import annotations

import json
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.viewer import OPERATOR, Viewer
from community.core.db import db
from community.directory.arrangements import PLACE_OF, from_values
from community.directory.hsds import profile
from community.directory.models import Document, Group, GroupMeeting, OrganizationLink, Training
from community.directory.models.arrangements import Arrangement
from community.directory.models.groups import GroupMinutes
from community.directory.permissions import documents_seen_by
from community.directory.permissions.arrangements import arrangements_seen_by
from community.directory.permissions.together import (
    groups_seen_by,
    links_seen_by,
    meetings_seen_by,
    minutes_seen_by,
    trainings_seen_by,
)
from community.directory.queries.documents import unpacked
from community.directory.queries.names import names
from community.moderation.nameless import BOTH, Said, add, in_both, subject_of
from community.moderation.targets import Subject

_RECORDS = {"service": "directory.service", "organization": "organizations.show"}
_TEXTS = (
    "name",
    "description",
    "application_process",
    "fees_description",
    "eligibility_description",
    "alert",
)
_REACHED = ("url", "website", "email")


def init_app() -> None:
    """Let each of them be reported, from its page."""
    _records("service", _l("Service"))
    _records("organization", _l("Organization"))
    add("group", _l("Group of organizations"), Group.key, groups_seen_by, _of_group, _group_address)
    add(
        "groupmeeting",
        _l("Meeting of a group"),
        GroupMeeting.key,
        meetings_seen_by,
        _of_meeting,
        _meeting_address,
        _meeting_as_read,
    )
    add("training", _l("Cross-training"), Training.key, trainings_seen_by, _of_training, _training_address)
    add(
        "link", _l("Link between organizations"), OrganizationLink.key, links_seen_by, _of_link, _link_address
    )
    add(
        "arrangement",
        _l("Arrangement between services"),
        Arrangement.key,
        arrangements_seen_by,
        _of_arrangement,
        _arrangement_address,
    )


def _records(kind: str, name: object) -> None:
    add(
        kind,
        name,
        Document.id,
        documents_seen_by,
        _of_record,
        lambda subject: url_for(_RECORDS[kind], id=subject.key),
        where=Document.kind == kind,
    )


def _of_record(document: Document) -> Subject:
    record: dict[str, Any] = json.loads(unpacked(document.whole))
    found = [profile.text(record, field, lang) for field in _TEXTS for lang in BOTH]
    said = [(one.text, one.lang) for one in dict.fromkeys(found) if one.text]
    phones = [one.get("number") for one in record.get("phones") or () if isinstance(one, dict)]
    reached = [*(record.get(name) for name in _REACHED), *phones]
    said += [(str(one), "") for one in reached if one]
    return subject_of(document.kind, document.id, said)


# Groups, links, training


def _of_group(group: Group) -> Subject:
    return subject_of("group", group.key, in_both(group, "name", "purpose"))


def _of_meeting(meeting: GroupMeeting) -> Subject:
    return _met(meeting, db.session.get(GroupMinutes, meeting.id), everybody=True)


def _meeting_as_read(viewer: Viewer, meeting: GroupMeeting) -> Subject:
    mine = minutes_seen_by(viewer).where(GroupMinutes.meeting_id == meeting.id)
    return _met(meeting, db.session.scalars(mine).first())


def _met(meeting: GroupMeeting, minutes: GroupMinutes | None, *, everybody: bool = False) -> Subject:
    """Minutes for a few come before those who moderate only as whoever reported them read them."""
    body = minutes.body if minutes and (minutes.open or not everybody) else ""
    said = [(words, meeting.lang) for words in (meeting.place, meeting.agenda, body)]
    return subject_of("groupmeeting", meeting.key, said)


def _of_training(training: Training) -> Subject:
    said = in_both(training, "title", "about")
    return subject_of("training", training.key, [*said, (training.place, "")])


def _of_link(link: OrganizationLink) -> Subject:
    ends = names(OPERATOR, "organization", link.ends)
    said = [(one.text, one.lang) for one in (ends[id]["en"] for id in link.ends if id in ends)]
    return subject_of("link", link.key, [*said, (link.consent_form, ""), (link.consent_version, "")])


def _of_arrangement(row: Arrangement) -> Subject:
    terms = from_values(row.terms)
    said: list[Said] = [(words, lang) for one in terms.texts.values() for lang, (words, _day) in one.items()]
    said += [(one, "") for one in (terms.name, terms.phone, terms.website) if one]
    return subject_of("arrangement", row.key, said)


def _group_address(subject: Subject) -> str:
    return url_for("directory_groups.group", key=subject.key)


def _meeting_address(subject: Subject) -> str:
    of = select(GroupMeeting.group_id).where(GroupMeeting.key == subject.key).scalar_subquery()
    group = db.session.scalars(select(Group.key).where(Group.id == of)).one()
    return url_for("directory_groups.meeting", key=group, meeting=subject.key)


def _training_address(subject: Subject) -> str:
    return url_for("directory_training.training", key=subject.key)


def _link_address(subject: Subject) -> str:
    return url_for("directory_links.link", key=subject.key)


def _arrangement_address(subject: Subject) -> str:
    kind = db.session.scalars(select(Arrangement.kind).where(Arrangement.key == subject.key)).one()
    return url_for("arrangements.show", many=PLACE_OF[kind], key=subject.key)
