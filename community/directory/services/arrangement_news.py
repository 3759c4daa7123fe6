"""Who is told of an arrangement: whose word is missing, what became of it, when to look at it again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core.announce import announce
from community.core.db import db
from community.directory import arrangements as arranged
from community.directory.arrangements import SECOND
from community.directory.models import Keeper
from community.directory.models.arrangements import Arrangement
from community.directory.signals import persona_told


def ask(viewer: Viewer, row: Arrangement) -> None:
    """Tell those whose word is missing."""
    _tell(_asked(row) - {viewer.persona_id or ""}, "agree", row, f"v{row.version}")


def ask_anew(row: Arrangement) -> None:
    """Tell those whose word is missing since whoever proposed it left."""
    _tell(_asked(row), "agree", row, f"again v{row.version}")


def _asked(row: Arrangement) -> set[str]:
    of = {"from": row.from_organization_id, "to": row.organization_id, SECOND: row.organization_id}
    return _keepers(of[side] for side in row.waits_for.split())


def tell_sides(viewer: Viewer, row: Arrangement, what: str) -> None:
    """Tell those who keep either side what became of it, but for who did it."""
    told = _keepers((row.organization_id, row.from_organization_id))
    _tell(told - {viewer.persona_id or ""}, what, row, f"v{row.version}")


def tell_of_review(row: Arrangement) -> None:
    """Tell those who keep either side to look at it again, for its review or because it lapsed."""
    due = min(row.review_on, row.signed_until or row.review_on)
    _tell(_keepers((row.organization_id, row.from_organization_id)), "review", row, str(due))


def _keepers(organization_ids: Iterable[str | None]) -> set[str]:
    ids = {id for id in organization_ids if id}
    return (
        set(db.session.scalars(select(Keeper.persona_id).where(Keeper.organization_id.in_(ids))))
        if ids
        else set()
    )


def _tell(persona_ids: set[str], what: str, row: Arrangement, event: str) -> None:
    if persona_ids:
        about = f"directory/{arranged.PLACE_OF[row.kind]}/{row.key}"
        announce(
            persona_told, persona_ids=sorted(persona_ids), what=what, about=about, event=f"{about} {event}"
        )
