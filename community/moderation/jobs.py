"""The doors of moderation for the clock."""

from __future__ import annotations

from datetime import timedelta

from community.core.db import transaction
from community.core.jobs import job
from community.moderation.services import keeping


@job("moderation.forget_evidence", lane="bulk", every=timedelta(days=1))
def forget_evidence() -> None:
    """Let go of the sealed copies of what was decided ninety days ago."""
    with transaction():
        keeping.forget_evidence()
