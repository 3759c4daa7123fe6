"""Records as they are kept, with what is withheld: for services that change them, never for a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from community.core.db import db
from community.directory.models import Link, Record
from community.directory.queries.graph import Key, portions

_Json = dict[str, Any]


def data_of(keys: Iterable[Key]) -> dict[Key, _Json]:
    """The fields of records as they are kept, withheld ones too: never for a page."""
    wanted, found = set(keys), {}
    for some in portions(sorted({id for _, id in wanted})):
        rows = select(Record.kind, Record.id, Record.data).where(Record.id.in_(some))
        for kind, id, data in db.session.execute(rows):
            if (kind, id) in wanted:
                found[(kind, id)] = json.loads(data)
    return found


def below(holder: Key, slot: str) -> list[str]:
    """The ids of what lies in a place of a record, in its order."""
    rows = select(Link.child_id).where(
        Link.parent_kind == holder[0], Link.parent_id == holder[1], Link.slot == slot
    )
    return list(db.session.scalars(rows.order_by(Link.position, Link.child_id)))
