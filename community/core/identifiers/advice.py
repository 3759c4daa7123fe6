"""What a finding is called, why it is one, and what could stand in its place."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

Words = Any  # a str or a lazy translation

NAMES: dict[str, Words] = {
    "ramq": _l("Quebec health insurance number"),
    "ohip": _l("Ontario health number"),
    "bc_phn": _l("British Columbia health number"),
    "sin": _l("Social insurance number"),
    "health_number": _l("Health number of a province"),
    "record_number": _l("Number of a chart or file"),
    "postal_code": _l("Postal code"),
    "address": _l("Street address"),
    "phone": _l("Telephone number"),
    "email": _l("E-mail address"),
    "birth_date": _l("Full date of birth"),
    "name": _l("Name of a person"),
    "rare_combination": _l("Description that may fit one person"),
}
_NUMBER_WHY = _l("It has the form of such a number, which belongs to one person.")
WHY: dict[str, Words] = {
    "ramq": _l("Four letters, then a date of birth: it holds a name and a birthday."),
    "ohip": _NUMBER_WHY,
    "bc_phn": _NUMBER_WHY,
    "sin": _NUMBER_WHY,
    "health_number": _l("The words beside it say that it is somebody’s health number."),
    "record_number": _l("The words beside it say that it opens somebody’s file."),
    "postal_code": _l("A postal code is often a single building or one side of a street."),
    "address": _l("An address leads to a door."),
    "phone": _l("It may be somebody’s own line. The help lines of this site pass."),
    "email": _l("It may be somebody’s own address."),
    "birth_date": _l("With a province, a full date of birth is enough to find most people."),
    "name": _l("It looks like a name near something about health."),
    "rare_combination": _l("Somebody from there may know at once who is meant."),
}
_NO_NUMBER = _l("Leave it out: an answer never needs it.")
INSTEAD: dict[str, Words] = {
    **dict.fromkeys(("ramq", "ohip", "bc_phn", "sin", "health_number", "record_number"), _NO_NUMBER),
    "postal_code": _l("Write the region: “in northern Ontario”."),
    "address": _l("Write the kind of place: “in a shelter”, “at home”, or the region."),
    "phone": _l("Leave it out, or write “the clinic’s number”."),
    "email": _l("Leave it out: people can answer here."),
    "birth_date": _l("Write an age group: “in their thirties”."),
    "name": _l("Write “a person”, “a woman in her thirties”, “my client”."),
    "rare_combination": _l("Keep what the question needs: an age group, a region; neither role nor event."),
}
