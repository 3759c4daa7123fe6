"""A field for a service or an organization of the directory: by its name, or by the address of its page.

Where a name means several, the form comes back with them to choose from; so it works without a script.
"""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import ValidationError

from community.core.forms import Form, options
from community.core.i18n import current_language
from community.core.tidy import tidy
from community.directory.hsds.profile import Text
from community.directory.queries.parties import Party, called, exact, meant, party

MOST_SHOWN = 12
LONGEST = 300
_Names = dict[str, dict[str, Text]]


class PartyField(StringField):  # type: ignore[misc]
    """What was typed; ``chosen`` is who is meant. A :class:`WhichField` of its name + "_is" is beside it."""

    chosen = Party("")

    def pre_validate(self, form: Form) -> None:
        """:raises ValidationError: nobody is meant, or several are: those are then to choose from."""
        typed, which = tidy(self.data), form[f"{self.short_name}_is"]
        if not typed or len(typed) > LONGEST or "\x00" in typed:
            return  # the validators of the field say so
        picked = party(g.viewer, str(which.data or ""))
        found = meant(g.viewer, typed)
        if picked is not None and (picked in found or exact(g.viewer, typed, [picked])):
            found = [picked]
        if not found:
            raise ValidationError(_("No service or organization of the directory has this name or address."))
        if len(found) > 1:
            which.offer(found[:MOST_SHOWN])
            raise ValidationError(_("Several are called so: choose one below, or write more of the name."))
        self.chosen = found[0]
        which.offer(found)

    def name_it(self, form: Form, one: Party) -> None:
        """Fill the field with the name of a party, and keep which one it is."""
        names = called(g.viewer, [one]).get(one.id)
        if names:
            self.data = names[current_language()].text
            form[f"{self.short_name}_is"].data = one.id


class WhichField(RadioField):  # type: ignore[misc]
    """Which of those that a name means."""

    def __init__(self, **more: object) -> None:
        super().__init__(_l("Which one do you mean?"), choices=[], validate_choice=False, **more)

    def offer(self, found: list[Party]) -> None:
        """Have these to choose from."""
        names = called(g.viewer, [*found, *(Party(one.organization_id) for one in found)])
        self.choices = options((one.id, _told(one, names)) for one in found if one.id in names)


def _told(one: Party, names: _Names) -> str:
    lang = current_language()
    words = names[one.id][lang].text
    if one.kind == "organization":
        return _("%(name)s (the organization)", name=words)
    owner = names.get(one.organization_id)
    return _("%(name)s, of %(organization)s", name=words, organization=owner[lang].text) if owner else words
