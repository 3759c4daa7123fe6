"""What the directory does when its own documents were written anew."""

from __future__ import annotations

from community.core.announce import receiver
from community.core.db import transaction
from community.directory.services import listing
from community.directory.signals import services_written


@receiver(services_written)
def lists_show_them(service_ids: list[str]) -> None:
    """Lists show services as they are now."""
    with transaction():
        listing.write(service_ids)
