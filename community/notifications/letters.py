"""One letter in words: subject, text, HTML and headers, in the language of the persona it is for.

A letter to a protected name, or about a protected space, names nothing: no space, no title, no author,
no text, not even which name it is for. No letter holds what people wrote. Links come from the
configured address only; every letter has its own unsubscribe token, message id and return path.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from community.accounts.services import address_of
from community.accounts.viewer import Viewer, viewer_of
from community.core.db import db
from community.core.i18n import in_language, speaking
from community.core.sealing import tag
from community.core.store import settings
from community.forum import words as forum_words
from community.forum.models import Topic
from community.notifications import digests, queries, words
from community.notifications.models import RHYTHMS, Letter, MailSetting
from community.notifications.queries import NoticeView
from community.notifications.rules import deciding, level_of
from community.notifications.services.people import choices_of
from community.notifications.tokens import Stop, token_of

ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True)
class Written:
    """A letter ready to be handed over. Lives in memory only."""

    to: str
    sender: str  # of the envelope: where it is returned to
    subject: str
    text: str
    html: str
    headers: dict[str, str]


@dataclass(frozen=True)
class _Said:
    """What a letter says, before it is put into words."""

    template: str
    subject: str
    facts: dict[str, Any]
    scope: str
    space_id: int
    topic_key: str = ""


def write(letter: Letter) -> Written | None:
    """Put a letter into words. None when there is nothing to say any more, or nobody to say it to."""
    found = address_of(letter.persona_id)  # first: most letters that do not go are to nobody
    viewer = viewer_of(letter.persona_id) if found is not None else None
    setting = db.session.get(MailSetting, letter.persona_id, populate_existing=True)
    if found is None or viewer is None or (setting is not None and setting.stopped):
        return None
    said = _of_notice(viewer, letter) if letter.notice_id else _of_digest(viewer, letter, setting)
    if said is None:
        return None
    address, lang = found
    with speaking(lang):
        return _written(letter, said, address, lang)


# What it says


def _of_notice(viewer: Viewer, letter: Letter) -> _Said | None:
    """A letter at once. None when it was read meanwhile, is gone, or is no longer wanted."""
    view = queries.of_letter(viewer, letter.notice_id or "")
    if view is None:
        return None
    choices = choices_of(letter.persona_id)
    if level_of(choices, view.kind, view.space_id) != "now":
        return None
    scope, space_id = deciding(choices, view.kind, view.space_id)
    if viewer.protected or view.protected:
        return _Said("quiet", "quiet", {}, scope, space_id)
    return _Said("notice", view.kind, {"view": view}, scope, space_id, view.topic_key)


def _of_digest(viewer: Viewer, letter: Letter, setting: MailSetting | None) -> _Said | None:
    rhythm = letter.event.partition(":")[0]
    if rhythm not in RHYTHMS:
        return None
    digest = digests.compose(viewer, rhythm, choices_of(letter.persona_id), setting)
    if digest.empty:
        return None
    if viewer.protected:
        return _Said("quiet", "quiet", {}, rhythm, 0)
    return _Said("digest", rhythm, {"digest": digest, "rhythm": rhythm, "region": viewer.region}, rhythm, 0)


# In words


def _written(letter: Letter, said: _Said, address: str, lang: str) -> Written:
    facts = {
        "lang": lang,
        "site": settings().site_name,
        "words": words,
        "page": lambda endpoint, **values: page(endpoint, lang, **values),
        "target": lambda view: target(view, lang),
        "list_url": page("notifications.list_all", lang),
        "choices_url": page("notifications.preferences", lang),
        "stop_url": _stop_url(letter, said, lang),
        "in_mail": lambda row, name: in_language(row, name)[0],
        "title_of": _title_of,
        "waited": lambda topic: forum_words.waiting(topic.created_at) or _("Asked today"),
        **said.facts,
    }
    subject = " ".join(words.subject(said.subject).split())
    text = _render(f"mail/{said.template}/body.txt", facts).strip() + "\n"
    html = _render(f"mail/{said.template}/body.html", facts)
    return Written(address, _sender(letter), subject, text, html, _headers(letter, said, lang))


def _title_of(topic: Topic) -> str:
    """A title may say what a content note warns of."""
    return _("A question with a content note") if topic.note else topic.title


def _render(name: str, facts: dict[str, Any]) -> str:
    # Not render_template: what pages know of a request is not there.
    return current_app.jinja_env.get_template(name).render(**facts)


def page(endpoint: str, lang: str, **values: object) -> str:
    """An address on this site, from the configuration and never from a request."""
    built = current_app.url_map.bind("localhost").build(endpoint, {"lang": lang, **values})
    return settings().base_url + built


def target(view: NoticeView, lang: str) -> str:
    """Where a notice leads."""
    if view.post_key:
        return page("forum.post", lang, key=view.post_key)
    if view.topic_key:
        return page("forum.topic", lang, key=view.topic_key)
    if view.kind == "moderation":
        return page("moderation.decision", lang, key=view.about)
    if view.kind == "report":
        return page("moderation.queue", lang)
    if view.kind == "title":
        return page("accounts.own_title", lang)
    if view.kind == "directory":
        return f"{settings().base_url}/{lang}/{words.directory_path(view.about)}"
    if view.kind == "message":
        return page("conversations.list_all", lang)
    return page("notifications.list_all", lang)


def _stop_url(letter: Letter, said: _Said, lang: str) -> str:
    token = token_of(Stop(letter.persona_id, said.scope, said.space_id, lang))
    built = current_app.url_map.bind("localhost").build("notices_door.unsubscribe", {"token": token})
    return settings().base_url + built


def _headers(letter: Letter, said: _Said, lang: str) -> dict[str, str]:
    found = {
        "From": settings().mail_from,
        "Message-ID": _message_id("mail", letter.persona_id, letter.event),
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": f"{lang}-CA",
        "List-Unsubscribe": f"<{_stop_url(letter, said, lang)}>",
        "List-Unsubscribe-Post": ONE_CLICK,
    }
    if said.topic_key:
        # The mails of a topic to one persona stand together; the same topic has another root for another.
        root = _message_id("thread", letter.persona_id, said.topic_key)
        found |= {"In-Reply-To": root, "References": root}
    return found


def _message_id(what: str, *parts: str) -> str:
    return f"<{tag(f'{what} id', *parts).hex()[:40]}@{_domain(settings().mail_from)}>"


def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"


def _sender(letter: Letter) -> str:
    """Where it comes back to: ``returns+<key>@…`` where the operator has such a mailbox."""
    returns = parseaddr(settings().mail_returns)[1]
    if not returns:
        return parseaddr(settings().mail_from)[1]
    name, _at, domain = returns.rpartition("@")
    return f"{name}+{letter.return_key}@{domain}"
