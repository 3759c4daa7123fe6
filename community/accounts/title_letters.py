"""The one letter about a title that leaves for another address than the member's: the code for a mailbox.

An employer may read that mailbox: the letter names nobody, no title, and nothing that was written.
"""

from __future__ import annotations

from flask import current_app

from community.core import mail
from community.core.i18n import speaking
from community.core.store import settings

_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def send_code(address: str, lang: str, code: str) -> None:
    """Put the letter with this code into the job table, sealed, in the open transaction."""
    facts = {"lang": lang, "site": settings().site_name, "code": f"{code[:4]} {code[4:]}"}
    with speaking(lang):
        subject, text, html = (
            current_app.jinja_env.get_template(f"mail/mailbox_code/{part}").render(**facts)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    mail.send_later(address, " ".join(subject.split()), text.strip() + "\n", html, dict(_HEADERS))
