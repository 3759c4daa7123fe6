"""What a line of the register of acts says of itself: days, lists, counts and keys are kept as data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from community.accounts import words
from community.core.i18n import day

# Targets of some acts begin with what they are, which the act says already in the reader's language.
_KINDS = frozenset({"group", "link", "training"})
_SAID: dict[str, Callable[[str], str]] = {
    "due": lambda value: _("To be answered by %(day)s", day=_day(value)),
    "until": lambda value: _("Until %(day)s", day=_day(value)),
    "month": lambda value: words.capital(words.month(date.fromisoformat(value))),
    "matter": lambda value: _("Case %(key)s", key=value),
    "meeting": lambda value: _("Meeting %(key)s", key=value),
    "organization": lambda value: _("Organization %(key)s", key=value),
    "request": lambda value: _("Request %(key)s", key=value),
    "scope": lambda value: _("Space %(key)s", key=value),
    "sha256": lambda value: _("Fingerprint %(key)s", key=value),
    "version": lambda value: _("Version %(key)s", key=value),
    "form": str.upper,
    "retired": lambda _value: _("No longer offered"),
    "taken_back": lambda value: words.act_name(f"moderation.{value}"),
    "days_late": lambda value: ngettext("%(num)s day late", "%(num)s days late", int(value)),
    "minutes": lambda value: _("One message of a name every %(num)s minutes", num=int(value)),
    "places": lambda value: ngettext("In %(num)s place", "In %(num)s places", int(value)),
    "halves": lambda value: ngettext(
        "%(num)s half of a link moved", "%(num)s halves of links moved", int(value)
    ),
    "waiting": lambda value: ngettext("%(num)s link waits", "%(num)s links wait", int(value)),
    "erased": lambda value: _("Erased again: %(num)s", num=int(value)),
}


def detail_words(act: str, detail: str, value: object) -> str:
    """One detail of a line, in the reader's language; the value itself where nobody has said its words."""
    if isinstance(value, list):
        names = [words.detail_name(act, detail, one) for one in value]
        return _("Changed: %(what)s", what=", ".join(map(_in_a_list, names)))
    said = words.detail_name(act, detail, value)
    if said != str(value) or detail not in _SAID:
        return said
    try:
        return _SAID[detail](str(value))
    except ValueError:  # of a time when it was written otherwise: a line of the register never changes
        return str(value)


def target_key(target: str) -> str:
    """The key of what an act was done to, without its kind in the language of the program."""
    kind, _space, key = target.partition(" ")
    return key if kind in _KINDS else target


def _in_a_list(label: str) -> str:
    """The label of a field without its capital and what explains it: "name in French, who may read"."""
    short = label.partition(":")[0].rstrip()
    return short[:1].lower() + short[1:]


def _day(value: str) -> str:
    return day(date.fromisoformat(value))
