"""Nothing is in force, or shown, on the word of one side or of one person under two names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from community.core import clock
from community.core.db import transaction
from community.core.errors import Invalid, NotAllowed
from community.directory import arrangements as arranged
from community.directory.permissions import may_decide
from community.directory.queries import arrangements as queries
from community.directory.services import arrangements as services
from community.directory.services import corrections
from tests import cast as people
from tests.directory.test_arrangements import agree, here, kept, write
from tests.make import arrangements as make
from tests.make import directory

__all__ = ["here"]


@pytest.fixture
def third(here):
    """An organization that is neither side."""
    id = directory.uuid("a third organization")
    other = {"id": id, "name": "Mill Trust (made up)", "description": "None."}
    directory.keep(directory.service("Mill of the Reeds", organization=other))
    return id


@pytest.mark.parametrize(
    ("kind", "agreed", "field"),
    [("corridor", held, side) for held in (True, False) for side in ("to", "origin")]
    + [("liaison", True, "to")],
)
def test_nobody_is_named_in_the_place_of_who_agreed(here, third, kind, agreed, field):
    """The side that leaves would agree in the name of the one that comes, which nobody asked."""
    row = kept(make.arranged(kind, agreed=agreed).key)
    side = {"to": "", "origin": "from_"}[field]
    other = {f"{side}organization_id": third, f"{side}service_id": ""}
    for who in ("Ada", "Bo") if kind == "corridor" else ("Ada",):
        with pytest.raises(Invalid) as refused, transaction():
            services.change(here[who], kept(row.key), row.version, make.terms(kind, **other))
        assert refused.value.field == field
        assert kept(row.key).proposed is None
    with transaction():
        whole = make.terms(kind, service_id="")
        services.change(here["Ada"], kept(row.key), row.version, whole)  # all services of the same one


@pytest.mark.parametrize("field", ["name", "website"])
def test_a_patients_number_stands_in_no_plain_field_either(here, field):
    kind = "mechanism" if field == "website" else "liaison"
    words = "https://window.example/TREM90010112" if field == "website" else "TREM 9001 0112"
    with pytest.raises(Invalid) as refused, transaction():
        services.arrange(here["Ada"], kind, make.terms(kind, **{field: words}))
    assert refused.value.field == field


def test_one_person_under_two_names_is_not_a_second_person(here):
    with transaction():
        owner = people.member()
        one = people.persona("Eve", groups=["organization"], owner=owner)
        two = people.persona("Eva", groups=["organization"], owner=owner, slot=1)
    for name in (one, two):
        directory.keeper(name)
    key = write(one.viewer, "liaison")
    with pytest.raises(NotAllowed), transaction():
        agree(two.viewer, kept(key), "second")
    with transaction():
        row = corrections.second(one.viewer, directory.uuid("organization"), directory.uuid(make.HERE), [])
    assert not may_decide(two.viewer, row)
    assert may_decide(here["Ada"], row)


def test_what_lapsed_is_listed_to_be_looked_at_and_told_of(here):
    today = clock.today()
    row = make.arranged("corridor", starts_on=today, signed_until=today + timedelta(days=20))
    for later, lists in ((20, []), (21, [row.key])):
        day = today + timedelta(days=later)
        assert [one.key for one in queries.due(here["Ada"], "qc-06", day, "en")] == lists
        with transaction():
            assert services.remind(day) == len(lists)


def test_it_is_not_to_be_looked_at_again_before_it_begins(here):
    terms = make.terms("corridor", starts_on=clock.today() + timedelta(days=320))
    with pytest.raises(Invalid) as refused, transaction():
        services.arrange(here["Ada"], "corridor", terms)
    assert refused.value.field == "review_on"


def test_no_step_of_a_procedure_is_left_out_unsaid(here):
    lines = "\n".join(f"Step {number}" for number in range(14))
    terms = make.terms("corridor")
    texts = {**terms.texts, "procedure": {"en": (lines, "2026-11-01")}}
    with pytest.raises(Invalid) as refused, transaction():
        services.arrange(here["Ada"], "corridor", replace(terms, texts=texts))
    assert refused.value.field == "procedure_en"
    assert [step.title for step in arranged.steps("| same day | Call\n\nSend it |")] == [
        "same day",
        "Send it",
    ]
