"""The doors of moderation for the clock."""

from __future__ import annotations

from datetime import timedelta

from community.core.db import transaction
from community.core.jobs import job
from community.moderation.services import keeping, publishing


@job("moderation.forget_evidence", lane="bulk", every=timedelta(days=1))
def forget_evidence() -> None:
    """Let go of the sealed copies of what was decided ninety days ago."""
    with transaction():
        keeping.forget_evidence()


@job("moderation.publish_quarters", lane="bulk", every=timedelta(days=1))
def publish_quarters() -> None:
    """Publish the figures of the quarters that are over, once each."""
    for quarter in publishing.due():
        with transaction():
            publishing.publish(quarter)
