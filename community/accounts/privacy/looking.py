"""Who looked at what belongs to a name, or decided about it: the register of acts, as far as it is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, Select, or_, select

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core.audit import AuditEntry
from community.core.db import db

# Of a persona id, which entries that do not name it are about it all the same.
Also = Callable[[str], ColumnElement[bool]]
_also: list[Also] = []


def also(about: Also) -> None:
    """Let an upper domain say which of its acts somebody is told of later than they were written down."""
    if about not in _also:
        _also.append(about)


def acts_about(viewer: Viewer) -> Select[AuditEntry]:
    """The acts of others about the name that speaks, and about nobody else."""
    mine = viewer.persona_id or ""
    named = (AuditEntry.target == mine, AuditEntry.detail["persona"].as_string() == mine)
    about = or_(*named, *(of_name(mine) for of_name in _also))
    return select(AuditEntry).where(about, AuditEntry.actor_id != mine)


def shown_names(entries: Sequence[AuditEntry]) -> dict[str, str]:
    """The public names among those who acted: a protected one is not told to anybody."""
    actors = {entry.actor_id for entry in entries}
    rows = db.session.scalars(
        select(Persona).where(Persona.id.in_(actors), Persona.kind == "public", Persona.state == "active")
    )
    return {row.id: row.name for row in rows}
