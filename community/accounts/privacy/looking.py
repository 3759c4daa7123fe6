"""Who looked at what belongs to a name, or decided about it: the register of acts, as far as it is theirs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core.audit import AuditEntry
from community.core.db import db


def acts_about(viewer: Viewer) -> Select[AuditEntry]:
    """The acts of others about the name that speaks, and about nobody else."""
    mine = viewer.persona_id or ""
    about = or_(AuditEntry.target == mine, AuditEntry.detail["persona"].as_string() == mine)
    return select(AuditEntry).where(about, AuditEntry.actor_id != mine)


def shown_names(entries: Sequence[AuditEntry]) -> dict[str, str]:
    """The public names among those who acted: a protected one is not told to anybody."""
    actors = {entry.actor_id for entry in entries}
    rows = db.session.scalars(
        select(Persona).where(Persona.id.in_(actors), Persona.kind == "public", Persona.state == "active")
    )
    return {row.id: row.name for row in rows}
