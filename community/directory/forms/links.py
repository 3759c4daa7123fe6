"""What an organization may send of its links to others. No field holds what would be exchanged."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import ValidationError

from community.core.days import Day
from community.core.forms import Creates, Form, Words, options
from community.directory.forms.partners import Count, Month, PartnerField, boxes, region_options
from community.directory.forms.standing import Standing
from community.directory.words import together as words

# The name of a form, not what stands in it: one line without a number that could be somebody's.
_NAME = re.compile(r"[\w '’()&.,:/–-]*")
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){6}")


class LinkForm(Standing):
    """How closely two organizations work together, and what they agreed to tell each other."""

    intensity = RadioField(
        _l("How closely"), choices=options((str(n), name) for n, name in words.INTENSITIES.items())
    )
    regions = boxes(_l("Regions"))
    since = Day(_l("Since"))
    review_on = Day(_l("To be reviewed by"), required=True)
    agreement = BooleanField(_l("There is an agreement to exchange information"))
    exchanged = boxes(_l("Kinds of information"), choices=options(words.EXCHANGED.items()))
    basis = RadioField(_l("Legal basis"), choices=options(words.BASES.items()), default="consent")
    consent_form = StringField(_l("Name of the consent form"), validators=[Words(0, 80, _l("The name"))])
    consent_version = StringField(_l("Version of the form"), validators=[Words(0, 20, _l("The version"))])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.regions.choices = region_options()

    def validate_exchanged(self, field: Any) -> None:
        """:raises ValidationError: an agreement about nothing."""
        if self.agreement.data and not field.data:
            raise ValidationError(_("Choose at least one kind of information."))

    def validate_consent_form(self, field: Any) -> None:
        """:raises ValidationError: none is named where consent is the basis, or it is no name."""
        if self.agreement.data and self.basis.data != "law" and not (field.data or "").strip():
            raise ValidationError(_("Name the form with which people consent."))
        _only_a_name(field)

    def validate_consent_version(self, field: Any) -> None:
        """:raises ValidationError: it is no version."""
        _only_a_name(field)


def _only_a_name(field: Any) -> None:
    typed = field.data or ""
    if not _NAME.fullmatch(typed) or _LONG_NUMBER.search(typed):
        raise ValidationError(_("Write a short name without long numbers; nothing of what is exchanged."))


class NewLinkForm(LinkForm, Creates):
    """A link, with the organization that states it and the other one."""

    organization = PartnerField(_l("Your organization"))
    other = PartnerField(_l("The other organization"))


class JointWorkForm(Form):
    """How often two organizations worked together in a month."""

    month = Month(_l("Month"))
    discussions = Count(words.JOINT["discussions"], 0, 999)
    follow_ups = Count(words.JOINT["follow_ups"], 0, 999)
    plans = Count(words.JOINT["plans"], 0, 999)
