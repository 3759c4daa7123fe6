"""Reporting what no name stands under: a space's own words, the papers of a committee.

Several may have written it, and who did is in its history. So a decision is about the words alone and tells
nobody; what is wrong is put right on its page, by those who keep it. What the directory says: ``listed``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, select, true

from community.accounts.viewer import Viewer
from community.core import panels
from community.core.access import one_or_404
from community.core.db import db
from community.core.text import escape
from community.forum.models import Decision, Meeting, Space
from community.forum.permissions import spaces_seen_by
from community.forum.queries.charters import charter_of
from community.forum.queries.committees import committee_of, decisions_seen_by, meetings_seen_by
from community.moderation import targets
from community.moderation.permissions import may_report
from community.moderation.targets import Subject, Target

Said = tuple[str, str]  # words, and the language they are in; "" for a number or an address
BOTH = ("en", "fr")
NOT_NARROWED = true()


def init_app() -> None:
    """Let spaces and the papers of committees be reported, from their pages."""
    add("space", _l("Space"), Space.slug, spaces_seen_by, _of_space, _space_address)
    add("meeting", _l("Meeting"), Meeting.key, meetings_seen_by, _of_meeting, _meeting_address)
    add("decision", _l("Decision"), Decision.key, decisions_seen_by, _of_decision, _decision_address)
    panels.add("under_page", report_link)


def add(
    kind: str,
    name: object,
    column: Any,
    seen_by: Callable[[Viewer], Select[Any]],
    subject: Callable[[Any], Subject],
    address: Callable[[Subject], str],
    copied: Callable[[Viewer, Any], Subject] | None = None,
    where: ColumnElement[bool] = NOT_NARROWED,
) -> None:
    """Let rows of a table be reported by those who see them.

    :param column: what they are called by, in addresses and in the queue; of those ``where`` holds for.
    :param subject: a row as those who moderate find it.
    :param copied: a row as whoever reports it reads it, where that may be more.
    """

    def seen(viewer: Viewer, key: str) -> Subject:
        row = one_or_404(seen_by(viewer), column == key, where)
        return copied(viewer, row) if copied else subject(row)

    def look(key: str) -> Subject | None:
        row = db.session.scalars(select(column.class_).where(column == key, where)).first()
        return subject(row) if row is not None else None

    targets.add(Target(kind, name, seen, look, address, nameless=True))


def subject_of(kind: str, key: str, said: Iterable[Said], space_id: int | None = None) -> Subject:
    """These words as moderation sees them, each paragraph in its own language."""
    shown = [(part, lang) for words, lang in said for part in words.split("\n\n") if part.strip()]
    return Subject(
        kind=kind,
        key=key,
        author_id=None,
        words="\n\n".join(part for part, _lang in shown),
        html="".join(_paragraph(*one) for one in shown),
        space_id=space_id,
    )


def _paragraph(words: str, lang: str) -> str:
    return f'<p lang="{lang}">{escape(words)}</p>' if lang else f"<p>{escape(words)}</p>"


def in_both(row: Any, *fields: str) -> list[Said]:
    """What these columns of a row say in English and in French."""
    return [(getattr(row, f"{field}_{lang}"), lang) for field in fields for lang in BOTH]


def report_link(viewer: Viewer, kind: str, key: str) -> str:
    """At the end of a page: a way to those who moderate, for whoever may report."""
    if targets.of(kind) is None or not may_report(viewer, None):
        return ""
    return render_template("moderation/_report_page.html", kind=kind, key=key)


# Spaces and committees


def _of_space(space: Space) -> Subject:
    said = in_both(space, "name", "description")
    said += in_both(charter_of(space), "words") if space.kind == "lived" else []
    said += in_both(committee_of(space), "mandate") if space.kind == "committee" else []
    return subject_of("space", space.slug, said, space.id)


def _of_meeting(meeting: Meeting) -> Subject:
    said = [(meeting.agenda, meeting.lang), (meeting.minutes, meeting.lang)]
    return subject_of("meeting", meeting.key, said, meeting.space_id)


def _of_decision(decision: Decision) -> Subject:
    return subject_of("decision", decision.key, [(decision.words, decision.lang)], decision.space_id)


def _space_address(subject: Subject) -> str:
    return url_for("forum.space", slug=subject.key)


def _slug(subject: Subject) -> str:
    return db.session.get_one(Space, subject.space_id).slug


def _meeting_address(subject: Subject) -> str:
    return url_for("forum.meeting", slug=_slug(subject), key=subject.key)


def _decision_address(subject: Subject) -> str:
    return url_for("forum.decision", slug=_slug(subject), key=subject.key)
