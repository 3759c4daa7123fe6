"""Fields for services and organizations of the directory: by name, or by the address of a page.

Where a name means several, the form comes back with them to choose from; so it works without a script.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from community.core.forms import Form, options
from community.core.i18n import current_language
from community.core.tidy import tidy
from community.directory.hsds.checks import is_uuid
from community.directory.hsds.profile import Text
from community.directory.queries.parties import Party, called, exact, meant, parties, party

MOST_SHOWN = 12
LONGEST = 300
MOST_LINES = 60
_SERVICES = ("service",)
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


class ServicesField(TextAreaField):  # type: ignore[misc]
    """Services, one a line, each by its name or the address of its page; ``chosen`` are their ids.

    A :class:`WhichOnesField` of its name + "_are" is beside it, for names that mean several.
    """

    chosen: tuple[str, ...] = ()

    def pre_validate(self, form: Form) -> None:
        """:raises ValidationError: a line means no service, or several, which are then to choose from."""
        lines = list(dict.fromkeys(filter(None, map(tidy, (self.data or "").splitlines()))))
        if any(len(line) > LONGEST or "\x00" in line for line in lines):
            raise ValidationError(_("Write one service a line: its name, or the address of its page."))
        if len(lines) > MOST_LINES:
            raise ValidationError(_("At most %(most)s services.", most=MOST_LINES))
        which = form[f"{self.short_name}_are"]
        picked = _picked(which.data or [])
        found = [_services_of(line, picked) for line in lines]
        nobody = next((line for line, some in zip(lines, found, strict=True) if not some), None)
        if nobody is not None:
            raise ValidationError(
                _("No service of the directory has this name or address: %(line)s", line=nobody[:80])
            )
        unclear = [one for some in found if len(some) > 1 and not set(some) <= set(picked) for one in some]
        if unclear:
            clear = [one for some in found if set(some) <= set(picked) for one in some]
            which.offer(unclear[: 2 * MOST_SHOWN], clear)
            raise ValidationError(_("Some names mean several services: tick those you mean below."))
        self.chosen = tuple(dict.fromkeys(one.id for some in found for one in some))
        which.data = list(self.chosen)

    def name_them(self, form: Form, ids: Sequence[str]) -> None:
        """Fill the field with the names of services, and keep which ones they are."""
        names = called(g.viewer, parties(g.viewer, ids).values())
        words = [names[id][current_language()].text for id in ids if id in names]
        self.data = "\n".join(dict.fromkeys(words))
        form[f"{self.short_name}_are"].data = [id for id in ids if id in names]


def _picked(ids: Sequence[str]) -> list[Party]:
    known = parties(g.viewer, [id for id in ids[: 2 * MOST_LINES] if is_uuid(id)])
    return [one for one in known.values() if one.service_id]


def _services_of(line: str, picked: Sequence[Party]) -> list[Party]:
    """Those among the picked ones that a line means, else all that it may mean."""
    if found := exact(g.viewer, line, picked):
        return found
    found = meant(g.viewer, line, _SERVICES)
    return [one for one in found if one in picked] or found


class WhichOnesField(SelectMultipleField):  # type: ignore[misc]
    """Which of those that the names mean, as boxes."""

    def __init__(self, **more: object) -> None:
        label = _l("Which ones do you mean?")
        super().__init__(label, choices=[], validate_choice=False, option_widget=CheckboxInput(), **more)

    def offer(self, unclear: Sequence[Party], chosen: Sequence[Party]) -> None:
        """Have these to choose from; those that were chosen before stay ticked."""
        some = list(dict.fromkeys((*unclear, *chosen)))
        names = called(g.viewer, [*some, *(Party(one.organization_id) for one in some)])
        self.choices = options((one.id, _told(one, names)) for one in some if one.id in names)
        self.data = [one.id for one in chosen]


def _told(one: Party, names: _Names) -> str:
    lang = current_language()
    words = names[one.id][lang].text
    if one.kind == "organization":
        return _("%(name)s (the organization)", name=words)
    owner = names.get(one.organization_id)
    return _("%(name)s, of %(organization)s", name=words, organization=owner[lang].text) if owner else words
