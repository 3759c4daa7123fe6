"""The letter to whoever is behind a name whose link may be opened."""

from __future__ import annotations

from community.accounts.services import breakglass
from community.core import mail


def tell(opening_id: str) -> None:
    """Write the letter, once. Of which name it is, the letter does not say."""
    member = breakglass.to_be_told(opening_id)
    if member is not None and member.email:
        mail.send_notice(member.email, "opened", member.lang, page="accounts.own_openings")
