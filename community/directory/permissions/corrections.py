"""Who sees a correction and who decides about it."""

from __future__ import annotations

from sqlalchemy import Select, false, or_, select

from community.accounts.breakglass import same_person
from community.accounts.viewer import Viewer
from community.directory.models import Correction
from community.directory.permissions.keepers import keeps, may_keep_organization
from community.directory.permissions.records import may_keep_directory


def may_see_correction(viewer: Viewer, correction: Correction) -> bool:
    """Whether a correction exists for the viewer: who keeps the records, and who suggested it."""
    own = viewer.signed_in and correction.suggested_by == viewer.persona_id
    return own or may_keep_organization(viewer, correction.organization_id)


def corrections_seen_by(viewer: Viewer) -> Select[Correction]:
    """The corrections that exist for the viewer."""
    rows = select(Correction)
    if may_keep_directory(viewer):
        return rows
    if not viewer.signed_in:
        return rows.where(false())
    own = Correction.suggested_by == viewer.persona_id
    kept = keeps(viewer)
    return rows.where(or_(own, Correction.organization_id.in_(kept)) if kept else own)


def corrections_kept_by(viewer: Viewer) -> Select[Correction]:
    """Those that the viewer keeps the records of: the ones to decide about."""
    rows = select(Correction)
    if may_keep_directory(viewer):
        return rows
    kept = keeps(viewer)
    return rows.where(Correction.organization_id.in_(kept)) if kept else rows.where(false())


def may_decide(viewer: Viewer, correction: Correction) -> bool:
    """Whether the viewer accepts or refuses it: never one's own, behind whatever name, which is what a second
    person is for."""
    by = correction.suggested_by
    own = by is not None and same_person(by, str(viewer.persona_id))
    return may_keep_organization(viewer, correction.organization_id) and not own


def decides_alone(viewer: Viewer) -> bool:
    """Whether a telephone number, or an organization, is shown on this viewer's word alone."""
    return may_keep_directory(viewer)


def may_suggest(viewer: Viewer) -> bool:
    """Whether the viewer may suggest a change to any field; others, only what anybody can check."""
    return viewer.signed_in
