"""Whether somebody may be written to: what the rule needs of a name, read for a few names at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from community.accounts import audiences
from community.accounts.blocking import apart_from
from community.accounts.models import Persona
from community.accounts.viewer import Viewer, viewer_of
from community.conversations.models import Reach
from community.conversations.permissions import Door, may_write_to
from community.core.db import db
from community.forum.models import Space
from community.forum.permissions import spaces_seen_by

_OPEN = frozenset({audiences.EVERYONE, audiences.MEMBER})


def who_may_write(viewer: Viewer) -> str:
    """What the viewer chose: "", "professional", "shared", "anybody"."""
    row = db.session.get(Reach, viewer.persona_id)
    return row.who if row else ""


def named(names: Collection[str]) -> dict[str, Persona]:
    """The active names written exactly so. Said to nobody: whether there is one is asked of its door.

    An imported name may be written like that of a member; nobody is behind it to be written to.
    """
    meant = (Persona.name.in_(names), Persona.state == "active", Persona.kind != "imported")
    return {row.name: row for row in db.session.scalars(select(Persona).where(*meant))}


def doors_of(viewer: Viewer, personas: Sequence[Persona]) -> dict[str, Door]:
    """What the rule needs of these names, in two statements, and two more where one opens to its spaces."""
    ids = [one.id for one in personas]
    rows = db.session.scalars(select(Reach).where(Reach.persona_id.in_(ids)))
    said = {row.persona_id: row.who for row in rows}
    apart = apart_from(viewer.persona_id or "", ids)
    return {
        one.id: Door(
            kind=one.kind,
            active=one.state == "active",
            who=said.get(one.id, ""),
            apart=one.id in apart,
            shares=said.get(one.id) == "shared" and _share_a_space(viewer, one.id),
        )
        for one in personas
        if one.id != viewer.persona_id
    }


def may_be_written_to(viewer: Viewer, persona: Persona) -> bool:
    """Whether the viewer may begin a conversation with this name."""
    door = doors_of(viewer, [persona]).get(persona.id)
    return door is not None and may_write_to(viewer, door)


def _share_a_space(viewer: Viewer, persona_id: str) -> bool:
    """Whether both belong to a space that is not open to every member."""
    other = viewer_of(persona_id)
    return other is not None and bool(_closed_spaces(viewer) & _closed_spaces(other))


def _closed_spaces(viewer: Viewer) -> set[int]:
    spaces: Sequence[Space] = db.session.scalars(spaces_seen_by(viewer)).unique().all()
    return {space.id for space in spaces if not space.admits("see") & _OPEN}
