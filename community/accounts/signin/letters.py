"""The letters of signing in: in the member's language, with links from the configured address only.

Flask-Security says which letter and to whom; the words are in ``templates/mail``. A letter waits in
the job table, sealed, so that a page never waits for a mail server. Where nobody has the address, the
same work is done for a letter that is never sent: both take the same time.
"""

from __future__ import annotations

import json
from typing import Any

from flask import after_this_request, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import MailUtil

from community.accounts.members import User
from community.accounts.signin.datastore import begin_to_write
from community.accounts.signin.notices import sentence
from community.core import jobs, mail
from community.core.db import db, in_transaction
from community.core.i18n import current_language, speaking
from community.core.ids import new_key
from community.core.sealing import seal_text
from community.core.store import settings

_NOBODY = "nobody@example.invalid"
_TOKEN = 7  # times a key: about as long as a signed link


class Letters(MailUtil):
    """Flask-Security's way to send, replaced by ours."""

    def normalize(self, email: str) -> str:
        """An address as it is kept: also the part before the @ in lower case, as people type it."""
        return str(super().normalize(email)).lower()

    def validate(self, email: str) -> str:
        """The same, for an address that will be written to."""
        return str(super().validate(email)).lower()

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **facts: Any,
    ) -> None:
        """Write the letter named by ``template`` into the job table; what was rendered is not used."""
        if not recipient:
            return  # a member without an address
        member = facts.get("user")
        lang = member.lang if isinstance(member, User) else current_language()
        token = facts.get("confirmation_token") or facts.get("reset_token") or ""
        send(template, str(recipient), lang, str(token))


def tell(member: User, what: str) -> None:
    """Tell a member with an address that something of how they sign in has changed, by ``notices``."""
    if member.email:
        send("account", member.email, member.lang, what=what)


def send(letter: str, recipient: str, lang: str, token: str = "", what: str = "") -> None:
    """Put a letter into the job table, in the transaction of this request."""
    subject, text, html = written(letter, lang, token, what)
    begin_to_write(db.session())
    mail.send_later(recipient, subject, text, html, _headers())
    _commit_at_the_end()


def send_nothing(letter: str) -> None:
    """Do for an address that nobody has the work of a letter, and send none."""
    subject, text, html = written(letter, current_language(), new_key() * _TOKEN)
    sealed = seal_text("mail", json.dumps([_NOBODY, subject, text, html, _headers()]))
    begin_to_write(db.session())
    jobs.enqueue("accounts.no_letter", sealed=sealed)
    _commit_at_the_end()


@jobs.job("accounts.no_letter", lane="urgent")
def no_letter(sealed: str) -> None:
    """There is nobody to write to."""


def _headers() -> dict[str, str]:
    return {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def written(letter: str, lang: str, token: str = "", what: str = "") -> tuple[str, str, str]:
    """Subject, text and HTML of a letter in a language."""
    with speaking(lang):
        facts = {"lang": lang, "link": _link(letter, lang, token), "site": settings().site_name}
        facts["what"] = sentence(what) if what else ""
        subject = render_template(f"mail/{letter}/subject.txt", **facts)
        text = render_template(f"mail/{letter}/body.txt", **facts)
        html = render_template(f"mail/{letter}/body.html", **facts)
    return " ".join(subject.split()), text.strip() + "\n", html


_PAGES = {
    "confirm": "security.confirm_email",
    "reset": "security.reset_password",
    "address": "accounts.see_address",
}


def _link(letter: str, lang: str, token: str) -> str:
    """An address on this site. Never from the request: its Host header belongs to whoever sends it."""
    page = _PAGES.get(letter)
    if page is None:
        other = "accounts.security" if letter == "account" else "security.forgot_password"
        return settings().base_url + url_for(other, lang=lang)
    path = url_for(page, lang=lang, token=token)
    return settings().base_url + path


def _commit_at_the_end() -> None:
    """Flask-Security commits after most of its pages; a second commit of nothing is harmless."""

    @after_this_request
    def commit(response: ResponseReturnValue) -> Any:
        if not in_transaction():
            db.session.commit()
        return response
