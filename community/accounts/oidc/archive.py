"""What a member may take along of their linked sign-ins."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from community.accounts.oidc import links
from community.core import archives


def of_account(member_id: str) -> archives.Rows:
    """At which providers this member signs in, and since when."""
    rows = [{"issuer": row.issuer, "linked_on": row.linked_on} for row in links.of_member(member_id)]
    return {"linked_sign_ins": rows}


def register() -> None:
    """Put them into the archive of the account."""
    from community.accounts.privacy import words

    archives.account_part("linked_sign_ins", of_account)
    words.name_lists({"linked_sign_ins": _l("Your sign-ins elsewhere")})
