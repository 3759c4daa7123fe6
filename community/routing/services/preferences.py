"""What a persona says it can answer."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid
from community.core.i18n import LANGUAGES
from community.core.regions import REGIONS
from community.forum.themes import THEMES
from community.routing.models import MOST_A_WEEK, CanAnswer, Field, Laid, OnCall
from community.routing.permissions import may_say_what_they_answer

_KNOWN = {"theme": THEMES, "region": REGIONS, "lang": LANGUAGES}


@dataclass(frozen=True)
class Said:
    """What somebody can answer: nothing of a kind means any of it."""

    weekly: int
    themes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    paused: bool = False
    by_name: bool = False


def say(viewer: Viewer, said: Said) -> CanAnswer:
    """Keep what the speaking name can answer, in place of what it said before.

    :raises Invalid: a number beyond 0 to 20, or a theme, region or language that is none.
    """
    require(may_say_what_they_answer(viewer))
    if not 0 <= said.weekly <= MOST_A_WEEK:
        raise Invalid("weekly", _l("Choose between 0 and 20 questions a week."))
    codes = {"theme": said.themes, "region": said.regions, "lang": said.langs}
    for kind, chosen in codes.items():
        if set(chosen) - set(_KNOWN[kind]):
            raise Invalid(f"{kind}s", _l("Choose among what is offered."))
    row = db.session.get(
        CanAnswer, viewer.persona_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if row is None:
        row = CanAnswer(persona_id=viewer.persona_id)
        db.session.add(row)
    row.weekly, row.paused, row.by_name = said.weekly, said.paused, said.by_name
    row.fields = [
        Field(kind=kind, code=code) for kind, chosen in codes.items() for code in sorted(set(chosen))
    ]
    db.session.flush()
    return row


def forget(persona_id: str) -> None:
    """Nobody asks a name that was left behind, and it is on call for nothing."""
    for table in (Laid, OnCall, Field, CanAnswer):
        db.session.execute(delete(table).where(table.persona_id == persona_id))
