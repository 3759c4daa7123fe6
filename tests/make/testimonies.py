"""Testimonies that state only what a test is about."""

from __future__ import annotations

from community.core.db import db, transaction
from community.core.ids import new_key
from community.testimonies.models import Testimony
from community.testimonies.services import leaving
from community.testimonies.services.leaving import Writing
from tests.make.world import World

WORDS = "I was twenty, and nobody at that counter had looked at me for a year."


def left(body: str = WORDS, **more: object) -> tuple[Testimony, str]:
    """A testimony that waits, through the service that pages use; and its code."""
    with transaction():
        before = {row.key for row in db.session.query(Testimony)}
        code = leaving.leave(Writing(**{"body": body, "lang": "en", **more}), new_key()).code  # type: ignore[arg-type]
        row = next(one for one in db.session.query(Testimony) if one.key not in before)
    return row, code


def shown(body: str = WORDS, *, month: str = "2026-03", **more: object) -> tuple[Testimony, str]:
    """One that was accepted, and whose day came."""
    row, code = left(body, **more)
    with transaction():
        found = db.session.get_one(Testimony, row.key)
        found.state, found.written_on, found.month = "shown", None, month
    return found, code


def add(world: World) -> None:
    """One for each audience, one that waits, one that was withdrawn; for the tests of rules."""
    for audience in ("everyone", "member", "lived"):
        row, code = shown(f"Read by {audience}: these are words of a testimony.", audience=audience)
        world.more[f"testimony {audience}"] = row.key
    world.more["testimony code"] = code
    world.more["testimony waiting"] = left("Words of a testimony that waits for somebody.")[0].key
    gone, code = shown("Words of a testimony that were withdrawn.", audience="everyone")
    leaving.withdraw(code)
    world.more["testimony withdrawn"] = gone.key
