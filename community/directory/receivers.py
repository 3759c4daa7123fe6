"""What the directory does when its own documents were written anew."""

from __future__ import annotations

from community.accounts.signals import credential_decided
from community.core.announce import receiver
from community.core.db import transaction
from community.directory.services import keepers, listing
from community.directory.signals import services_written


@receiver(services_written)
def lists_show_them(service_ids: list[str]) -> None:
    """Lists show services as they are now."""
    with transaction():
        listing.write(service_ids)


@receiver(credential_decided)
def keeping_ends_with_the_affiliation(persona_id: str, credential_id: str, decision: str) -> None:
    """Who is no longer of an organization keeps its records no longer."""
    if decision in {"lapsed", "revoked", "refused"}:
        with transaction():
            keepers.affiliation_ended(credential_id)
