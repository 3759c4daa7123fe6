"""What conversations call their things, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.accounts.queries import Face
from community.forum.words import listing

# In the order in which they are offered: the closed door first.
WHO: dict[str, Any] = {
    "": _l("Nobody"),
    "professional": _l("Professionals whose title was verified"),
    "shared": _l("Those who read a closed space that I read too"),
    "anybody": _l("Anybody who is signed in"),
}


def who_line(others: Sequence[Face]) -> str:
    """With whom: "Robin Tallgrass and Noemie Larch"."""
    return listing([one.name or _("Former member") for one in others])


def count_words(unread: int) -> str:
    """How many conversations wait, as the menu says it; empty for none."""
    return ngettext("%(num)s unread", "%(num)s unread", unread) if unread else ""
