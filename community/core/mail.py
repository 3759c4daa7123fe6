"""Mail goes out from the job table, so that a page never waits for it and a crash never loses it.

The job's arguments are sealed: an address or a token in a database dump would tie things together.
In the small size mail is written as files into the instance folder.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from flask_mailman import EmailMultiAlternatives, Mail

from community.core import jobs
from community.core.i18n import speaking
from community.core.sealing import seal_text, unseal_text
from community.core.store import settings

mail = Mail()


def init_app(app: Flask) -> None:
    """Choose the mail backend by ``MAIL_URL``."""
    found = app.extensions["settings"]
    app.config.setdefault("MAIL_DEFAULT_SENDER", found.mail_from)
    app.config.update(_smtp(found.mail_url) if found.mail_url else _folder(app))
    mail.init_app(app)


def _folder(app: Flask) -> dict[str, Any]:
    folder = app.extensions["settings"].instance_dir / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    backend = "locmem" if app.testing else "file"
    return {"MAIL_BACKEND": backend, "MAIL_FILE_PATH": str(folder)}


def _smtp(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "MAIL_BACKEND": "smtp",
        "MAIL_SERVER": parts.hostname or "localhost",
        "MAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "MAIL_USERNAME": unquote(parts.username) if parts.username else None,
        "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
        "MAIL_USE_SSL": parts.scheme == "smtps",
        "MAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "MAIL_TIMEOUT": 20,
    }


def send_later(
    to: str, subject: str, text: str, html: str = "", headers: dict[str, str] | None = None
) -> None:
    """Write the mail into the job table, sealed, in the open transaction."""
    letter = {"to": to, "subject": _one_line(subject), "text": text, "html": html, "headers": headers or {}}
    jobs.enqueue("core.send_mail", sealed=seal_text("mail", json.dumps(letter)))


def send_notice(to: str, letter: str, lang: str, *, page: str) -> None:
    """Write a letter of the site itself, which names nobody and leads to one page.

    :param letter: the folder of its templates in ``mail/``; :param page: the endpoint of that page.
    """
    link = settings().base_url + current_app.url_map.bind("localhost").build(page, {"lang": lang})
    facts: dict[str, Any] = {"lang": lang, "site": settings().site_name, "link": link}
    with speaking(lang):
        subject, text, html = (
            current_app.jinja_env.get_template(f"mail/{letter}/{part}").render(**facts)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    send_later(to, _one_line(subject), text.strip() + "\n", html, {"Auto-Submitted": "auto-generated"})


def _one_line(subject: str) -> str:
    """No line break may reach a header."""
    return " ".join(subject.split())


@jobs.job("core.send_mail", lane="urgent")
def send_mail(sealed: str) -> None:
    """Hand one letter to the mail server."""
    letter = json.loads(unseal_text("mail", sealed))
    message = EmailMultiAlternatives(
        letter["subject"], letter["text"], settings().mail_from, [letter["to"]], headers=letter["headers"]
    )
    if letter["html"]:
        message.attach_alternative(letter["html"], "text/html")
    message.send()
