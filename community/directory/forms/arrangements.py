"""What may be sent of corridors, access mechanisms, liaison contacts and expert support, field by field.

No field asks about a person who is referred; each text stands in both languages side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from community.core.days import Day
from community.core.forms import Creates, Words, options
from community.core.i18n import current_language
from community.core.regions import REGIONS
from community.core.tidy import tidy
from community.directory.arrangements import MODES, SHORT, TEXTS, Terms
from community.directory.finding.wanted import NEEDS
from community.directory.forms.parties import PartyField, ServicesField, WhichField, WhichOnesField
from community.directory.forms.week import Week, week_data
from community.directory.hsds.checks import is_address
from community.directory.queries.parties import Party
from community.directory.words import arrangements as said
from community.directory.words import services as words

LONGEST_DELAY = 365
_PHONE = re.compile(r"\+?[0-9][0-9 ().\u00a0-]{2,30}")
_EXTENSION = re.compile(r"[0-9]{0,10}")
ENDS = {
    "corridor": _l("Who receives"),
    "mechanism": _l("Who runs the window"),
    "liaison": _l("Where the contact works"),
    "support": _l("The specialized team"),
}


class _Boxes(SelectMultipleField):  # type: ignore[misc]
    """Several of a list, as boxes."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, option_widget=CheckboxInput(), **more)


class _Number(StringField):  # type: ignore[misc]
    """A whole number of days, or nothing."""

    def pre_validate(self, form: Any) -> None:
        """:raises ValidationError: what was typed is no such number."""
        typed = str(self.data or "").strip()
        fine = typed.isascii() and typed.isdecimal() and len(typed) < 4
        if typed and not (fine and int(typed) <= LONGEST_DELAY):
            raise ValidationError(_("Write a number of days between 0 and 365, or nothing."))


class ArrangementForm(Week, Creates):
    """What all four kinds share."""

    kind = ""
    to = PartyField(validators=[Words(1, 300, _l("The name"))])
    to_is = WhichField()
    regions = _Boxes(_l("Regions where it has its place"))
    phone = StringField(said.FACTS["phone"])
    extension = StringField(said.FACTS["extension"])
    zone = SelectField(said.FACTS["zone"], default="")
    review_on = Day(said.FACTS["review_on"], required=True)
    version = HiddenField(default="0")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        lang = current_language()
        self.to.label.text = str(ENDS[self.kind])
        self.regions.choices = options((code, place.name(lang)) for code, place in REGIONS.items())
        zones = sorted({zone for place in REGIONS.values() for zone in place.time_zones})
        self.zone.choices = options([("", _("That of the region")), *((zone, zone) for zone in zones)])
        for name, choices in self._choices().items():
            if name in self:
                self[name].choices = options(choices)

    def _choices(self) -> dict[str, list[tuple[str, Any]]]:
        return {
            "ages": list(words.AGES.items()),
            "needs": [(code, words.label(code)) for code in NEEDS],
            "langs": list(said.LANGUAGES.items()),
            "modes": [(code, said.MODES[code]) for code in MODES],
        }

    def validate_phone(self, field: StringField) -> None:
        """:raises ValidationError: this is no telephone number."""
        if field.data and not _PHONE.fullmatch(tidy(field.data)):
            raise ValidationError(_("Write the telephone number in digits, for example 555 555-0100."))

    def validate_extension(self, field: StringField) -> None:
        """:raises ValidationError: this is no extension."""
        if not _EXTENSION.fullmatch(tidy(field.data)):
            raise ValidationError(_("Write the extension in digits only."))

    @property
    def made_from(self) -> int:
        """The version that the form was made from."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else -1

    def pairs(self) -> list[tuple[str, Any, Any]]:
        """Name and the two fields of each text, French and English."""
        return [(name, self[f"{name}_fr"], self[f"{name}_en"]) for name in TEXTS[self.kind]]

    def terms(self) -> Terms:
        """What was typed, once it was validated: the parties are those that the names mean."""
        to, origin = self.to.chosen, self["origin"].chosen if "origin" in self else Party("")
        texts = {
            name: found
            for name, french, english in self.pairs()
            if (found := _both(tidy(french.data), tidy(english.data)))
        }
        facts: dict[str, Any] = {
            **{name: tuple(self._many(name)) for name in ("regions", "ages", "needs", "langs", "modes")},
            **{name: self._typed(name) for name in ("name", "phone", "extension", "website", "zone")},
            **{name: name in self and bool(self[name].data) for name in ("joint", "single", "public")},
            **{n: self[n].data for n in ("starts_on", "review_on", "signed_until") if n in self},
        }
        return Terms(
            organization_id=to.organization_id,
            service_id=to.service_id,
            from_organization_id=origin.organization_id,
            from_service_id=origin.service_id,
            texts=texts,
            schedules=self.schedules(),
            services=self["services"].chosen if "services" in self else (),
            delay_days=int(self._typed("delay_days")) if self._typed("delay_days") else None,
            **facts,
        )

    def _typed(self, name: str) -> str:
        return tidy(self[name].data) if name in self else ""

    def _many(self, name: str) -> list[str]:
        return list(self[name].data or []) if name in self else []


def _both(french: str, english: str) -> dict[str, tuple[str, str]]:
    return {lang: (text, "") for lang, text in (("fr", french), ("en", english)) if text}


class _Address:
    """Validator: an address of the web, or nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        """:raises ValidationError: it is none."""
        typed = tidy(field.data)
        if typed and not (typed.lower().startswith(("https://", "http://")) and is_address(typed)):
            raise ValidationError(_("Write an address of the web that begins with https://."))


