"""Who may see what was looked for and not found."""

from __future__ import annotations

from sqlalchemy import Select, false, select

from community.accounts import audiences
from community.accounts.viewer import Viewer
from community.directory.models.unmet import Unmet


def may_see_unmet(viewer: Viewer) -> bool:
    """Coordinators, and people whose work for a public body was verified: those who can close a gap."""
    return viewer.coordinator or audiences.group("government") in viewer.audiences


def unmet_seen_by(viewer: Viewer) -> Select[Unmet]:
    """The counts; they are shown through ``unmet_table`` alone."""
    rows = select(Unmet)
    return rows if may_see_unmet(viewer) else rows.where(false())
