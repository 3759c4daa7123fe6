"""What an organization may send of the workshops and placements it offers or looks for."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from community.accounts.models import PROFESSIONAL_GROUPS
from community.accounts.words import group_name
from community.core.days import Day
from community.core.forms import Creates, Words, options
from community.core.i18n import NAMES
from community.directory.forms.partners import Count, PartnerField, boxes, region_options
from community.directory.forms.standing import Standing
from community.directory.models.training import MOST_PLACES
from community.directory.words import together as words

FOR_WHOM = (*sorted(PROFESSIONAL_GROUPS), "lived_experience", "family", "government", "public_health")


class TrainingForm(Standing, Creates):
    """A workshop or an observation placement."""

    way = RadioField(
        _l("Do you offer it or look for it?"), choices=options(words.WAYS.items()), default="offer"
    )
    kind = RadioField(_l("What it is"), choices=options(words.TRAINING_KINDS.items()), default="workshop")
    title_en = StringField(_l("Title in English"), validators=[Words(0, 160, _l("The title"))])
    title_fr = StringField(_l("Title in French"), validators=[Words(0, 160, _l("The title"))])
    about_en = TextAreaField(_l("Description in English"), validators=[Words(0, 2000, _l("The description"))])
    about_fr = TextAreaField(_l("Description in French"), validators=[Words(0, 2000, _l("The description"))])
    region = SelectField(_l("Region"), default="")
    place = StringField(_l("Where"), validators=[Words(0, 160, _l("The place"))])
    starts_on = Day(_l("First day"), required=True)
    ends_on = Day(_l("Last day"), required=True)
    places = Count(_l("Number of places"), 1, MOST_PLACES, required=False)
    langs = boxes(_l("Languages"), choices=options(NAMES.items()))
    for_whom = boxes(_l("For whom"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.region.choices = [*options([("", _("All of Canada"))]), *region_options()]
        self.for_whom.choices = options((code, group_name(code)) for code in FOR_WHOM)

    def validate_langs(self, field: Any) -> None:
        """:raises ValidationError: no language is chosen."""
        if not field.data:
            raise ValidationError(_("Choose at least one language."))


class NewTrainingForm(TrainingForm):
    """A new one, with the organization that offers or looks for it."""

    organization = PartnerField(_l("Your organization"))
