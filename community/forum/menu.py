"""The forum's places in the main navigation."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from community.accounts.viewer import Viewer
from community.core.panels import MenuEntry

# The pages that stand under "Spaces" in the navigation.
_IN_SPACES = (
    "forum.space",
    "forum.topic",
    "forum.new_topic",
    "forum.region",
    "forum.theme",
    "forum.edit",
    "forum.ask",
)


def places(viewer: Viewer) -> list[MenuEntry]:
    """The main navigation: home, spaces, and for members what needs an answer and what they follow."""
    here = request.endpoint or ""
    found = [
        MenuEntry(url_for("core.home"), _("Home"), "home", current=here == "core.home"),
        MenuEntry(url_for("forum.spaces"), _("Spaces"), "spaces", current=here.startswith(_IN_SPACES)),
        MenuEntry(url_for("forum.queue"), _("To answer"), "open", current=here == "forum.queue"),
    ]
    if viewer.signed_in:
        following = url_for("forum.following")
        found.append(MenuEntry(following, _("Following"), "bell", current=here == "forum.following"))
    else:
        latest = url_for("forum.latest")
        found.append(MenuEntry(latest, _("Latest"), "clock", current=here == "forum.latest"))
    return found
