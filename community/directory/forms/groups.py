"""What those who keep an organization may send of its groups and their meetings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from community.core.days import Day
from community.core.forms import Creates, Form, Words, options
from community.core.i18n import NAMES
from community.core.text import MAX_BODY
from community.directory.forms.partners import PartnerField, boxes, region_options
from community.directory.forms.standing import Standing
from community.directory.words import together as words


class GroupForm(Standing, Creates):
    """A group: what it is, in both languages, and where."""

    kind = RadioField(_l("What it is"), choices=options(words.GROUP_KINDS.items()))
    name_en = StringField(_l("Name in English"), validators=[Words(0, 160, _l("The name"))])
    name_fr = StringField(_l("Name in French"), validators=[Words(0, 160, _l("The name"))])
    purpose_en = TextAreaField(_l("Purpose in English"), validators=[Words(0, 2000, _l("The purpose"))])
    purpose_fr = TextAreaField(_l("Purpose in French"), validators=[Words(0, 2000, _l("The purpose"))])
    regions = boxes(_l("Regions"))
    since = Day(_l("Since"))
    review_on = Day(_l("To be reviewed by"), required=True)
    space = SelectField(_l("Its space in the forum"), default="")

    def __init__(self, *args: Any, spaces: Sequence[tuple[str, str]] | None = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.regions.choices = region_options()
        if spaces is None:  # the group has one that this person does not see: it stays
            del self.space
        else:
            self.space.choices = options([("", _("No space")), *spaces])


class NewGroupForm(GroupForm):
    """A new group, with the organization that describes it."""

    organization = PartnerField(_l("Your organization"))


class MemberForm(Form):
    """An organization that takes part in a group."""

    organization = PartnerField(_l("Organization"))
    function = SelectField(
        _l("What it does there"), choices=options(words.FUNCTIONS.items()), default="member"
    )


class GroupMeetingForm(Creates):
    """A meeting of a group: when and where, the agenda; once it was held, the minutes."""

    held_on = Day(_l("Day"), required=True)
    by_call = BooleanField(_l("By telephone or video call"))
    place = StringField(_l("Where"), validators=[Words(0, 160, _l("The place"))])
    lang = SelectField(_l("Language of the text"), choices=options(NAMES.items()))
    agenda = TextAreaField(_l("Agenda"), validators=[Words(0, MAX_BODY, _l("The agenda"))])
    minutes = TextAreaField(_l("Minutes"), validators=[Words(0, MAX_BODY, _l("The minutes"))])
    open = RadioField(
        _l("Who reads the minutes"),
        choices=options(
            [
                ("keepers", _l("Those who keep the records of an organization that takes part")),
                ("everyone", _l("Everybody")),
            ]
        ),
        default="keepers",
    )
    version = HiddenField(default="0")

    @property
    def made_from(self) -> int:
        """The version of the meeting that the form was made from."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isdecimal() and len(typed) < 9 else -1
