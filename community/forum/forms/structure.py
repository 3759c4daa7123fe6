"""What an administrator may say of a space and of its members."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from community.accounts import audiences
from community.core.days import Day, end_of
from community.core.forms import Creates, Words, options
from community.forum import words
from community.forum.forms.posts import Ticks
from community.forum.forms.topics import region_choices, theme_choices
from community.forum.models import Space
from community.forum.models.spaces import ACTS
from community.forum.services.structure import (
    NEVER_MODERATE,
    OWN_MEMBERS,
    PLAIN,
    WORDS,
    Structure,
    fingerprint,
)

SLUG_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
STANDING_WORDS = {
    "member": _l("Member"),
    "chair": _l("Chair"),
    "keeper": _l("Keeper"),
    "guest": _l("Guest"),
}


def audience_choices() -> list[tuple[str, Any]]:
    """Every audience that a space may list, widest first."""
    groups = [audiences.group(code) for code in words.GROUP_PEOPLE]
    wide = [audiences.EVERYONE, audiences.MEMBER, audiences.PROFESSIONAL, audiences.CLINICIAN]
    return [(code, words.audience_words(code)) for code in (*wide, *groups, OWN_MEMBERS)]


class SpaceForm(Creates):
    """A space, its words in both languages, and whom it admits to each act."""

    name_en = StringField(_l("Name in English"), validators=[Words(2, 120, _l("The name"))])
    name_fr = StringField(_l("Name in French"), validators=[Words(2, 120, _l("The name"))])
    description_en = TextAreaField(
        _l("Description in English"), validators=[Words(0, 1000, _l("The description"))]
    )
    description_fr = TextAreaField(
        _l("Description in French"), validators=[Words(0, 1000, _l("The description"))]
    )
    region = SelectField(_l("Region"), default="")
    theme = SelectField(_l("Theme"), default="")
    position = IntegerField(_l("Place in the lists"), default=500)
    protected = BooleanField(_l("Protected: days instead of hours, neutral titles, nothing in e-mails"))
    archived = BooleanField(_l("Archived: nobody sees it any more, and nothing is lost"))
    files = BooleanField(_l("Messages may carry pictures and documents"))
    see = Ticks(_l("Who may read"))
    post = Ticks(_l("Who may write"))
    moderate = Ticks(_l("Who moderates, besides those named one by one"))
    seen = HiddenField(default="")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.region.choices = options([("", _("No region")), *region_choices()])
        self.theme.choices = options([("", _("No theme")), *theme_choices()])
        choices = audience_choices()
        self.see.choices = self.post.choices = options(choices)
        self.moderate.choices = options(pair for pair in choices if pair[0] not in NEVER_MODERATE)

    def validate_position(self, field: Any) -> None:
        """:raises ValidationError: it is no whole number, or out of bounds."""
        if field.data is None or not 0 <= field.data <= 9999:
            field.process_errors = []
            raise ValidationError(_("Write a whole number between 0 and 9,999: smaller ones come first."))

    def structure(self, kind: str = "") -> Structure:
        """What was said, for the service."""
        said: dict[str, Any] = {name: getattr(self, name).data for name in (*WORDS, *PLAIN)}
        said |= {act: frozenset(getattr(self, act).data or ()) for act in ACTS}
        if kind:
            said["kind"] = kind
        return Structure(**said)


# What the register of acts calls what was changed: as the form does.
FIELD_NAMES = {name: getattr(SpaceForm, name).args[0] for name in (*WORDS, *PLAIN, *ACTS)}


class NewSpaceForm(SpaceForm):
    """A new space: also its address and its kind, which stay."""

    slug = StringField(_l("Address: small letters, digits and hyphens"))
    kind = SelectField(_l("Kind"), choices=options(words.SPACE_KINDS.items()))

    def validate_slug(self, field: Any) -> None:
        """:raises ValidationError: it would not stand well in an address."""
        slug = (field.data or "").strip()
        if not 2 <= len(slug) <= 60 or not set(slug) <= SLUG_LETTERS or slug.strip("-") != slug:
            raise ValidationError(
                _("Use 2 to 60 small letters without accents, digits and hyphens: for example chronic-pain.")
            )
        field.data = slug


def form_of(space: Space) -> dict[str, Any]:
    """The values with which the form of a space opens."""
    own = audiences.space(space.id)
    values = {name: getattr(space, name) for name in (*WORDS, *PLAIN)}
    for act in ACTS:
        values[act] = [OWN_MEMBERS if audience == own else audience for audience in space.admits(act)]
    return {**values, "region": space.region or "", "theme": space.theme or "", "seen": fingerprint(space)}


class MemberForm(Creates):
    """A persona to make a member of a space."""

    words = StringField(_l("Name exactly as it is shown, or key"), validators=[Words(1, 80, _l("The name"))])
    standing = SelectField(_l("Standing"), choices=options(STANDING_WORDS.items()), default="member")
    until = Day(_l("Until"))

    @property
    def ends(self) -> Any:
        """The moment at which the membership ends; None when it does not."""
        return end_of(self.until.data) if self.until.data else None
