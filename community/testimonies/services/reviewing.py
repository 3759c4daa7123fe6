"""What those who keep a space of lived experience do with a testimony, and when it is shown.

It can be accepted as it is, refused, or shown without passages that would identify somebody: nothing can
be added, and nothing sent back, because there is nobody to send it to.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.identifiers import Finding, scan
from community.core.text import render
from community.operations import erasures
from community.testimonies.models import REASONS, Testimony
from community.testimonies.permissions import may_look_at
from community.testimonies.services.counting import count
from community.testimonies.services.leaving import ERASURE
from community.testimonies.signals import testimony_changed, testimony_letting_go, testimony_words_gone

# How it stands in the text, whatever the language of the page: the text has its own.
REMOVED = {"fr": "\\[retiré\\]", "en": "\\[removed\\]"}
LEAST_PASSAGE, MOST_PASSAGE = 2, 300  # characters
WAITS_FOR = timedelta(days=30)
# Between one and so many days after it was accepted, by chance: nothing that is seen of it then can be
# laid beside an hour at which somebody was here.
LATEST = 3
DECIDED = _l("Somebody else has just decided about this testimony.")


def accept(viewer: Viewer, testimony: Testimony) -> None:
    """Let it be shown as it is, on a day drawn by chance. :raises Conflict: it was decided meanwhile."""
    _begin(viewer, testimony)
    testimony.state, testimony.written_on = "accepted", None
    testimony.first = testimony.dealing = False
    testimony.due_on = clock.today() + timedelta(days=1 + secrets.randbelow(LATEST))
    audit.record(viewer.persona_id or "", "testimonies.accepted", testimony.key)
    db.session.flush()


def refuse(viewer: Viewer, testimony: Testimony, reason: str) -> None:
    """Let it go at once; only the reason is counted.

    :raises Invalid: no such reason. :raises Conflict: it was decided meanwhile.
    """
    _begin(viewer, testimony)
    if reason not in REASONS:
        raise Invalid("reason", _l("Choose one of the reasons."))
    count(f"refused:{reason}")
    audit.record(viewer.persona_id or "", "testimonies.refused", testimony.key, reason=reason)
    erasures.record(ERASURE, testimony.key)
    db.session.delete(testimony)
    db.session.flush()


def _begin(viewer: Viewer, testimony: Testimony) -> None:
    require(may_look_at(viewer, testimony))
    if _held(testimony) != "waiting":
        raise Conflict(DECIDED)


def _held(testimony: Testimony) -> str:
    """Its state, read anew and held until the end; nothing where it was taken back meanwhile."""
    rows = select(Testimony).where(Testimony.key == testimony.key).with_for_update()
    now = db.session.scalar(rows.execution_options(populate_existing=True))
    return now.state if now is not None else ""


def found_in(testimony: Testimony) -> tuple[Finding, ...]:
    """What the guard notices in it."""
    return tuple({one.token: one for one in scan(testimony.body).findings}.values())


def take_out(viewer: Viewer, testimony: Testimony, passages: Sequence[str]) -> int:
    """Put a mark in the place of passages that would identify somebody. Returns in how many places.

    :raises Invalid: a passage is too short or too long, or is nowhere in the text.
    :raises Conflict: it was taken back meanwhile.
    """
    require(may_look_at(viewer, testimony))
    if _held(testimony) in {"", "withdrawn"}:
        raise Conflict(DECIDED)
    passages = [words for words in passages if words]
    if not passages or not all(LEAST_PASSAGE <= len(words) <= MOST_PASSAGE for words in passages):
        raise Invalid("passage", _l("Choose what is to be taken out, or write it: 2 to 300 characters."))
    places = sum(_take_out(testimony, words) for words in sorted(passages, key=len, reverse=True))
    if not places:
        raise Invalid("passage", _l("This is nowhere in the text. Write it as it stands there."))
    testimony.html = render(testimony.body)
    announce(testimony_letting_go, key=testimony.key)
    if testimony.month:
        announce(testimony_words_gone, key=testimony.key)
    audit.record(viewer.persona_id or "", "testimonies.taken_out", testimony.key, places=places)
    db.session.flush()
    return places


def _take_out(testimony: Testimony, words: str) -> int:
    """Whole words where there are any, so that "room" leaves "rooms" alone; else wherever it stands."""
    before, after = (r"(?<!\w)" * words[0].isalnum(), r"(?!\w)" * words[-1].isalnum())
    mark = REMOVED[testimony.lang]
    for pattern in (before + re.escape(words) + after, re.escape(words)):
        testimony.body, places = re.subn(pattern, lambda _: mark, testimony.body)
        if places:
            return places
    return 0


# What the clock does


def show_those_due(today: date) -> int:
    """Show what was accepted and whose day has come. Twice is harmless."""
    due = select(Testimony).where(Testimony.state == "accepted", Testimony.due_on <= today)
    rows = db.session.scalars(due.with_for_update()).all()
    for row in rows:
        row.state, row.due_on, row.month = "shown", None, today.strftime("%Y-%m")
        announce(testimony_changed, key=row.key)
    count("shown", len(rows))
    return len(rows)


def let_lapse(today: date) -> int:
    """Let go of what nobody looked at in time."""
    old = select(Testimony).where(Testimony.state == "waiting", Testimony.written_on < today - WAITS_FOR)
    rows = db.session.scalars(old.with_for_update()).all()
    for row in rows:
        erasures.record(ERASURE, row.key)
        db.session.delete(row)
    count("lapsed", len(rows))
    return len(rows)


# For whoever reads texts for danger, and for moderation: they have asked whether it may be


def put_first(key: str) -> None:
    """Have it looked at before the others."""
    db.session.get_one(Testimony, key).first = True


def suspect(key: str) -> None:
    """Say to whoever looks that it sounds as if something were sold or sought."""
    db.session.get_one(Testimony, key).dealing = True


def hide(key: str) -> None:
    """Out of everybody's sight but that of those who look after it. Twice is harmless."""
    _turn(key, "shown", "hidden")


def show(key: str) -> None:
    """Shown again."""
    _turn(key, "hidden", "shown")


def _turn(key: str, before: str, after: str) -> None:
    found = db.session.get(Testimony, key)
    if found is not None and found.state == before:
        found.state = after
        announce(testimony_changed, key=key)
        db.session.flush()
