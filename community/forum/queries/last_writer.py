"""Who wrote last in a topic, as far as lists need it: of a protected name they tell the day alone."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, with_expression
from sqlalchemy.orm.interfaces import ORMOption

from community.accounts.models import Persona
from community.forum.models import Post, Topic

_LAST, _WRITER = aliased(Post), aliased(Persona)
# One look into the index of a topic's messages for each line, in the statement that reads the lines.
LAST_KIND = (
    select(_WRITER.kind)
    .join(_LAST, _LAST.author_id == _WRITER.id)
    .where(_LAST.topic_id == Topic.id, _LAST.state == "shown")
    .order_by(_LAST.number.desc())
    .limit(1)
    .correlate(Topic)
    .scalar_subquery()
)


def for_lines() -> tuple[ORMOption, ORMOption]:
    """What a line says beyond its topic and space. Topics read without it tell the day of what came last."""
    return joinedload(Topic.author, innerjoin=True), with_expression(Topic.last_kind, LAST_KIND)
