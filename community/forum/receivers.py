"""What the forum does when accounts say that something happened."""

from __future__ import annotations

from community.accounts.signals import persona_left
from community.core.announce import receiver
from community.core.db import transaction
from community.forum.services import kinship, reading
from community.forum.signals import posts_moving


@receiver(persona_left)
def forget_what_it_kept(persona_id: str) -> None:
    """Reading marks, follows, bookmarks and drafts of a name that was left behind are nobody's."""
    with transaction():
        reading.forget(persona_id)


@receiver(posts_moving)
def remember_they_were_one(source_id: int, target_id: int) -> None:
    """In the same transaction: a passage that is taken out of one is looked for in the other."""
    kinship.join(source_id, target_id)
