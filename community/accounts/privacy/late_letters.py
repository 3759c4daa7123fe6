"""The letter that says that the day of a request about personal information is over.

It goes to coordinators and administrators who agreed to mail, names nobody and says nothing of the request.
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import select

from community.accounts.models import Duty
from community.accounts.services import mailing
from community.core import mail
from community.core.db import db
from community.core.i18n import speaking
from community.core.store import settings

TOLD = ("administrator", "coordinator")


def send() -> int:
    """Write to each of them, in the open transaction. Returns to how many."""
    rows = db.session.scalars(select(Duty.persona_id).where(Duty.duty.in_(TOLD)).distinct())
    found = {to for persona_id in rows if (to := mailing.address_of(persona_id)) is not None}
    for address, lang in sorted(found):
        subject, text, html = _letter(lang)
        mail.send_later(address, subject, text, html, {"Auto-Submitted": "auto-generated"})
    return len(found)


def _letter(lang: str) -> tuple[str, str, str]:
    """Subject, text and HTML, with a link from the configured address."""
    page = current_app.url_map.bind("localhost").build("core.home", {"lang": lang})
    facts: dict[str, Any] = {"lang": lang, "site": settings().site_name, "link": settings().base_url + page}
    with speaking(lang):
        said = [
            current_app.jinja_env.get_template(f"mail/late/{part}").render(**facts)
            for part in ("subject.txt", "body.txt", "body.html")
        ]
    return " ".join(said[0].split()), said[1].strip() + "\n", said[2]
