"""What a community lacks before its duties can be done, first on the home page of those who can give it."""

from __future__ import annotations

from flask import g, render_template
from sqlalchemy import func, select

from community.accounts.models import Duty, Persona
from community.accounts.permissions import may_give_duties
from community.accounts.viewer import Viewer
from community.core.db import db
from community.core.panels import Waits

# Two break the glass together, and two decide on a title.
NEEDED = 2
DUTIES = ("administrator", "coordinator")


def what_is_missing(viewer: Viewer) -> list[Waits]:
    """The second step that one's own duties wait for; for administrators, each duty that too few hold."""
    if g.get("duties_wait"):
        return [Waits(render_template("accounts/_second_step_waits.html"))]
    if not may_give_duties(viewer):
        return []
    held = how_many_hold()
    lines = (render_template("accounts/_hands_wait.html", duty=duty, held=held[duty]) for duty in _few(held))
    return [Waits(line) for line in lines]


def how_many_hold() -> dict[str, int]:
    """How many names that are in use hold each of these duties."""
    rows = db.session.execute(
        select(Duty.duty, func.count(Duty.persona_id.distinct()))
        .join(Persona, Persona.id == Duty.persona_id)
        .where(Duty.duty.in_(DUTIES), Persona.state == "active")
        .group_by(Duty.duty)
    )
    return dict.fromkeys(DUTIES, 0) | {duty: int(count) for duty, count in rows}


def _few(held: dict[str, int]) -> list[str]:
    return [duty for duty, count in held.items() if count < NEEDED]
