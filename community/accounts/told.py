"""The letter to whoever is behind a name whose link may be opened."""

from __future__ import annotations

from typing import Any

from flask import current_app

from community.accounts.services import breakglass
from community.core import mail
from community.core.i18n import speaking
from community.core.store import settings


def tell(opening_id: str) -> None:
    """Write the letter, once. Of which name it is, the letter does not say."""
    member = breakglass.to_be_told(opening_id)
    if member is not None and member.email:
        subject, text, html = _letter(member.lang)
        mail.send_later(member.email, subject, text, html, {"Auto-Submitted": "auto-generated"})


def _letter(lang: str) -> tuple[str, str, str]:
    """Subject, text and HTML, with a link from the configured address."""
    page = current_app.url_map.bind("localhost").build("accounts.own_openings", {"lang": lang})
    facts: dict[str, Any] = {"lang": lang, "site": settings().site_name, "link": settings().base_url + page}
    with speaking(lang):
        said = [
            current_app.jinja_env.get_template(f"mail/opened/{part}").render(**facts)
            for part in ("subject.txt", "body.txt", "body.html")
        ]
    return " ".join(said[0].split()), said[1].strip() + "\n", said[2]