def _more(kind: str) -> dict[str, Any]:
    """The fields of one kind alone."""
    whom = {"ages": _Boxes(_l("Ages (none ticked: all)")), "needs": _Boxes(_l("Needs (none ticked: all)"))}
    days = {"delay_days": _Number(_l("Days until an answer"))}
    public = {
        "public": BooleanField(_l("Show the telephone number to everybody, not to professionals alone"))
    }
    if kind == "corridor":
        return {
            "origin": PartyField(_l("Who refers"), validators=[Words(1, 300, _l("The name"))]),
            "origin_is": WhichField(),
            "joint": BooleanField(_l("Both services follow the person together at first")),
            "starts_on": Day(said.FACTS["starts_on"]),
            "signed_until": Day(said.FACTS["signed_until"]),
            **whom,
            **days,
            **public,
        }
    if kind == "mechanism":
        return {
            "services": ServicesField(
                said.FACTS["services"], validators=[Words(0, 8000, said.FACTS["services"])]
            ),
            "services_are": WhichOnesField(),
            "single": BooleanField(_l("It is the single window: requests go through it alone")),
            "website": StringField(said.FACTS["website"], validators=[Words(0, 300), _Address()]),
            **whom,
            **days,
        }
    if kind == "liaison":
        return {
            "name": StringField(_l("Name, if the organization gives one"), validators=[Words(0, 80)]),
            "langs": _Boxes(said.FACTS["langs"]),
            **public,
        }
    return {"modes": _Boxes(said.FACTS["modes"]), **whom, **public}


def _texts(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in TEXTS[kind]:
        made = StringField if name in SHORT else TextAreaField
        most = 200 if name in SHORT else 4000
        for lang in ("fr", "en"):
            found[f"{name}_{lang}"] = made(
                _l("In French") if lang == "fr" else _l("In English"),
                validators=[Words(0, most, said.TEXTS[name])],
            )
    return found


@cache
def form_of(kind: str) -> type[ArrangementForm]:
    """The form of this kind."""
    made = type(f"{kind.title()}Form", (ArrangementForm,), {"kind": kind, **_texts(kind), **_more(kind)})
    return cast(type[ArrangementForm], made)


def form_data(terms: Terms, version: int) -> Mapping[str, Any]:
    """The values of a form for these terms; the parties are filled in by the page."""
    texts = {f"{name}_{lang}": one[0] for name, both in terms.texts.items() for lang, one in both.items()}
    plain = (
        *("regions", "ages", "needs", "langs", "modes", "name", "phone", "extension", "website", "zone"),
        *("joint", "single", "public", "starts_on", "review_on", "signed_until"),
    )
    delay = "" if terms.delay_days is None else str(terms.delay_days)
    return {
        **texts,
        **{name: getattr(terms, name) for name in plain},
        **week_data(terms.schedules),
        "delay_days": delay,
        "version": str(version),
    }
