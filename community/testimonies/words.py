"""What testimonies call their things, in the language of the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.dates import format_date
from flask_babel import lazy_gettext as _l

from community.core.i18n import LOCALES, current_language

AUDIENCES: dict[str, Any] = {
    "lived": _l("Only the lived-experience space: its people, and the guests they invited"),
    "member": _l("Every member of the community"),
    "everyone": _l("Everybody, also without an account"),
}
READ_BY: dict[str, Any] = {
    "lived": _l("Read in the lived-experience space"),
    "member": _l("Read by members"),
    "everyone": _l("Read by everybody"),
}
REASONS: dict[str, Any] = {
    "identifies": _l("It identifies somebody, and would even without a few words"),
    "dealing": _l("It sells or seeks drugs"),
    "contempt": _l("It attacks or despises people"),
    "advice": _l("It could put readers in danger"),
    "no_testimony": _l("It is no testimony: a question, an advertisement, a joke"),
}
ENDS: dict[str, Any] = {
    "shown": _l("Shown"),
    "refused": _l("Not accepted"),
    "taken_back": _l("Taken back before they were shown"),
    "lapsed": _l("Looked at by nobody in 30 days"),
}
MARKS = {"fr": "[retiré]", "en": "[removed]"}
# For the register of acts.
REGISTER: dict[str, object] = {
    "testimonies.accepted": _l("Testimony accepted"),
    "testimonies.refused": _l("Testimony refused"),
    "testimonies.taken_out": _l("Passage taken out of a testimony"),
}


def read_by(audience: str) -> str:
    """Who reads it."""
    return str(READ_BY[audience])


def mark(lang: str) -> str:
    """What stands in a text of this language where something was taken out."""
    return MARKS[lang]


def month_words(month: str) -> str:
    """November 2026, of "2026-11"."""
    first = date.fromisoformat(f"{month}-01")
    return str(format_date(first, "LLLL y", locale=LOCALES[current_language()]))
