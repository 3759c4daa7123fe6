"""No form of the site stores a number that belongs to one person: each field of words of each is tried.

As far as rows can be read: what is sealed (drafts, private messages) has tests of its own.
"""

from __future__ import annotations

import pytest

from community.core.identifiers.checks import luhn
from tests.rules import route_table, things

DONE = [row for row in route_table.read() if row.method == "POST" and "done" in row.answers.values()]
SENT = list({row.endpoint: row for row in reversed(DONE)}.values())
NUMBER = next(n for n in (f"71604839{last}" for last in "0123456789") if luhn(n))
# What administrators write of the site itself, and what the law has them write down as it was.
OF_ADMINISTRATORS = {
    "accounts.help_line": "lines that everybody may call",
    "accounts.institution_list": "institutions and their hosts",
    "accounts.openings": "the number of an order of a court, read by two administrators",
    "privacy.change_record": "the register of incidents, which nobody else reads",
    "privacy.new_record": "the register of incidents, which nobody else reads",
}


def tried(place, row):
    """Which fields of a form stored the number."""
    who = next(who for who, answer in row.answers.items() if answer == "done")
    address, form = place.path(row.endpoint, row.thing), things.form(place.world, row.endpoint, row.thing)
    kept = []
    for name, value in form.items():
        if isinstance(value, str) and any(character.isalpha() for character in value):
            odd = {**form, name: f"Words, {NUMBER}, words."}
            _answer, rows = place.change(who, "POST", address, data=odd)
            if NUMBER in repr(rows):
                kept.append(name)
    return kept


@pytest.mark.parametrize("row", SENT, ids=str)
def test_no_field_of_a_form_stores_a_number_of_one_person(place, row):
    kept = tried(place, row)
    assert bool(kept) == (row.endpoint in OF_ADMINISTRATORS), kept


def test_exceptions_are_for_administrators_alone():
    for row in DONE:
        if row.endpoint in OF_ADMINISTRATORS:
            able = {who for who, answer in row.answers.items() if answer == "done"}
            assert able <= {"administrator", "coordinator"}, row
