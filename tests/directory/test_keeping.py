"""Keepers change the records of their organization, and nobody else does; a number needs two people."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from sqlalchemy import select

from community.accounts.models import Persona
from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Invalid
from community.directory.mending.spots import Mended
from community.directory.models import Correction, Keeper
from community.directory.permissions import keeps
from community.directory.queries import history
from community.directory.services import corrections, mending
from tests import cast as people
from tests.make import directory as make

SERVICE = make.uuid("Clinic of the Two Lanterns")
PHONE = make.uuid("Clinic of the Two Lanterns phone")
ADDRESS = make.uuid("Clinic of the Two Lanterns place address")
PLACE = make.uuid("Clinic of the Two Lanterns place")
OWNER = make.uuid("organization")


@pytest.fixture
def records(app):
    """A clinic with a telephone, a place and hours."""
    schedule = {
        "id": make.uuid("week"),
        "freq": "WEEKLY",
        "byday": "MO,TU",
        "opens_at": "08:00",
        "closes_at": "12:00",
    }
    given = make.service(assured_date="2026-05-01", minimum_age=18)
    given["service_at_locations"][0]["schedules"] = [schedule]
    make.keep(given)


@pytest.fixture
def keeper(records):
    """Somebody whose affiliation was verified and who keeps these records."""
    with transaction():
        someone = people.persona("Maud Ferry")
    return make.keeper(someone)


@pytest.fixture
def second(records):
    """Another one."""
    with transaction():
        someone = people.persona("Jules Weir")
    return make.keeper(someone)


@pytest.fixture
def coordinator(app):
    """Who coordinates the community."""
    with transaction():
        someone = people.persona("Solene Marsh")
        people.duty(someone, "coordinator")
    return someone


@pytest.fixture
def reader(app):
    """A member who keeps nothing."""
    with transaction():
        return people.persona("Robin Tallgrass")


def token(client, address):
    page = client.get(address)
    assert page.status_code == 200, page.text[:400]
    return re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[0], page


def send(client, address, form="", **fields):
    db.session.rollback()  # what the test only read must not frame what the request writes
    csrf, page = token(client, form or address)
    digest = re.search(r'name="digest" value="([^"]+)"', page.text)
    more = {"digest": digest[1]} if digest else {}
    return client.post(address, data={"csrf_token": csrf, **more, **fields})


def test_a_keeper_changes_texts_in_both_languages_with_a_day_each(client, keeper):
    keeper.signs_in(client)
    fields = {
        f"service.{SERVICE}.description.en": "Nurses.",
        f"service.{SERVICE}.description.fr": "Des infirmières.",
    }
    assert send(client, f"/en/directory/services/{SERVICE}/edit/texts", **fields).status_code == 303
    shown = make.shown()
    assert shown["description"] == "Nurses."
    assert shown["translations"]["fr"]["description"]["text"] == "Des infirmières."
    assert shown["texts_as_of"] == shown["translations"]["fr"]["description"]["as_of"]
    assert "Des infirmières." in client.get(f"/fr/directory/services/{SERVICE}").text


def test_the_history_tells_what_stood_there_and_never_who(client, app, keeper):
    keeper.signs_in(client)
    send(client, f"/en/directory/services/{SERVICE}/edit/facts", **{f"service.{SERVICE}.minimum_age": "16"})
    page = app.test_client().get(f"/en/directory/services/{SERVICE}/history").text
    for words in ("From which age", "a keeper of the organization", ">18<", ">16<"):
        assert words in page
    assert keeper.name not in page
    assert keeper.persona_id not in page


def test_the_history_goes_back_to_the_first_change_and_keeps_the_order_of_a_day(client, keeper, monkeypatch):
    noon = clock.now().replace(hour=12)
    for minute, (before, after) in enumerate(pairwise(("18", "16", "15", "14", "13", "12"))):
        with time_machine.travel(noon + timedelta(minutes=minute)), transaction():
            mending.put([Mended("service", SERVICE, "minimum_age", "", before, after)], "keeper")
    mending.show_at_once([("service", SERVICE)])
    db.session.commit()
    monkeypatch.setattr(history, "SIZE", 3)
    where = f"/en/directory/services/{SERVICE}/history"
    first, rest = (client.get(f"{where}?page={number}").text for number in (1, 2))
    told = [re.findall(r"<dd>(1\d)</dd>", page) for page in (first, rest)]
    assert told == [["13", "12", "14", "13", "15", "14"], ["16", "15", "18", "16"]]
    assert [f"{where}?page=2" in first, f"{where}?page=3" in rest] == [True, False]


def test_hours_are_changed_by_the_day_and_say_so(client, keeper):
    keeper.signs_in(client)
    at = make.uuid("Clinic of the Two Lanterns at")
    field = f"service_at_location.{at}.hours.TU"
    address = f"/en/directory/services/{SERVICE}/edit/hours"
    assert send(client, address, **{field: "around noon"}).status_code == 422
    assert send(client, address, **{field: "8:00-12:00, 13:00-16:30"}).status_code == 303
    days = {one["byday"] for one in make.shown()["service_at_locations"][0]["schedules"]}
    assert days == {"MO,TU", "TU"}
    assert "Tuesday 08:00-12:00, 13:00-16:30" in client.get(f"/en/directory/services/{SERVICE}/history").text


@pytest.mark.parametrize(
    ("kind", "field", "typed"),
    [
        ("facts", "service.{}.url", "javascript:alert(1)"),
        ("facts", "service.{}.url", "not a uri"),
        ("facts", "service.{}.minimum_age", "eighteen"),
        ("facts", "service.{}.minimum_age", "1e9"),
        ("facts", "service.{}.status", "sometimes"),
        ("facts", "service.{}.email", "nobody"),
        ("texts", "service.{}.name.en", ""),
        ("texts", "service.{}.name.en", "n" * 201),
        ("texts", "service.{}.description.en", "NUL \x00 here"),
    ],
)
def test_what_may_not_stand_there_is_refused_and_kept_in_the_form(client, keeper, kind, field, typed):
    keeper.signs_in(client)
    before = make.shown()
    address = f"/en/directory/services/{SERVICE}/edit/{kind}"
    answer = send(client, address, **{field.format(SERVICE): typed})
    assert answer.status_code == 422
    assert "Nothing was sent yet" in answer.text
    assert make.shown() == before


@pytest.mark.parametrize(
    ("field", "typed", "lang", "said"),
    [
        ("maximum_age", "17", "fr", "L’âge le plus bas dépasse l’âge le plus élevé."),
        ("extension", "12a", "fr", "Écrivez le poste en chiffres seulement"),
        ("extension", "012", "en", "without a zero in front"),
    ],
)
def test_what_no_reader_of_hsds_could_take_is_refused(client, keeper, field, typed, lang, said):
    keeper.signs_in(client)
    kind, name = ("facts", f"service.{SERVICE}") if field == "maximum_age" else ("phones", f"phone.{PHONE}")
    answer = send(client, f"/{lang}/directory/services/{SERVICE}/edit/{kind}", **{f"{name}.{field}": typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text


def test_an_extension_is_a_number_as_the_format_has_it(client, keeper):
    keeper.signs_in(client)
    address = f"/en/directory/services/{SERVICE}/edit/phones"
    assert send(client, address, **{f"phone.{PHONE}.extension": "204"}).status_code == 303
    assert make.shown()["phones"][0]["extension"] == 204
    report = make.Report()
    list(make.rows_of("service", make.shown(), "", report))
    assert not report.refused
    assert 'value="204"' in client.get(address).text


def test_an_earlier_age_is_not_put_back_above_the_highest(client, records, coordinator):
    coordinator.signs_in(client)
    address = f"/en/directory/services/{SERVICE}/edit/facts"
    send(client, address, **{f"service.{SERVICE}.minimum_age": "12"})
    send(client, address, **{f"service.{SERVICE}.maximum_age": "17"})
    before = {"field_name": "minimum_age", "previous_value": "18", "replacement_value": "12"}
    with pytest.raises(Invalid), transaction():
        mending.put_back(("service", SERVICE), before, "coordinator")
    assert make.shown()["minimum_age"] == 12


def test_a_new_number_of_a_keeper_waits_for_a_second_person(client, app, keeper, second):
    keeper.signs_in(client)
    address = f"/en/directory/services/{SERVICE}/edit/phones"
    assert send(client, address, **{f"phone.{PHONE}.number": "555-0199"}).status_code == 303
    assert make.shown()["phones"][0]["number"] == "555-0100"
    row = db.session.scalars(select(Correction)).one()
    assert (row.origin, row.state) == ("second", "waiting")
    own = f"/en/directory/corrections/{row.key}"
    csrf, _page = token(client, f"/en/directory/services/{SERVICE}/edit/phones")
    again = client.post(own, data={"csrf_token": csrf, "act": "accept", "taken": "0"})
    assert again.status_code == 403
    other = second.signs_in(app.test_client())
    assert send(other, own, act="accept", taken="0").status_code == 303
    assert make.shown()["phones"][0]["number"] == "555-0199"


def test_a_number_that_nobody_signed_needs_two_keepers_too(client, app, keeper, second):
    """Whoever suggested it could be the keeper who agrees."""
    stranger = app.test_client()
    address = f"/en/directory/services/{SERVICE}/correct/phones"
    assert send(stranger, address, **{f"phone.{PHONE}.number": "555-0142"}).status_code == 303
    key = db.session.scalars(select(Correction.key)).one()
    keeper.signs_in(client)
    assert send(client, f"/en/directory/corrections/{key}", act="accept", taken="0").status_code == 303
    assert make.shown()["phones"][0]["number"] == "555-0100"
    waits = db.session.scalars(select(Correction).where(Correction.state == "waiting")).one()
    assert (waits.origin, waits.suggested_by) == ("second", keeper.persona_id)
    with transaction():
        corrections.accept(second.viewer, db.session.get_one(Correction, waits.key), {0})
    assert make.shown()["phones"][0]["number"] == "555-0142"


def test_a_telephone_is_taken_off_and_another_added_by_a_coordinator(client, records, coordinator):
    coordinator.signs_in(client)
    address = f"/en/directory/services/{SERVICE}/edit/phones"
    fields = {
        f"phone.{PHONE}.number": "",
        "phone.new.number": "1 800 555-0123",
        "phone.new.description.fr": "La nuit",
    }
    assert send(client, address, **fields).status_code == 303
    shown = make.shown()["phones"]
    assert [one["number"] for one in shown] == ["1 800 555-0123"]
    assert "La nuit" in json.dumps(shown, ensure_ascii=False)
    make.write_up()
    assert [one["number"] for one in make.shown()["phones"]] == ["1 800 555-0123"]


def test_a_form_that_was_open_while_the_record_changed_says_so(client, app, keeper, second):
    keeper.signs_in(client)
    address = f"/en/directory/services/{SERVICE}/edit/facts"
    csrf, page = token(client, address)
    old = re.findall(r'name="digest" value="([^"]+)"', page.text)[0]
    other = second.signs_in(app.test_client())
    send(other, address, **{f"service.{SERVICE}.minimum_age": "16"})
    fields = {"csrf_token": csrf, "digest": old, f"service.{SERVICE}.minimum_age": "14"}
    answer = client.post(address, data=fields)
    assert answer.status_code == 409
    assert 'value="14"' in answer.text
    assert re.findall(r"<td>(\d+)</td><td>(\d+)</td>", answer.text) == [("16", "14")]
    assert make.shown()["minimum_age"] == 16


def test_all_of_this_is_still_right_is_one_press(client, keeper):
    keeper.signs_in(client)
    assert (
        send(
            client, f"/en/directory/services/{SERVICE}/confirm", form=f"/en/directory/services/{SERVICE}"
        ).status_code
        == 303
    )
    assert make.shown()["assured_date"] > "2026-05-01"


@pytest.mark.parametrize(
    ("free", "of", "status"), [("3", "8", 303), ("", "", 422), ("9", "8", 422), ("-1", "", 422)]
)
def test_free_places_are_told_with_their_day(client, keeper, free, of, status):
    keeper.signs_in(client)
    answer = send(client, f"/en/directory/services/{SERVICE}/places", available=free, total=of)
    assert answer.status_code == status
    told = make.shown().get("capacity")
    assert (told is not None) == (status == 303)


def test_a_withheld_address_is_shown_to_nobody_from_that_moment(client, keeper):
    keeper.signs_in(client)
    address = f"/en/directory/services/{SERVICE}/withhold/{PLACE}"
    edit = f"/en/directory/services/{SERVICE}/edit/places"
    send(client, edit, **{f"address.{ADDRESS}.address_2": "Door 4"})
    assert send(client, address, form=edit).status_code == 303
    for page in ("", "/edit/places", "/history", "/correct/places"):
        text = client.get(f"/en/directory/services/{SERVICE}{page}").text
        assert make.STREET not in text
        assert "Door 4" not in text
    assert make.STREET not in client.get(f"/hsds/services/{SERVICE}").text


def test_a_place_that_others_share_is_not_one_keepers_to_change(client, app, keeper):
    other = {"id": make.uuid("other"), "name": "Another (made up)", "description": ""}
    shared = make.service("House next door", organization=other)
    shared["service_at_locations"][0]["location"] = make.location("Clinic of the Two Lanterns place")
    make.keep(shared)
    keeper.signs_in(client)
    edit = f"/en/directory/services/{SERVICE}/edit/places"
    answer = send(client, edit, **{f"address.{ADDRESS}.city": "Elsewhere"})
    assert answer.status_code == 403


def test_who_keeps_nothing_changes_nothing(client, records, reader):
    reader.signs_in(client)
    for part in ("edit/texts", "places"):
        assert client.get(f"/en/directory/services/{SERVICE}/{part}").status_code == 403
    assert client.get(f"/en/directory/organizations/{OWNER}/edit").status_code == 403
    assert "You keep these records" not in client.get(f"/en/directory/services/{SERVICE}").text


def test_a_coordinator_names_a_keeper_whose_affiliation_was_verified(
    client, app, records, coordinator, reader
):
    coordinator.signs_in(client)
    page = f"/en/directory/organizations/{OWNER}"
    assert send(client, f"{page}/keepers", form=page, name=reader.name).status_code == 422
    with transaction():
        held = people.title(reader, "organization")
        alike = {"name": "Una Late", "kind": "imported", "state": "active", "lang": "en"}
        db.session.add(Persona(id="0" * 22, imported_from="elsewhere", made_on=date(2026, 1, 1), **alike))
        db.session.flush()  # read before the member of this name
        people.title(people.persona("Una Late"), "organization")
    assert send(client, f"{page}/keepers", form=page, name="Una Late").status_code == 303
    assert send(client, f"{page}/keepers", form=page, name=reader.name).status_code == 303
    assert keeps(reader.viewer) == {OWNER}
    assert (
        db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()[-1]
        == "directory.keeper_named"
    )
    assert reader.name in client.get(page).text
    assert reader.name not in app.test_client().get(page).text
    with transaction():
        held = db.session.merge(held)
        held.state = "revoked"
    assert keeps(reader.viewer) == frozenset()


def test_keeping_ends_with_the_affiliation(app, keeper):
    from community.directory.receivers import keeping_ends_with_the_affiliation

    row = db.session.scalars(select(Keeper)).one()
    credential = row.credential_id
    keeping_ends_with_the_affiliation(keeper.persona_id, credential, "revoked")
    assert db.session.scalars(select(Keeper)).all() != []  # it still holds: nothing ends
    with transaction():
        db.session.get_one(people.Credential, credential).state = "revoked"
    keeping_ends_with_the_affiliation(keeper.persona_id, credential, "revoked")
    keeping_ends_with_the_affiliation(keeper.persona_id, credential, "revoked")
    assert db.session.scalars(select(Keeper)).all() == []


def test_a_coordinator_puts_an_earlier_value_back(client, records, coordinator):
    coordinator.signs_in(client)
    send(client, f"/en/directory/services/{SERVICE}/edit/facts", **{f"service.{SERVICE}.minimum_age": "12"})
    history = f"/en/directory/services/{SERVICE}/history"
    change = re.findall(r"/history/([0-9a-f-]{36})/undo", client.get(history).text)[0]
    assert send(client, f"{history}/{change}/undo", form=history).status_code == 303
    assert make.shown()["minimum_age"] == 18


def test_an_organization_that_a_keeper_adds_waits_for_a_coordinator(client, app, keeper, second, coordinator):
    keeper.signs_in(client)
    fields = {"name_fr": "Maison des Trois Ponts (fictive)", "description_fr": "Un organisme inventé."}
    assert send(client, "/en/directory/organizations/new", name_fr="Seulement un nom").status_code == 422
    assert send(client, "/en/directory/organizations/new", **fields).status_code == 303
    key = db.session.scalars(select(Correction.key)).one()
    other = second.signs_in(app.test_client())
    assert other.get(f"/en/directory/corrections/{key}").status_code == 404
    boss = coordinator.signs_in(app.test_client())
    assert send(boss, f"/en/directory/corrections/{key}", act="accept").status_code == 303
    found = json.loads(boss.get("/hsds/organizations?search=Trois Ponts").text)
    assert [one["name"] for one in found["contents"]] == ["Maison des Trois Ponts (fictive)"]


def test_a_withheld_address_shows_again_once_two_people_agreed(client, app, keeper, second):
    """Its history says that it was withheld; which address that was is told by nothing of before."""
    keeper.signs_in(client)
    edit = f"/en/directory/services/{SERVICE}/edit/places"
    history = f"/en/directory/services/{SERVICE}/history"
    send(client, edit, **{f"address.{ADDRESS}.address_2": "Door 4"})
    send(client, f"/en/directory/services/{SERVICE}/withhold/{PLACE}", form=edit)
    told = app.test_client().get(history).text
    assert "Address withheld, for safety" in told
    assert "Door 4" not in told
    again = f"/en/directory/services/{SERVICE}/show/{PLACE}"
    assert send(client, again, form=edit).status_code == 303
    send(client, again, form=edit)
    (row,) = db.session.scalars(select(Correction).where(Correction.what == "shown")).all()
    own = f"/en/directory/corrections/{row.key}"
    assert "waits for a second person" in client.get(edit).text
    assert "Somebody else who keeps these records decides" in client.get(own).text
    assert make.STREET not in client.get(f"/en/directory/services/{SERVICE}").text
    other = second.signs_in(app.test_client())
    assert send(other, own, act="accept", taken="0").status_code == 303
    assert make.STREET in json.dumps(make.shown(), ensure_ascii=False)
    told = app.test_client().get(history).text
    assert told.count("Address withheld, for safety") == 2
    assert "Floor or office" not in told
    assert (
        db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()[-1]
        == "directory.correction_accepted"
    )


def test_the_history_says_every_kind_of_change_in_words(client, app, keeper):
    keeper.signs_in(client)
    send(client, f"/en/directory/services/{SERVICE}/places", available="3", total="8")
    send(client, f"/en/directory/services/{SERVICE}/confirm", form=f"/en/directory/services/{SERVICE}")
    make.keep(make.service(offered=["offers-naloxone"], moons=["A", "B"]))
    make.keep(make.service(offered=["offers-oat"], moons=["A"]))
    page = app.test_client().get(f"/en/directory/services/{SERVICE}/history").text
    for words in ("3 places free of 8, ", "Naloxone", "Kinds of help", ">A, B<", "Another field (moons)"):
        assert words.casefold() in page.casefold()
    assert not re.search(r'[{\[]&#34;|[{\["]"', page)


def test_a_keeper_undoes_a_number_by_the_rule_that_any_number_has(client, app, keeper, second, coordinator):
    """Taken off by one keeper, put back by the same: it shows once another agreed."""
    keeper.signs_in(client)
    history = f"/en/directory/services/{SERVICE}/history"
    send(client, f"/en/directory/services/{SERVICE}/edit/phones", **{f"phone.{PHONE}.number": ""})
    change = re.findall(r"/history/([0-9a-f-]{36})/undo", client.get(history).text)[0]
    assert send(client, f"{history}/{change}/undo", form=history).status_code == 303
    assert not make.shown().get("phones")
    key = db.session.scalars(select(Correction.key)).one()
    other = second.signs_in(app.test_client())
    assert send(other, f"/en/directory/corrections/{key}", act="accept", taken="0").status_code == 303
    assert [one["number"] for one in make.shown()["phones"]] == ["555-0100"]
    boss = coordinator.signs_in(app.test_client())
    undo = [
        one for one in re.findall(r"/history/([0-9a-f-]{36})/undo", boss.get(history).text) if one != change
    ]
    assert send(boss, f"{history}/{undo[0]}/undo", form=history).status_code == 303
    assert not make.shown().get("phones")
