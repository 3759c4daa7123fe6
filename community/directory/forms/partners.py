"""Fields that the forms of working together share: an organization by its name, regions, numbers, months."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _
from wtforms import IntegerField, MonthField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, NumberInput

from community.core.forms import Form, options
from community.core.i18n import current_language
from community.core.regions import REGIONS
from community.directory.queries.partners import named, partners

LONGEST = 200
_TOLD = 5  # names that a refusal lists
_EARLIEST = date(2000, 1, 1)


class PartnerField(StringField):  # type: ignore[misc]
    """An organization of the directory, by its name or the address of its page. ``chosen`` is its id."""

    chosen = ""

    def pre_validate(self, form: Form) -> None:
        """:raises ValidationError: the name means no organization, or several."""
        typed = " ".join((self.data or "").split())
        if not typed:
            raise ValidationError(_("Write the name of an organization."))
        found = named(g.viewer, typed) if len(typed) <= LONGEST and "\x00" not in typed else []
        if not found:
            raise ValidationError(_("No organization of this directory has this name."))
        if len(found) > 1:
            raise ValidationError(
                _(
                    "Several organizations are called so: %(names)s. Write the whole name.",
                    names=_names(found),
                )
            )
        self.chosen = found[0]


def _names(ids: list[str]) -> str:
    known = partners(g.viewer, ids[:_TOLD], current_language())
    more = ", …" if len(ids) > _TOLD else ""
    return ", ".join(one.name.text for one in known.values()) + more


def boxes(label: Any, **more: Any) -> SelectMultipleField:
    """A list of check boxes."""
    return SelectMultipleField(label, option_widget=CheckboxInput(), **more)


def region_options() -> list[Any]:
    """Every region, west to east."""
    return options((code, place.name(current_language())) for code, place in REGIONS.items())


class Count(IntegerField):  # type: ignore[misc]
    """A whole number from ``least`` to ``most``; nothing typed is ``None`` unless ``required``."""

    def __init__(self, label: Any, least: int, most: int, *, required: bool = True, **more: Any) -> None:
        super().__init__(label, widget=NumberInput(min=least, max=most, step=1), **more)
        self.least, self.most, self.required = least, most, required

    def process_formdata(self, valuelist: list[str]) -> None:
        """:raises ValueError: what was typed is no number within the bounds."""
        typed = " ".join(valuelist).strip()
        self.data = None
        if not typed and not self.required:
            return
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else -1
        if not self.least <= number <= self.most:
            raise ValueError(
                _("Write a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )
        self.data = number


class Month(MonthField):  # type: ignore[misc]
    """A month of this century, always asked."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """:raises ValueError: what was typed is no month."""
        try:
            super().process_formdata([" ".join(valuelist).strip()])
        except ValueError:
            self.data = None
        if self.data is None or self.data < _EARLIEST:
            raise ValueError(_("Write the month as year-month, for example 2026-11."))
