"""The forum's doors for the clock."""

from __future__ import annotations

from datetime import timedelta

from community.core.db import transaction
from community.core.jobs import job
from community.forum.services import attachments, drafts, lonely_files


@job("forum.drop_old_drafts", lane="bulk", every=timedelta(days=1))
def drop_old_drafts() -> None:
    """Forget drafts that nobody touched for thirty days."""
    with transaction():
        drafts.drop_old()


@job(attachments.DROP, lane="bulk")
def drop_files(names: list[str]) -> None:
    """Remove the bytes of files that were taken away."""
    attachments.drop_bytes(names)


@job("forum.sweep_files", lane="bulk", every=timedelta(days=1))
def sweep_files() -> None:
    """Remove bytes that no message and no draft names."""
    with transaction():
        lonely_files.sweep()
