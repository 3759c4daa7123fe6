"""Who keeps the records of an organization: names whose affiliation was verified, and coordinators."""

from __future__ import annotations

from sqlalchemy import Select, false, or_, select

from community.accounts import audiences
from community.accounts.models import AFFILIATIONS, Credential
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.directory.models import Keeper
from community.directory.permissions.records import may_keep_directory

AFFILIATED = frozenset(audiences.group(code) for code in AFFILIATIONS)


def keeps(viewer: Viewer) -> frozenset[str]:
    """Ids of the organizations whose records this name keeps; by its own affiliation, not as a coordinator.

    One statement; none for visitors and for names whose affiliation nobody verified.
    """
    if not viewer.signed_in or not viewer.audiences & AFFILIATED:
        return frozenset()
    return frozenset(db.session.scalars(_kept_now(viewer.persona_id or "")))


def _kept_now(persona_id: str) -> Select[str]:
    """Organizations that a name keeps while the affiliation it was named for is verified."""
    held = or_(Credential.until.is_(None), Credential.until > clock.now())
    return (
        select(Keeper.organization_id)
        .join(Credential, Credential.id == Keeper.credential_id)
        .where(Keeper.persona_id == persona_id, Credential.state == "verified", held)
    )


def may_keep_organization(viewer: Viewer, organization_id: str) -> bool:
    """Whether the viewer keeps the records of this organization: as its keeper, or as a coordinator."""
    return may_keep_directory(viewer) or organization_id in keeps(viewer)


def may_name_keepers(viewer: Viewer) -> bool:
    """Whether the viewer says who keeps the records of an organization."""
    return may_keep_directory(viewer)


def may_see_keeper(viewer: Viewer, keeper: Keeper) -> bool:
    """Whether the viewer sees who keeps an organization: coordinators, and those who keep it with them."""
    return may_keep_organization(viewer, keeper.organization_id)


def keepers_seen_by(viewer: Viewer) -> Select[Keeper]:
    """The keepers whose names the viewer sees."""
    rows = select(Keeper)
    if may_keep_directory(viewer):
        return rows
    kept = keeps(viewer)
    return rows.where(Keeper.organization_id.in_(kept)) if kept else rows.where(false())
