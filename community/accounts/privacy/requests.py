"""Requests about personal information that come by letter, by telephone or from people without an account.

Members do it themselves in the privacy centre. For all others the law gives thirty days from the day on
which the request came in (Quebec, Act respecting the protection of personal information in the private
sector, sections 27, 28.1 and 32), and silence is a refusal: so each has a day, and whoever answers for it is
told when that day is over. The register holds no name and no address: only under which number the papers
lie, wherever the person in charge keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, delete, func, select

from community.accounts.permissions import may_operate
from community.accounts.privacy.models import ANSWERS, REQUESTS, PrivacyRequest
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import one_or_404, require
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.identifiers import without_numbers
from community.core.tidy import tidy

DAYS = 30
SOON = 7  # days before the day on which it is said that it comes
KEPT_YEARS = 5
LONGEST_FILE, LEAST_WHY, LONGEST_WHY = 60, 10, 2_000
# Answers of which the law asks why.
WITH_REASON = frozenset({"partly", "refused", "mistake"})


@dataclass(frozen=True)
class Came:
    """A request as it came in."""

    kind: str
    received_on: date
    file: str


def may_keep_requests(viewer: Viewer) -> bool:
    """Whether the viewer keeps the register: administrators, for the person in charge."""
    return may_operate(viewer)


def may_hear_of_late_ones(viewer: Viewer) -> bool:
    """Whether the viewer is told that the day of a request is over: those who answer for the community."""
    return viewer.administrator or viewer.coordinator


def requests_seen_by(viewer: Viewer) -> Select[PrivacyRequest]:
    """The requests that this viewer may read."""
    rows = select(PrivacyRequest)
    return rows if may_keep_requests(viewer) else rows.where(PrivacyRequest.key.is_(None))


def all_of(viewer: Viewer) -> Sequence[PrivacyRequest]:
    """Open ones first, the nearest day on top; then those that were answered, the last one first."""
    rows = db.session.scalars(requests_seen_by(viewer)).all()
    waiting = sorted((row for row in rows if row.open), key=lambda row: (row.due_on, row.key))
    done = sorted((row for row in rows if not row.open), key=lambda row: (row.answered_on, row.key))
    return [*waiting, *reversed(done)]


def one(viewer: Viewer, key: str) -> PrivacyRequest:
    """The request of this key. :raises NotFound: there is none for this viewer."""
    return one_or_404(requests_seen_by(viewer), PrivacyRequest.key == key)


def add(viewer: Viewer, came: Came) -> PrivacyRequest:
    """Write down that a request came in. :raises Invalid: names the field."""
    require(may_keep_requests(viewer))
    if came.kind not in REQUESTS:
        raise Invalid("kind", _l("Choose what is asked."))
    if came.received_on > clock.today():
        raise Invalid("received_on", _l("This day is still to come."))
    file = " ".join(tidy(came.file).replace("\x00", "").split())
    if not 1 <= len(file) <= LONGEST_FILE:
        raise Invalid("file", _l("Write 1 to 60 characters: the number of your own file, and no name."))
    row = PrivacyRequest(
        kind=came.kind,
        file=file,
        received_on=came.received_on,
        due_on=came.received_on + timedelta(days=DAYS),
        by=str(viewer.persona_id),
    )
    db.session.add(row)
    db.session.flush()
    audit.record(row.by, "request.added", row.key, kind=row.kind, due=row.due_on.isoformat())
    return row


def answer(viewer: Viewer, row: PrivacyRequest, said: str, answered_on: date, why: str) -> None:
    """Write down that it was answered, once. :raises Conflict: it was already. :raises Invalid: a field."""
    require(may_keep_requests(viewer))
    db.session.refresh(row, with_for_update=True)
    if not row.open:
        raise Conflict(_l("This request was answered in the meantime."))
    if said not in ANSWERS:
        raise Invalid("answer", _l("Choose what was answered."))
    if not row.received_on <= answered_on <= clock.today():
        raise Invalid("answered_on", _l("The day is between the one on which it came in and today."))
    words = without_numbers(tidy(why).replace("\x00", ""))
    if len(words) > LONGEST_WHY or (said in WITH_REASON and len(words) < LEAST_WHY):
        raise Invalid("why", _l("Write 10 to 2,000 characters: the reason, and the section of the law."))
    row.answer, row.answered_on, row.why = said, answered_on, words
    db.session.flush()
    late = max((answered_on - row.due_on).days, 0)
    audit.record(str(viewer.persona_id), "request.answered", row.key, answer=said, days_late=late)


def as_rows(viewer: Viewer) -> list[dict[str, Any]]:
    """The register as plain rows, by the day on which each came in."""
    found = db.session.scalars(
        requests_seen_by(viewer).order_by(PrivacyRequest.received_on, PrivacyRequest.key)
    )
    return [
        {
            "key": row.key,
            "file": row.file,
            "kind": row.kind,
            "received_on": row.received_on.isoformat(),
            "due_on": row.due_on.isoformat(),
            "answer": row.answer,
            "answered_on": row.answered_on.isoformat() if row.answered_on else "",
            "why": row.why,
        }
        for row in found
    ]


# The clock


_OPEN = PrivacyRequest.answer == ""


def late_count() -> int:
    """How many have no answer though their day is over."""
    return _count(_OPEN, PrivacyRequest.due_on < clock.today())


def soon_count() -> int:
    """How many are to be answered within a week."""
    today = clock.today()
    return _count(_OPEN, PrivacyRequest.due_on.between(today, today + timedelta(days=SOON)))


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(PrivacyRequest).where(*conditions)) or 0


def newly_late() -> int:
    """How many came to the end of their day since this was last asked: each is counted once."""
    late = (_OPEN, PrivacyRequest.due_on < clock.today(), ~PrivacyRequest.told)
    rows = db.session.scalars(select(PrivacyRequest).where(*late).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.told = True
        audit.record("calendar", "request.late", row.key, due=row.due_on.isoformat())
    return len(rows)


def drop_old() -> int:
    """Drop requests five years after they were answered; the register of acts keeps that they were."""
    over = clock.today() - timedelta(days=round(365.25 * KEPT_YEARS) + 1)
    keys = list(db.session.scalars(select(PrivacyRequest.key).where(PrivacyRequest.answered_on < over)))
    for key in keys:
        audit.record("calendar", "request.dropped", key)
    db.session.execute(delete(PrivacyRequest).where(PrivacyRequest.key.in_(keys)))
    return len(keys)
