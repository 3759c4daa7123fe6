"""The forum's doors for the clock."""

from __future__ import annotations

from datetime import timedelta

from community.core.db import transaction
from community.core.jobs import job
from community.forum.services import drafts


@job("forum.drop_old_drafts", lane="bulk", every=timedelta(days=1))
def drop_old_drafts() -> None:
    """Forget drafts that nobody touched for thirty days."""
    with transaction():
        drafts.drop_old()
