"""What of signing in goes into the archive of an account, and for how long each thing is kept."""

from __future__ import annotations

from sqlalchemy import select

from community.accounts.members import Authenticator, KnownDevice, Passkey, User
from community.core import archives
from community.core.archives import Rows
from community.core.db import db
from community.operations import backup, retention


def register(forgotten_after_days: int) -> None:
    """Name the part, and what ends by itself."""
    archives.account_part("signing in", of_account)
    kept = f"{forgotten_after_days} days after it was last used"
    retention.rule("a kind of browser", kept, table="known_device", by="accounts.forget")
    retention.rule("that a passkey answered", "a day", table="used_challenge", by="accounts.forget")
    backup.leave_out("used_challenge")


def of_account(member_id: str) -> Rows:
    """What one signs in with, as far as it can be read: no key and no secret."""
    keys = db.session.scalars(select(Passkey).where(Passkey.member_id == member_id))
    app = db.session.scalar(select(Authenticator).where(Authenticator.member_id == member_id))
    devices = db.session.scalars(select(KnownDevice).where(KnownDevice.member_id == member_id))
    member = db.session.get_one(User, member_id)
    return {
        "signed_out_when_idle": [{"minutes": member.idle_minutes}] if member.idle_minutes else [],
        "passkeys": [{"label": row.label, "added_on": row.added_on} for row in keys],
        "apps": [{"added_on": app.added_on}] if app else [],
        "browsers": [{"device": row.device, "seen_on": row.seen_on} for row in devices],
    }
