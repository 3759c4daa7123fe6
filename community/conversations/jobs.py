"""What the clock asks of conversations. It may run twice without harm."""

from __future__ import annotations

from datetime import timedelta

from community.conversations.services import keeping
from community.core.db import transaction
from community.core.jobs import job


@job("conversations.drop_ended", lane="bulk", every=timedelta(days=1))
def drop_ended() -> None:
    """Drop conversations that everybody left thirty days ago."""
    while True:
        with transaction():
            if not keeping.drop_ended():
                return
