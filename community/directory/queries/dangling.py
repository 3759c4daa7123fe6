"""What a source names and does not hold: a service of an organization that is not there."""

from __future__ import annotations

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from community.core.db import db
from community.directory.models import Link, Record


def named_but_absent(source: str) -> list[tuple[str, str, int]]:
    """How many records of a source name what is not there: (kind that names, kind named, how many)."""
    here, there = aliased(Record), aliased(Record)
    found: dict[tuple[str, str], int] = {}
    for mine, other in (("parent", "child"), ("child", "parent")):
        kind, id = getattr(Link, f"{mine}_kind"), getattr(Link, f"{mine}_id")
        other_kind, other_id = getattr(Link, f"{other}_kind"), getattr(Link, f"{other}_id")
        rows = (
            select(kind, other_kind, func.count())
            .join(here, and_(here.kind == kind, here.id == id))
            .outerjoin(there, and_(there.kind == other_kind, there.id == other_id))
            .where(here.source == source, there.id.is_(None))
            .group_by(kind, other_kind)
        )
        for one, named, number in db.session.execute(rows):
            found[(one, named)] = found.get((one, named), 0) + number
    return sorted((one, named, number) for (one, named), number in found.items())
