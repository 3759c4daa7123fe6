"""The tables of HSDS 3.0: their fields, and what is nested in what. Pure.

``fields.csv`` states the facts of the specification: table, field, form, whether it must be given, and the
words it may hold. How objects hang together is told here, once for both shapes of a file: nested (a phone in
the ``phones`` of a service) and tabular (a phone whose ``service_id`` names it).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Field:
    """One field. ``form`` is text, number, uuid, mail, address, date, time or moment."""

    name: str
    form: str
    required: bool
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One kind of object: its name, the stem of its CSV file, its fields in order."""

    kind: str
    stem: str
    fields: dict[str, Field]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Slot:
    """A place in an object for others: which kind, and whether it is a list.

    ``column`` is the field of the child that names the parent (of a list), or the field of the parent that
    names the child (of a single one).
    """

    kind: str
    many: bool
    column: str


_TAXONOMY = {"metadata": Slot("metadata", True, "resource_id")}
_ANY = {"attributes": Slot("attribute", True, "link_id"), **_TAXONOMY}


def _many(parent: str, **children: str) -> dict[str, Slot]:
    return {slot: Slot(kind, True, f"{parent}_id") for slot, kind in children.items()}


SLOTS: dict[str, dict[str, Slot]] = {
    "organization": {
        **_many(
            "organization",
            funding="funding",
            contacts="contact",
            phones="phone",
            locations="location",
            programs="program",
            organization_identifiers="organization_identifier",
        ),
        **_ANY,
    },
    "program": _ANY,
    "service": {
        **_many(
            "service",
            phones="phone",
            schedules="schedule",
            service_areas="service_area",
            service_at_locations="service_at_location",
            languages="language",
            funding="funding",
            cost_options="cost_option",
            required_documents="required_document",
            contacts="contact",
        ),
        "organization": Slot("organization", False, "organization_id"),
        "program": Slot("program", False, "program_id"),
        **_ANY,
    },
    "service_at_location": {
        **_many("service_at_location", contacts="contact", phones="phone", schedules="schedule"),
        "location": Slot("location", False, "location_id"),
        **_ANY,
    },
    "location": {
        **_many(
            "location",
            languages="language",
            addresses="address",
            contacts="contact",
            accessibility="accessibility",
            phones="phone",
            schedules="schedule",
        ),
        **_ANY,
    },
    "phone": {**_many("phone", languages="language"), **_ANY},
    "contact": {**_many("contact", phones="phone"), **_ANY},
    "attribute": {"taxonomy_term": Slot("taxonomy_term", False, "taxonomy_term_id"), **_TAXONOMY},
    "taxonomy_term": {"taxonomy_detail": Slot("taxonomy", False, "taxonomy_id"), **_TAXONOMY},
    "taxonomy": _TAXONOMY,
    "metadata": {},
    **dict.fromkeys(
        (
            "address",
            "schedule",
            "funding",
            "service_area",
            "required_document",
            "language",
            "accessibility",
            "meta_table_description",
            "cost_option",
            "organization_identifier",
        ),
        _ANY,
    ),
}

# Nested the other way round: in such an object the one that it belongs to, or those that belong to it.
# (kind, slot) -> (the kind found there, whether it is a list, the slot of that kind in which this one lies)
UPWARD: dict[tuple[str, str], tuple[str, bool, str]] = {
    ("service_at_location", "service"): ("service", False, "service_at_locations"),
    ("organization", "services"): ("service", True, "organization"),
}

# What the profile adds to the fields of HSDS.
PROFILE_FIELDS = frozenset(
    {
        *("texts_in", "texts_as_of", "translations", "offered", "capacity", "wait_days", "send"),
        *("address_withheld", "front_door", "time_zone"),
    }
)

# What a record is part of, of its own kind: never in a circle.
PARENTS = {"organization": "parent_organization_id", "taxonomy_term": "parent_id"}
# A field that names the table of another one: of attributes and metadata.
NAMES_TABLE = {"attribute": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type")}


@cache
def tables() -> dict[str, Table]:
    """Every table by its kind."""
    found: dict[str, list[tuple[str, Field]]] = {}
    text = resources.files("community.directory").joinpath("hsds/fields.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        choices = tuple(row["choices"].split("|")) if row["choices"] else ()
        one = Field(row["field"], row["form"], row["required"] == "yes", choices)
        found.setdefault(row["kind"], []).append((row["table"], one))
    return {kind: _table(kind, fields) for kind, fields in found.items()}


def _table(kind: str, fields: list[tuple[str, Field]]) -> Table:
    named = {one.name: one for _, one in fields}
    return Table(kind, fields[0][0], named, tuple(one.name for one in named.values() if one.required))


@cache
def kind_of_stem() -> dict[str, str]:
    """The kind by the name of its CSV file without the ending, and by its own name."""
    stems = {table.stem: kind for kind, table in tables().items()}
    return {**{kind: kind for kind in tables()}, **stems, "services_at_location": "service_at_location"}


@cache
def owners(kind: str) -> tuple[tuple[str, str, str], ...]:
    """For each field of a kind that names its owner: (field, kind of the owner, slot there)."""
    return tuple(
        (slot.column, parent, name)
        for parent, slots in SLOTS.items()
        for name, slot in slots.items()
        if slot.kind == kind and slot.many and slot.column not in {"link_id", "resource_id"}
    )


@cache
def named_ones(kind: str) -> tuple[tuple[str, str, str], ...]:
    """For each field of a kind that names a single other one: (field, slot, kind of the other)."""
    return tuple((slot.column, name, slot.kind) for name, slot in SLOTS[kind].items() if not slot.many)
