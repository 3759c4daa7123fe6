"""The history of groups, links and training: what was done, and what stood there before."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.directory.models.groups import Group
from community.directory.models.links import OrganizationLink
from community.directory.models.together_changes import TogetherChange
from community.directory.models.training import Training

Together = Group | OrganizationLink | Training
KINDS: dict[type, str] = {Group: "group", OrganizationLink: "link", Training: "training"}
# What is no fact of it, or what an act of its own says.
_BESIDE = frozenset(
    {"id", "key", "reminded_for", "space_id", "words_en_on", "words_fr_on", "ended_on"}
    | {"one_id", "other_id", "organization_id", "stated_by", "stated_on", "confirmed_on"}
)


def facts(row: Together) -> dict[str, Any]:
    """What is stated of it now, as JSON may hold it."""
    names = [one.key for one in row.__mapper__.column_attrs if one.key not in _BESIDE]
    found = {name: _plain(getattr(row, name)) for name in names}
    if not isinstance(row, Training):
        found["regions"] = sorted(one.region for one in row.regions)
    if isinstance(row, Group):
        found["members"] = {one.organization_id: one.function for one in row.members}
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def note(viewer: Viewer, row: Together, act: str, before: dict[str, Any] | None = None) -> None:
    """Write down what was done; ``before``: its facts until then, of which those that differ are kept."""
    kind = KINDS[type(row)]
    of_row = (TogetherChange.kind == kind, TogetherChange.key == row.key)
    last = db.session.scalar(select(func.max(TogetherChange.number)).where(*of_row)) or 0
    after = facts(row) if before is not None else {}
    other = [name for name in after if before is not None and before.get(name) != after[name]]
    db.session.add(
        TogetherChange(
            kind=kind,
            key=row.key,
            number=last + 1,
            done_on=clock.today(),
            writer=_capacity(viewer),
            act=act,
            before={name: (before or {}).get(name) for name in other} or None,
            after={name: after[name] for name in other} or None,
        )
    )
    db.session.flush()


def _capacity(viewer: Viewer) -> str:
    return "operator" if viewer.kind == "operator" else "coordinator" if viewer.coordinator else "keeper"


def forget(row: Together) -> None:
    """Take its history along."""
    of_row = (TogetherChange.kind == KINDS[type(row)], TogetherChange.key == row.key)
    db.session.execute(delete(TogetherChange).where(*of_row))
