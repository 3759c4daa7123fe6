"""News of the directory: records to look at again, corrections and what became of them."""

from __future__ import annotations

from collections.abc import Collection

from community.notifications.services.telling import Event, tell

_LONGEST_ABOUT, _LONGEST_EVENT = 90, 120


def tell_keepers(persona_ids: Collection[str], organization_id: str, month: str) -> None:
    """Remind those who keep the records of an organization, once a month."""
    about = f"directory/organizations/{organization_id}"
    tell_of(persona_ids, "remind", about, f"remind:{organization_id}:{month}")


def tell_of(persona_ids: Collection[str], what: str, about: str, event: str) -> None:
    """Tell these names a thing of the directory. ``about``: the path it leads to, after the language."""
    said = Event(f"directory:{event}"[:_LONGEST_EVENT], about=f"{what} {about}"[:_LONGEST_ABOUT])
    tell(said, dict.fromkeys(persona_ids, "directory"))
