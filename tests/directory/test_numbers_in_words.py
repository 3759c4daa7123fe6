"""A number that one is led to needs two people, wherever it is written."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from community.core.db import db, transaction
from community.directory.dialling import dialled_anew
from community.directory.models import Correction
from community.directory.queries import history
from community.directory.services import arrangements as services
from tests.directory.test_arrangements import here, kept
from tests.directory.test_keeping import SERVICE, coordinator, keeper, records, second, send
from tests.make import arrangements as make
from tests.make import directory

__all__ = ["coordinator", "here", "keeper", "records", "second"]
PAGE = f"/en/directory/services/{SERVICE}"


@pytest.mark.parametrize(
    ("before", "after", "fresh"),
    [
        ("", "Call 555 555-0199.", True),
        ("Call 555 555-0142.", "By day, call 555.555.0142", False),
        ("Call 555 555-0142.", "Call 555 555-0142 or 1 (555) 555-0143", True),
        ("", "Composez le 811 ; de 2024 à 2026, 12 345 678 personnes", False),
        ("", "+1-555-555-0199", True),
    ],
)
def test_a_number_is_new_when_it_was_not_there_in_any_writing(before, after, fresh):
    assert dialled_anew(before, after) is fresh


def test_a_number_in_the_words_of_a_service_waits_for_a_second_person(client, app, keeper):
    field = f"service.{SERVICE}.description.en"
    browser = keeper.signs_in(app.test_client())
    typed = {field: "Soft rooms. Call 555 555-0199 instead."}
    asked = send(browser, f"{PAGE}/edit/texts", **typed)
    kept_as_it_is = re.findall(r'name="kept_identifier" value="([^"]+)"', asked.text)
    answer = send(browser, f"{PAGE}/edit/texts", **typed, kept_identifier=kept_as_it_is)
    assert answer.status_code == 303
    assert "555-0199" not in client.get(PAGE).text
    (row,) = db.session.scalars(select(Correction)).all()
    assert row.origin == "second"


def test_a_number_in_the_words_of_a_contact_waits_for_a_second_person(here):
    key = make.arranged("liaison").key
    texts = {"function": {"en": ("Liaison worker, 555 555-0199", "2026-11-01")}}
    row = kept(key)
    with transaction():
        assert (
            services.change(here["Ada"], row, row.version, make.terms("liaison", texts=texts)) == "proposed"
        )
    plain = {"function": {"en": ("Liaison nurse", "2026-11-01")}}
    with transaction():
        services.refuse(here["Ada"], kept(key), services.mark(kept(key)))
    row = kept(key)
    with transaction():
        assert services.change(here["Ada"], row, row.version, make.terms("liaison", texts=plain)) == "changed"


def test_a_keeper_puts_words_with_a_number_back_by_the_same_rule(client, app, keeper, second):
    directory.keep(directory.service(description="Call 555 555-0199."))
    browser, page = keeper.signs_in(app.test_client()), f"{PAGE}/history"
    send(browser, f"{PAGE}/edit/texts", **{f"service.{SERVICE}.description.en": "Soft rooms."})
    assert "555-0199" not in client.get(PAGE).text
    told, _ = history.changes(directory.shown())
    (change,) = (one.id for one in told if one.after == "Soft rooms." and one.name == "description")
    assert send(browser, f"{page}/{change}/undo", form=page).status_code == 303
    assert "555-0199" not in client.get(PAGE).text
    key = db.session.scalars(select(Correction.key)).one()
    other = second.signs_in(app.test_client())
    assert send(other, f"/en/directory/corrections/{key}", act="accept", taken="0").status_code == 303
    assert "555-0199" in client.get(PAGE).text
