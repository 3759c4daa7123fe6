"""What a persona may choose about its mail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from community.core.forms import Form, options
from community.core.i18n import NBSP, current_language
from community.forum.models import Space
from community.notifications.models import LEVELS, MailSetting
from community.notifications.rules import DEFAULTS, EVERY_KIND, Choices, level_of
from community.notifications.words import KIND_NAMES, LEVEL_NAMES


class HoursForm(Form):
    """The zone a persona lives in, and when no mail may arrive."""

    zone = SelectField(_l("Time zone"))
    quiet_from = SelectField(_l("Quiet from"))
    quiet_until = SelectField(_l("Quiet until"))

    @classmethod
    def of(cls, setting: MailSetting | None, **more: Any) -> HoursForm:
        """The form as the persona's hours stand."""
        form = cls(
            zone=setting.zone if setting else "",
            quiet_from=_said(setting.quiet_from if setting else None),
            quiet_until=_said(setting.quiet_until if setting else None),
            **more,
        )
        form.zone.choices = options([("", _("As the site")), *((name, name) for name in _zones())])
        hours = options([("", _("No quiet hours")), *((str(n), _hour(n)) for n in range(24))])
        form.quiet_from.choices = form.quiet_until.choices = hours
        return form


@cache
def _zones() -> tuple[str, ...]:
    """Canada's first, then those of the rest of the world, without the technical ones."""
    known = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    near = [name for name in known if name.startswith(("America/", "Canada/"))]
    return (*near, *(name for name in known if name not in near))


def _said(hour: int | None) -> str:
    return "" if hour is None else str(hour)


def _hour(hour: int) -> str:
    return f"{hour}{NBSP}h" if current_language() == "fr" else f"{hour}:00"


@dataclass(frozen=True)
class Row:
    """One line of the table of choices: the name of its field, what it is about, which level holds."""

    name: str
    label: str
    level: str
    levels: list[tuple[str, Any]]


def kind_rows(choices: Choices, kinds: list[str]) -> list[Row]:
    """A line for each kind of news."""
    return [
        Row(
            f"kind:{kind}",
            str(KIND_NAMES[kind]),
            level_of(choices, kind),
            [(level, LEVEL_NAMES[level]) for level in LEVELS if kind != "unanswered" or level != "now"],
        )
        for kind in kinds
    ]


def space_rows(choices: Choices, spaces: list[Space]) -> list[Row]:
    """A line for each space that may have a level of its own."""
    levels = [("", _("As above")), *LEVEL_NAMES.items()]
    return [
        Row(
            f"space:{space.slug}",
            space.name_fr if current_language() == "fr" else space.name_en,
            choices.get((EVERY_KIND, space.id), ""),
            levels,
        )
        for space in spaces
    ]


def kinds_of(moderates: bool) -> list[str]:
    """The kinds of news that this persona may get at all."""
    return [kind for kind in KIND_NAMES if kind in DEFAULTS and (moderates or kind != "report")]
