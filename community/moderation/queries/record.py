"""The public record: what was decided, by day, without anybody; and the figures of quarters that are over.

Only acts in spaces that everyone reads have a line. Acts elsewhere, and about names, are only counted, and
no count is shown that could tell about one person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from community.accounts.audiences import EVERYONE
from community.core import clock, store
from community.core.db import db
from community.core.i18n import zone
from community.core.quarters import Quarter, ended
from community.forum.models import Space, SpaceAudience
from community.moderation.figures import Figures, read
from community.moderation.models import Act, Matter

DAYS = 365
LINES = 200
QUARTERS = 4  # that the page shows


@dataclass(frozen=True)
class LogLine:
    """One act of the public log."""

    day: date
    act: str
    reason: str
    space_kind: str
    undone: bool


def public_spaces() -> Select[int]:
    """The ids of spaces whose acts have a line in the log."""
    public = select(SpaceAudience.space_id).where(
        SpaceAudience.act == "see", SpaceAudience.audience == EVERYONE
    )
    return select(Space.id).where(Space.id.in_(public), ~Space.protected, ~Space.archived)


def log() -> list[LogLine]:
    """The acts of moderators in spaces that everyone reads, by day, the newest first."""
    rows = db.session.execute(
        select(Act, Space.kind)
        .join(Matter, Matter.key == Act.matter_key)
        .join(Space, Space.id == Matter.space_id)
        .where(Space.id.in_(public_spaces()), Act.at > clock.ago(days=DAYS))
        .order_by(Act.at.desc())
        .limit(LINES)
    )
    found = [LogLine(_day(act.at), act.act, act.reason, kind, not act.stands) for act, kind in rows]
    # Within a day the order says nothing of what came before what.
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.act, one.reason, one.space_kind))


def _day(moment: datetime) -> date:
    return moment.astimezone(zone()).date()


def named(quarter: Quarter) -> str:
    """Under which name the figures of a quarter are kept."""
    return f"moderation.quarter.{quarter.code}"


def quarters() -> Sequence[tuple[Quarter, Figures]]:
    """The figures of the last quarters that are over, as they were published, the newest first."""
    some = ((one, store.get(named(one))) for one in ended(clock.today(), QUARTERS))
    return [(one, read(kept)) for one, kept in some if kept]
