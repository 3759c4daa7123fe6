"""The calendar of who is on call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, String, bindparam, literal, select

from community.accounts.models import Persona
from community.accounts.queries import Face, face
from community.accounts.viewer import Viewer
from community.core.access import one_or_404
from community.core.changes import numbers
from community.core.changes.kept_answers import kept
from community.core.db import db
from community.core.prepared import Prepared
from community.forum.models import Space
from community.routing.models import OnCall
from community.routing.permissions import calendar_spaces_seen_by, on_call_seen_by
from community.routing.queries.asking import today

AHEAD = timedelta(days=28)


@dataclass(frozen=True)
class Turn:
    """Somebody on call from one day until another."""

    key: str
    face: Face
    first: date
    last: date
    agreed: bool
    own: bool

    @property
    def now(self) -> bool:
        """Whether it is today."""
        return self.agreed and self.first <= today() <= self.last


@dataclass(frozen=True)
class Gap:
    """Days in the four weeks to come on which nobody is on call."""

    first: date
    last: date


@dataclass(frozen=True)
class ThemeLine:
    """A theme with who is on call today."""

    space: Space
    now: tuple[Turn, ...]


def calendar_space(viewer: Viewer, theme: str) -> Space:
    """The space of this theme. :raises NotFound: there is none, or the viewer does not see it."""
    return one_or_404(calendar_spaces_seen_by(viewer), Space.theme == theme)


def row_seen(viewer: Viewer, key: str) -> tuple[OnCall, Space]:
    """A row of the calendar with the space of its theme. :raises NotFound: it is not the viewer's to see."""
    row = one_or_404(on_call_seen_by(viewer), OnCall.key == key)
    return row, calendar_space(viewer, row.theme)


def turns(viewer: Viewer, themes: Iterable[str], *, until: date | None = None) -> dict[str, list[Turn]]:
    """Who is on call for each of these themes from today on, the first day first."""
    rows = db.session.execute(
        on_call_seen_by(viewer)
        .add_columns(Persona)
        .join(Persona, Persona.id == OnCall.persona_id)
        .where(OnCall.theme.in_(list(themes)), OnCall.until_on >= today(), Persona.state == "active")
        .order_by(OnCall.from_on, OnCall.until_on, Persona.skeleton)
    ).all()
    found: dict[str, list[Turn]] = defaultdict(list)
    for row, persona in rows:
        if until is None or row.from_on <= until:
            own = row.persona_id == viewer.persona_id
            turn = Turn(row.key, face(persona), row.from_on, row.until_on, row.state == "agreed", own)
            found[row.theme].append(turn)
    return found


def every_theme(viewer: Viewer) -> list[ThemeLine]:
    """The themes whose calendar the viewer sees, with who is on call today."""
    rows = calendar_spaces_seen_by(viewer).order_by(Space.position, Space.id)
    spaces = db.session.scalars(rows).all()
    found = turns(viewer, [space.theme or "" for space in spaces], until=today())
    return [
        ThemeLine(space, tuple(turn for turn in found.get(space.theme or "", []) if turn.now))
        for space in spaces
    ]


def gaps(taken: Sequence[Turn]) -> list[Gap]:
    """The days of the four weeks to come on which nobody agreed to be on call, joined together."""
    first = today()
    days = [first + timedelta(days=n) for n in range(AHEAD.days)]
    empty = [day for day in days if not any(one.agreed and one.first <= day <= one.last for one in taken)]
    found: list[Gap] = []
    for day in empty:
        if found and found[-1].last == day - timedelta(days=1):
            found[-1] = Gap(found[-1].first, day)
        else:
            found.append(Gap(day, day))
    return found


def own_duties(viewer: Viewer) -> dict[str, date]:
    """The themes for which the viewer is on call today, and until when."""
    now = today()
    rows = db.session.execute(
        select(OnCall.theme, OnCall.until_on).where(
            OnCall.persona_id == viewer.persona_id,
            OnCall.state == "agreed",
            OnCall.from_on <= now,
            OnCall.until_on >= now,
        )
    )
    return {row.theme: row.until_on for row in rows}


def proposed_to(viewer: Viewer) -> list[OnCall]:
    """What keepers proposed to the viewer and still waits for a yes or a no.

    Every home page asks it: the rule is asked only when there is something.
    """
    day, known = today(), numbers.of(viewer.persona_id)
    name = ("proposed", viewer.persona_id, day)
    mine = {"me": viewer.persona_id, "day": day}
    if not kept(name, known and (known.own,), lambda: bool(_PROPOSED.rows_apart(**mine))):
        return []
    own = (OnCall.persona_id == viewer.persona_id, OnCall.state == "proposed", OnCall.until_on >= day)
    return list(db.session.scalars(on_call_seen_by(viewer).where(*own).order_by(OnCall.from_on)))


def _proposed() -> Select[Any]:
    """Whether anything was proposed to ``me`` for this ``day`` or later."""
    mine = OnCall.persona_id == bindparam("me", type_=String())
    later = OnCall.until_on >= bindparam("day", type_=Date())
    return select(literal(1)).where(mine, OnCall.state == "proposed", later).limit(1)


_PROPOSED = Prepared(_proposed)
