"""What ends in conversations when accounts says that something happened."""

from __future__ import annotations

from community.accounts import blocking
from community.accounts.signals import persona_blocking, persona_left
from community.conversations.services import members
from community.core.announce import receiver
from community.core.db import transaction


@receiver(persona_blocking)
def end_between(persona_id: str, other_id: str) -> None:
    """What the two have between themselves ends with the block, in its transaction."""
    members.end_between(persona_id, other_id)


@receiver(persona_left)
def forget(persona_id: str) -> None:
    """A name that was left reads nothing any more, and keeps nobody away."""
    with transaction():
        members.forget(persona_id)
        blocking.forget(persona_id)
