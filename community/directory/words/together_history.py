"""What was done with groups, links and training, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.i18n import day, number
from community.directory.models.together_changes import TogetherChange
from community.directory.queries.partners import Partner
from community.directory.words import together as words
from community.directory.words.arrangements import spoken

# As the forms call them.
LABELS = {
    "kind": _l("What it is"),
    "name_en": _l("Name in English"),
    "name_fr": _l("Name in French"),
    "purpose_en": _l("Purpose in English"),
    "purpose_fr": _l("Purpose in French"),
    "regions": _l("Regions"),
    "since": _l("Since"),
    "review_on": _l("To be reviewed by"),
    "members": _l("Organizations that take part"),
    "intensity": _l("How closely"),
    "agreement": _l("There is an agreement to exchange information"),
    "exchanged": _l("Kinds of information"),
    "basis": _l("Legal basis"),
    "consent_form": _l("Name of the consent form"),
    "consent_version": _l("Version of the form"),
    "way": _l("Do you offer it or look for it?"),
    "title_en": _l("Title in English"),
    "title_fr": _l("Title in French"),
    "about_en": _l("Description in English"),
    "about_fr": _l("Description in French"),
    "region": _l("Region"),
    "place": _l("Where"),
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "places": _l("Number of places"),
    "langs": _l("Languages"),
    "for_whom": _l("For whom"),
}
# Words that somebody wrote: what stood there before is for those who write there. It may have been taken
# out because it told too much.
WRITTEN = frozenset(
    {"name_en", "name_fr", "purpose_en", "purpose_fr", "title_en", "title_fr", "about_en", "about_fr"}
    | {"place", "consent_form", "consent_version"}
)


def act(entry: TogetherChange) -> str:
    """What was done."""
    return str(words.REGISTER[f"directory.{entry.act}"])


def differences(
    entry: TogetherChange, named: Mapping[str, Partner], *, writes: bool
) -> list[tuple[str, str, str]]:
    """What differs: its name, and what stood and stands there; both empty where only writers read it."""
    before, after = entry.before or {}, entry.after or {}
    found = []
    for name, label in LABELS.items():
        if name in after:
            hidden = name in WRITTEN and not writes
            was, is_now = ("" if hidden else _in_words(name, one.get(name), named) for one in (before, after))
            found.append((str(label), was, is_now))
    return found


def _in_words(name: str, value: Any, named: Mapping[str, Partner]) -> str:
    if name == "members":
        return "; ".join(_member(named[id], function) for id, function in (value or {}).items()) or "–"
    if name == "agreement":
        return _("Yes") if value else _("No")
    if value in (None, "", []) and name not in {"regions", "region", "for_whom"}:
        return "–"
    return _OTHERS[name](value) if name in _OTHERS else str(value)


def _member(one: Partner, function: str) -> str:
    name = one.name.text or _("an organization that is no longer listed")
    return f"{name} ({words.FUNCTIONS[function]})"


def _day(value: str) -> str:
    return day(date.fromisoformat(value))


def _listed(value: str) -> Iterable[str]:
    return value.split(",")


_KINDS = {**words.GROUP_KINDS, **words.TRAINING_KINDS}
_OTHERS: dict[str, Callable[[Any], str]] = {
    "kind": lambda value: str(_KINDS[value]),
    "regions": lambda value: words.regions(value or ()),
    "region": lambda value: words.region_heading(value or ""),
    "since": _day,
    "review_on": _day,
    "starts_on": _day,
    "ends_on": _day,
    "intensity": lambda value: str(words.INTENSITIES[value]),
    "exchanged": words.exchanged,
    "basis": lambda value: str(words.BASES[value]),
    "way": lambda value: str(words.WAYS[value]),
    "places": number,
    "langs": lambda value: spoken(_listed(value)),
    "for_whom": lambda value: words.for_whom(value or ""),
}
