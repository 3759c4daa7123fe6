"""What routing puts into the archive of a name, and loads from one.

It lets go of it when it hears that the name was left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from community.core import archives
from community.core.archive_rows import BadRow, columns, each
from community.core.archives import Row, Rows
from community.core.db import db
from community.core.regions import REGIONS
from community.forum.models import Topic
from community.forum.themes import THEMES
from community.routing.models import CanAnswer, Field, Laid, OnCall

LOADED = ("answers", "fields")
_CODES: dict[str, Collection[str]] = {"theme": THEMES, "region": REGIONS, "lang": ("fr", "en")}


def register() -> None:
    """Name the part."""
    archives.part("routing", of_persona, load)


def load(persona_id: str, rows: Rows) -> int:
    """Load what a name said it can answer; who was asked what only makes sense where it was.

    :raises BadRow: a row is not one of an archive.
    """
    for row in each(rows, "answers"):
        fields = [_field(one) for one in each(rows, "fields")]
        said = columns(CanAnswer, row, "weekly", "paused", "by_name")
        db.session.add(CanAnswer(persona_id=persona_id, fields=fields, **said))
    db.session.flush()
    return sum(len(rows.get(name, [])) for name in LOADED)


def _field(row: Mapping[str, Any]) -> Field:
    said = columns(Field, row, "kind", "code")
    if said["code"] not in _CODES.get(said["kind"], ()):
        raise BadRow("“fields” holds a theme, a region or a language that there is not.")
    return Field(**said)


def _columns(row: Any, *names: str) -> Row:
    return {name: getattr(row, name) for name in names}


def of_persona(persona_id: str) -> Rows:
    """What a name can answer, when it is on call, and which questions were laid before it."""
    answers = db.session.scalars(select(CanAnswer).where(CanAnswer.persona_id == persona_id))
    fields = select(Field).where(Field.persona_id == persona_id).order_by(Field.kind, Field.code)
    on_call = select(OnCall).where(OnCall.persona_id == persona_id).order_by(OnCall.from_on, OnCall.key)
    laid = (
        select(Laid, Topic.key)
        .join(Topic, Topic.id == Laid.topic_id)
        .where(Laid.persona_id == persona_id)
        .order_by(Laid.laid_on, Topic.key)
    )
    return {
        "answers": [_columns(row, "weekly", "paused", "by_name") for row in answers],
        "fields": [_columns(row, "kind", "code") for row in db.session.scalars(fields)],
        "on_call": [
            _columns(row, "theme", "from_on", "until_on", "state") for row in db.session.scalars(on_call)
        ],
        "laid": [
            {"topic": key, **_columns(row, "why", "state", "laid_on")}
            for row, key in db.session.execute(laid)
        ],
    }
