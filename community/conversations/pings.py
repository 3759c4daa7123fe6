"""What open pages of a conversation are told: that it grew, never what was said."""

from __future__ import annotations

from community.core.pings import ping


def room_of(key: str) -> str:
    """The room of a conversation."""
    return f"conversation:{key}"


def grew(key: str, number: int, *, coarse: bool) -> None:
    """A message was added. ``coarse``: a protected name takes part, so nobody learns the minute."""
    ping(room_of(key), "changed", coarse=coarse, number=number)
