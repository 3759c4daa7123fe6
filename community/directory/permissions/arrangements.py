"""Who sees what organizations arranged among themselves, who writes it, and who must agree.

A line that somebody picks up is for those who treat and accompany others, unless the organization gives it to
everybody; that there is a corridor, and how it goes, everybody may read once both sides agreed.
"""

from __future__ import annotations

from sqlalchemy import Select, and_, or_, select

from community.accounts import audiences
from community.accounts.breakglass import same_person
from community.accounts.viewer import Viewer
from community.directory.arrangements import SECOND, SIDES, from_values, same_parties
from community.directory.models.arrangements import Arrangement
from community.directory.permissions.keepers import keeps
from community.directory.permissions.records import may_keep_directory

_PROFESSIONALS = frozenset({audiences.PROFESSIONAL, audiences.CLINICIAN})


def is_professional(viewer: Viewer) -> bool:
    """Whether the viewer treats or accompanies others, which somebody verified."""
    return bool(viewer.audiences & _PROFESSIONALS)


def may_arrange(viewer: Viewer) -> bool:
    """Whether the viewer may write down any arrangement: whoever keeps an organization, and coordinators."""
    return may_keep_directory(viewer) or bool(keeps(viewer))


def sides_kept(viewer: Viewer, row: Arrangement, kept: frozenset[str] | None = None) -> frozenset[str]:
    """For which sides the viewer may speak: ``from`` (who refers), ``to`` (who receives, runs or answers).

    :param kept: what ``keeps`` said of this viewer, where several are asked about.
    """
    if may_keep_directory(viewer):
        return frozenset(SIDES if row.from_organization_id else ("to",))
    kept = keeps(viewer) if kept is None else kept
    of = {"from": row.from_organization_id, "to": row.organization_id}
    return frozenset(side for side, organization in of.items() if organization in kept)


def _was_agreed(row: Arrangement) -> bool:
    """Whether it ever held. A draft that was laid aside ended while somebody's word was missing."""
    return row.state == "in_force" or (row.state == "ended" and not row.waits_for)


def may_see_arrangement(viewer: Viewer, row: Arrangement) -> bool:
    """Whether the viewer sees it at all: what is agreed, and of contacts only what is for the viewer."""
    if _was_agreed(row) and (row.kind != "liaison" or row.public or is_professional(viewer)):
        return True
    return bool(sides_kept(viewer, row))


def arrangements_seen_by(viewer: Viewer) -> Select[Arrangement]:
    """The arrangements that the viewer sees."""
    rows = select(Arrangement)
    if may_keep_directory(viewer):
        return rows
    shown = or_(
        Arrangement.state == "in_force", and_(Arrangement.state == "ended", Arrangement.waits_for == "")
    )
    if not is_professional(viewer):
        shown = and_(shown, or_(Arrangement.kind != "liaison", Arrangement.public))
    if kept := keeps(viewer):
        own = or_(Arrangement.organization_id.in_(kept), Arrangement.from_organization_id.in_(kept))
        return rows.where(or_(shown, own))
    return rows.where(shown)


def may_see_line(viewer: Viewer, row: Arrangement, kept: frozenset[str] | None = None) -> bool:
    """Whether the viewer is told the number to call; that of an access mechanism is everybody's."""
    return row.public or may_see_every_line(viewer, row, kept)


def may_see_every_line(viewer: Viewer, row: Arrangement, kept: frozenset[str] | None = None) -> bool:
    """Whether the viewer is told numbers too that were there before they were given to everybody."""
    return row.kind == "mechanism" or is_professional(viewer) or bool(sides_kept(viewer, row, kept))


def may_change(viewer: Viewer, row: Arrangement) -> bool:
    """Whether the viewer may write in it; what ended is not written in any more."""
    return row.state != "ended" and bool(sides_kept(viewer, row))


def sides_to_agree(viewer: Viewer, row: Arrangement) -> tuple[str, ...]:
    """The sides whose word is missing and which the viewer may give; never to what the same person proposed,
    behind whatever name, unless they coordinate the community."""
    if (
        row.state == "ended"
        or names_others(row)
        or (_proposed(viewer, row) and not may_keep_directory(viewer))
    ):
        return ()
    kept = sides_kept(viewer, row)
    missing = row.waits_for.split()
    return tuple(side for side in missing if side in kept or (side == SECOND and kept))


def names_others(row: Arrangement) -> bool:
    """Whether what is proposed is between other organizations than what holds, as it once could be: nobody
    asked those that it names, so nobody agrees to it, and it is laid aside."""
    return row.proposed is not None and not same_parties(from_values(row.terms), from_values(row.proposed))


def _proposed(viewer: Viewer, row: Arrangement) -> bool:
    return row.proposed_by is not None and same_person(row.proposed_by, str(viewer.persona_id))


def may_refuse(viewer: Viewer, row: Arrangement) -> bool:
    """Whether the viewer may lay aside what is proposed: either side, and whoever proposed it."""
    return bool(row.waits_for) and may_change(viewer, row)


def may_see_reviews(viewer: Viewer) -> bool:
    """Whether the viewer is shown what is to be looked at again everywhere."""
    return may_arrange(viewer)
