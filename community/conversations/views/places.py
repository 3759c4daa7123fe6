"""What conversations put on pages of others: the menu, and "write to" on the page of a name."""

from __future__ import annotations

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.conversations import words
from community.conversations.permissions import may_take_part
from community.conversations.queries.doors import may_be_written_to
from community.conversations.queries.talks import unread_count
from community.core.panels import Link, MenuSection


def menu(viewer: Viewer) -> MenuSection | None:
    """Conversations on the Menu page, with how many wait to be read."""
    if not may_take_part(viewer):
        return None
    waiting = words.count_words(unread_count(viewer))
    return MenuSection(
        _l("Conversations"),
        (
            Link(url_for("conversations.list_all"), _l("Your conversations"), "mail", chip=waiting),
            Link(url_for("conversations.who_may_write"), _l("Who may write to me"), "lock"),
            Link(url_for("accounts.kept_away"), _l("Whom you keep away"), "hidden"),
        ),
    )


def on_profile(viewer: Viewer, persona: Persona) -> str:
    """ "Write to" where that is allowed, and nothing where it is not."""
    if persona.id == viewer.persona_id or not may_be_written_to(viewer, persona):
        return ""
    return render_template("conversations/_write_to.html", persona=persona)
