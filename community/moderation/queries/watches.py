"""Who looks at the queue when, for those who look at it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from community.accounts.queries import Face, faces_of
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.core.i18n import zone
from community.moderation.models import Watch


@dataclass(frozen=True)
class Turn:
    """Some hours of a week, and whose."""

    watch: Watch
    face: Face
    own: bool
    now: bool


def week(viewer: Viewer) -> list[list[Turn]]:
    """The seven days, Monday first, each with the hours in which somebody looks."""
    rows = db.session.scalars(select(Watch).order_by(Watch.weekday, Watch.from_hour, Watch.until_hour)).all()
    faces = faces_of([row.persona_id for row in rows])
    here = clock.now().astimezone(zone())
    days: list[list[Turn]] = [[] for _ in range(7)]
    for row in rows:
        face = faces.get(row.persona_id)
        if face is not None and not face.former:
            now = row.weekday == here.weekday() and row.from_hour <= here.hour < row.until_hour
            days[row.weekday].append(Turn(row, face, row.persona_id == viewer.persona_id, now))
    return days


def uncovered(days: list[list[Turn]]) -> int:
    """How many hours of the week nobody looks."""
    covered = {
        (day, hour)
        for day, turns in enumerate(days)
        for turn in turns
        for hour in range(turn.watch.from_hour, turn.watch.until_hour)
    }
    return 7 * 24 - len(covered)
