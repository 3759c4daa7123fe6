"""The letter that says that the day of a request about personal information is over.

It goes to coordinators and administrators who agreed to mail, names nobody and says nothing of the request.
"""

from __future__ import annotations

from sqlalchemy import select

from community.accounts.models import Duty
from community.accounts.services import mailing
from community.core import mail
from community.core.db import db

TOLD = ("administrator", "coordinator")


def send() -> int:
    """Write to each of them, in the open transaction. Returns to how many."""
    rows = db.session.scalars(select(Duty.persona_id).where(Duty.duty.in_(TOLD)).distinct())
    found = {to for persona_id in rows if (to := mailing.address_of(persona_id)) is not None}
    for address, lang in sorted(found):
        mail.send_notice(address, "late", lang, page="core.home")
    return len(found)
