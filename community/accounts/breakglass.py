"""Breaking the glass: the rules, and what is read of it.

The link between a name and an account opens in one way only: one administrator asks with a reason, a
second one agrees, the first looks once. The person is told, the acts are in the register, the site
counts them in public. Whoever runs the command line has no part in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from community.accounts import vault
from community.accounts.models import Persona
from community.accounts.names import tidy_name
from community.accounts.protection import Opening
from community.accounts.queries import Face, face
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db

TO_DECIDE = timedelta(hours=24)
TO_OPEN = timedelta(hours=24)
SHOWN = timedelta(minutes=15)
LISTED = 100


def may_break_glass(viewer: Viewer) -> bool:
    """Administrators, under their own public name; never the command line."""
    return viewer.kind == "public" and viewer.administrator


def openings_seen_by(viewer: Viewer) -> Select[Opening]:
    """Administrators see every request; others none."""
    rows = select(Opening)
    if may_break_glass(viewer):
        return rows
    return rows.where(Opening.id.is_(None))


def own_openings(viewer: Viewer) -> Sequence[Opening]:
    """What the speaking name is told: every time two administrators agreed to open its link."""
    mine = (Opening.persona_id == viewer.persona_id, Opening.state.in_(("agreed", "opened")))
    return db.session.scalars(select(Opening).where(*mine).order_by(Opening.decided_at.desc())).all()


def ends_at(opening: Opening) -> datetime | None:
    """Until when something can be done with a request, or its address is shown; None when it is over."""
    moment = {
        "asked": opening.asked_at + TO_DECIDE,
        "agreed": (opening.decided_at or opening.asked_at) + TO_OPEN,
        "opened": (opening.opened_at or opening.asked_at) + SHOWN,
    }.get(opening.state)
    return moment if moment is not None and clock.now() < moment else None


def stands(opening: Opening) -> str:
    """Where a request stands: its state, or "lapsed" where nobody did the next step in time."""
    if opening.state in {"asked", "agreed"} and ends_at(opening) is None:
        return "lapsed"
    return opening.state


def same_person(one: str, other: str) -> bool:
    """Whether two names are of one member; asked of the vault, kept nowhere."""
    return one == other or vault.member_of(one) == vault.member_of(other)


def may_decide_opening(viewer: Viewer, opening: Opening) -> bool:
    """An administrator other than the one who asks and the one it is about, behind whatever names."""
    if not may_break_glass(viewer):
        return False
    parties = (opening.asked_by, opening.persona_id)
    return not any(same_person(str(viewer.persona_id), party) for party in parties)


def may_open(viewer: Viewer, opening: Opening) -> bool:
    """Only the administrator who asked looks."""
    return may_break_glass(viewer) and viewer.persona_id == opening.asked_by


def persona_written(words: str) -> Persona | None:
    """The active name written exactly like this, or with this key, that somebody is behind."""
    words = tidy_name(words).rstrip("/").rsplit("/", 1)[-1]
    rows = select(Persona).where(Persona.state == "active", Persona.kind != "imported")
    by_key = db.session.scalar(rows.where(Persona.id == words))
    found = [by_key] if by_key else db.session.scalars(rows.where(Persona.name == words).limit(2)).all()
    return found[0] if len(found) == 1 else None


def latest(viewer: Viewer) -> list[tuple[Opening, Face]]:
    """The last requests, the newest first, each with the name it is about."""
    rows = openings_seen_by(viewer).add_columns(Persona).join(Persona, Persona.id == Opening.persona_id)
    found = db.session.execute(rows.order_by(Opening.asked_at.desc(), Opening.id).limit(LISTED))
    return [(opening, face(persona)) for opening, persona in found]


@dataclass(frozen=True)
class Year:
    """How often the glass was to be broken in a year, and how it ended. Acts, counted one by one."""

    year: int
    asked: int
    refused: int  # or withdrawn, or left until it was too late; what waits is neither
    agreed: int
    opened: int


def by_year() -> list[Year]:
    """Every year with a request, and this one; the newest first."""
    states: dict[int, Counter[str]] = {clock.today().year: Counter()}
    for row in db.session.scalars(select(Opening)):
        # Agreed to and never opened is agreed to: the person was told.
        state = stands(row) if row.state == "asked" else row.state
        states.setdefault(row.asked_at.year, Counter())[state] += 1
    return [_year(year, states[year]) for year in sorted(states, reverse=True)]


def _year(year: int, states: Counter[str]) -> Year:
    refused = states["refused"] + states["withdrawn"] + states["lapsed"]
    agreed = states["agreed"] + states["opened"]
    return Year(year, sum(states.values()), refused, agreed, states["opened"])
