"""What is wrong is said in one click by anybody, and decided once, by those who keep the records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.core import clock, passing_limits
from community.core.counts import FileCounts
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.core.limits import limiter
from community.directory import archive
from community.directory.models import Correction, ReportCount
from community.directory.queries import corrections as queries
from community.directory.services import reminders
from community.notifications.models import Notice
from tests import cast as people
from tests.directory.test_keeping import (
    ADDRESS,
    PHONE,
    SERVICE,
    coordinator,
    keeper,
    reader,
    records,
    second,
    send,
)
from tests.make import directory as make

__all__ = ["coordinator", "keeper", "reader", "records", "second"]
PAGE = f"/en/directory/services/{SERVICE}"


@pytest.fixture(autouse=True)
def from_the_start():
    """Nobody pressed anything yet today."""
    passing_limits.forget()


def follow():
    """Do what was announced; what the test only read must not frame what it finds."""
    db.session.rollback()
    run_waiting_jobs()
    db.session.rollback()


def corrections():
    db.session.rollback()
    return db.session.scalars(select(Correction).order_by(Correction.key)).all()


def test_this_number_is_wrong_is_one_click_without_account_cookie_or_script(client, records):
    page = client.get(PAGE)
    assert f'action="{PAGE}/wrong"' in page.text
    assert "Set-Cookie" not in page.headers
    for _again in range(2):
        answer = client.post(f"{PAGE}/wrong", data={"what": "phone"})
        assert answer.status_code == 303
        assert "Set-Cookie" not in answer.headers
    (row,) = corrections()
    assert (row.what, row.times, row.suggested_by) == ("phone", 2, None)
    assert "Noted. Thank you." in client.get(answer.location).text


def test_a_number_of_an_organization_is_wrong_in_one_click_too(client, app, records, keeper):
    where = f"/en/directory/organizations/{make.uuid('organization')}"
    assert f'action="{where}/wrong"' in client.get(where).text
    for what in ("other", "other", "phone"):
        answer = client.post(f"{where}/wrong", data={"what": what})
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (303, False)
    assert "Noted. Thank you." in client.get(answer.location).text
    assert client.post(f"{where}/wrong", data={"what": "hours"}).status_code == 400
    rows = {
        row.what: (row.organization_id, row.service_id, row.times, row.suggested_by) for row in corrections()
    }
    owner = make.uuid("organization")
    assert rows == {"other": (owner, "", 2, None), "phone": (owner, "", 1, None)}
    browser = keeper.signs_in(app.test_client())
    key = corrections()[0].key
    assert "It was wrong, and is seen to" in browser.get(f"/en/directory/corrections/{key}").text
    assert f"{where}/edit" in browser.get(f"/en/directory/corrections/{key}").text
    assert send(browser, f"/en/directory/corrections/{key}", act="accept").status_code == 303


@pytest.mark.parametrize(
    "sent", [{"what": "everything"}, {"what": "phone", "leave_empty": "http://x.example"}]
)
def test_what_no_page_of_ours_sends_changes_nothing(client, records, sent):
    client.post(f"{PAGE}/wrong", data=sent)
    assert corrections() == []


def test_what_an_organization_says_of_itself_is_corrected_and_accepted(client, app, records, reader, keeper):
    owner = make.uuid("organization")
    where = f"/en/directory/organizations/{owner}"
    web, words = f"organization.{owner}.website", f"organization.{owner}.description.en"
    assert words not in client.get(f"{where}/correct").text
    assert send(client, f"{where}/correct").status_code == 422
    assert send(client, f"{where}/correct", **{web: "no address"}).status_code == 422
    told = send(client, f"{where}/correct", **{web: "https://lanterns.example"}).location
    assert "Nothing about you was kept." in client.get(told).text
    member = reader.signs_in(app.test_client())
    assert "Door 5" not in member.get(where).text
    send(member, f"{where}/correct", **{words: "Door 5."})
    browser = keeper.signs_in(app.test_client())
    assert {row.suggested_by for row in corrections()} == {None, reader.persona_id}
    for row in corrections():
        assert (
            send(browser, f"/en/directory/corrections/{row.key}", act="accept", taken="0").status_code == 303
        )
    page = client.get(where).text
    assert "https://lanterns.example" in page
    assert "Door 5." in page


def test_a_form_of_another_site_is_refused(client, records):
    answer = client.post(f"{PAGE}/wrong", data={"what": "phone"}, headers={"Origin": "https://other.example"})
    assert answer.status_code == 403


def test_one_neighbourhood_is_heard_twenty_times_an_hour(client, app, records):
    app.config["RATELIMIT_ENABLED"] = True
    try:
        answers = [client.post(f"{PAGE}/report", data={"what": "helpful"}).status_code for _ in range(21)]
    finally:
        app.config["RATELIMIT_ENABLED"] = False
    assert answers == [303] * 20 + [429]


def test_without_an_account_only_what_anybody_can_check_is_proposed(client, records):
    assert client.get(f"{PAGE}/correct/texts").status_code == 404
    phones = client.get(f"{PAGE}/correct/phones").text
    assert f'name="phone.{PHONE}.number"' in phones
    assert "description" not in phones.split("<form", 2)[2]
    sent = send(client, f"{PAGE}/correct/phones", **{f"phone.{PHONE}.number": "call Jean, he sells"})
    assert sent.status_code == 422
    assert "Write a telephone number in digits" in sent.text
    assert corrections() == []


def test_an_address_is_not_taken_for_that_of_a_patient_where_it_is_asked_for(client, records):
    """Whoever has no account and mends a street is not asked whether it may identify somebody."""
    typed = {f"address.{ADDRESS}.address_1": "1200 rue Ontario Est, 1er étage"}
    assert send(client, f"{PAGE}/correct/places", **typed).status_code == 303
    number = {f"address.{ADDRESS}.address_2": "chart number 4417239"}
    assert send(client, f"{PAGE}/correct/places", **number).status_code == 422


def test_a_health_number_is_no_address(client, records):
    address = make.uuid("Clinic of the Two Lanterns place address")
    sent = send(client, f"{PAGE}/correct/places", **{f"address.{address}.address_1": "TREM 8502 1417"})
    assert sent.status_code == 422
    assert corrections() == []


def test_a_member_corrects_a_text_and_is_told_what_became_of_it(client, app, reader, keeper):
    reader.signs_in(client)
    field = f"service.{SERVICE}.description.en"
    assert send(client, f"{PAGE}/correct/texts", **{field: "What nurses do."}).status_code == 303
    (row,) = corrections()
    follow()
    told = db.session.scalars(select(Notice).where(Notice.persona_id == keeper.persona_id)).all()
    assert [one.about for one in told] == [f"waits directory/corrections/{row.key}"]
    browser = keeper.signs_in(app.test_client())
    assert "1 correction to the directory waits for you" in browser.get("/en/").text
    page = browser.get(f"/en/directory/corrections/{row.key}").text
    assert "<ins>" in page
    assert "<del>" in page
    key = row.key
    assert send(browser, f"/en/directory/corrections/{key}", act="accept", taken="0").status_code == 303
    assert make.shown()["description"] == "What nurses do."
    follow()
    told = db.session.scalars(select(Notice).where(Notice.persona_id == reader.persona_id)).all()
    assert [one.about for one in told] == [f"accepted directory/corrections/{key}"]
    assert "Your correction to the directory was accepted" in client.get("/en/notifications").text
    assert "Accepted" in client.get(f"/en/directory/corrections/{key}").text
    assert "a correction by a reader" in client.get(f"{PAGE}/history").text


def test_some_values_are_taken_and_others_left(client, app, reader, keeper):
    reader.signs_in(client)
    fields = {f"service.{SERVICE}.minimum_age": "15", f"service.{SERVICE}.wait_days": "400"}
    send(client, f"{PAGE}/correct/facts", **fields)
    (row,) = corrections()
    places = {one.mended.name: one.place for one in queries.differences(reader.viewer, row)}
    browser = keeper.signs_in(app.test_client())
    address = f"/en/directory/corrections/{row.key}"
    assert send(browser, address, act="accept").status_code == 422
    assert send(browser, address, act="accept", taken=str(places["minimum_age"])).status_code == 303
    assert make.shown()["minimum_age"] == 15
    assert "wait_days" not in make.shown()


def test_of_two_who_decide_at_once_the_second_is_told(client, app, reader, keeper, second):
    reader.signs_in(client)
    send(client, f"{PAGE}/correct/facts", **{f"service.{SERVICE}.minimum_age": "15"})
    (row,) = corrections()
    address = f"/en/directory/corrections/{row.key}"
    one, other = keeper.signs_in(app.test_client()), second.signs_in(app.test_client())
    assert send(one, address, act="refuse", because="right").status_code == 303
    answer = send(other, address, act="accept", taken="0", form=f"{PAGE}/places")
    assert answer.status_code == 409
    assert make.shown()["minimum_age"] == 18
    assert "We made sure" in client.get(address).text


def test_the_register_says_why_a_correction_was_refused_in_the_language_of_its_reader(
    client, app, reader, keeper
):
    reader.signs_in(client)
    send(client, f"{PAGE}/correct/facts", **{f"service.{SERVICE}.minimum_age": "15"})
    (row,) = corrections()
    send(
        keeper.signs_in(app.test_client()),
        f"/en/directory/corrections/{row.key}",
        act="refuse",
        because="right",
    )
    with transaction():
        people.duty(looker := people.persona("Desmond Oak"), "administrator")
    french = looker.signs_in(app.test_client()).get("/fr/register").text
    assert "Vérifié\u00a0: ce qui est écrit est juste" in french
    assert ">right<" not in french


def test_a_keeper_accepts_for_a_place_of_others_no_more_than_they_may_change(
    client, app, keeper, coordinator
):
    """Else an unsigned suggestion of their own would be a way around the coordinator."""
    other = {"id": make.uuid("other"), "name": "Another (made up)", "description": ""}
    shared = make.service("House next door", organization=other)
    shared["service_at_locations"][0]["location"] = make.location("Clinic of the Two Lanterns place")
    make.keep(shared)
    answer = send(
        app.test_client(), f"{PAGE}/correct/places", **{f"address.{ADDRESS}.address_1": "1 Nowhere Lane"}
    )
    assert answer.status_code == 303
    (row,) = corrections()
    keeper.signs_in(client)
    address = f"/en/directory/corrections/{row.key}"
    assert send(client, address, act="accept", taken="0").status_code == 403
    assert corrections()[0].state == "waiting"
    helper = coordinator.signs_in(app.test_client())
    assert send(helper, address, act="accept", taken="0").status_code == 303
    assert "1 Nowhere Lane" in str(make.shown())


def test_a_service_that_moved_takes_along_what_waits_for_its_keepers(client, app, keeper, reader, second):
    """Who kept it before decides no more about it, who keeps it now does."""
    edit = f"{PAGE}/correct/texts"
    send(reader.signs_in(app.test_client()), edit, **{f"service.{SERVICE}.description.en": "Open to all."})
    (row,) = corrections()
    other = {"id": make.uuid("other"), "name": "Another (made up)", "description": ""}
    with transaction():
        newcomer = people.persona("Nora Newcomer", groups=["organization"])
    make.keep(make.service(organization=other))
    make.keeper(newcomer, make.uuid("other"))
    address = f"/en/directory/corrections/{row.key}"
    assert keeper.signs_in(client).get(address).status_code == 404
    mine = newcomer.signs_in(app.test_client())
    assert send(mine, address, act="accept", taken="0").status_code == 303
    assert make.shown()["description"] == "Open to all."


def test_a_correction_of_what_left_the_service_changes_nothing(client, app, keeper, reader):
    """The telephone that somebody suggested about is another service's by now."""
    edit = f"{PAGE}/correct/phones"
    send(reader.signs_in(app.test_client()), edit, **{f"phone.{PHONE}.description.en": "At night"})
    (row,) = corrections()
    elsewhere = make.service("House next door")
    elsewhere["phones"] = [{"id": PHONE, "number": "555-0100"}]
    make.keep({**make.service(), "phones": []}, elsewhere)
    keeper.signs_in(client)
    answer = send(client, f"/en/directory/corrections/{row.key}", act="accept", taken="0")
    assert answer.status_code == 409
    assert "lies somewhere else by now" in answer.text


def test_what_changed_since_is_shown_before_it_is_decided(client, app, reader, keeper):
    reader.signs_in(client)
    send(client, f"{PAGE}/correct/facts", **{f"service.{SERVICE}.minimum_age": "15"})
    (row,) = corrections()
    browser = keeper.signs_in(app.test_client())
    send(browser, f"{PAGE}/edit/facts", **{f"service.{SERVICE}.minimum_age": "17"})
    page = browser.get(f"/en/directory/corrections/{row.key}").text
    assert "Changed since this was suggested." in page
    assert "It said: 18" in page


def test_a_correction_is_seen_by_who_keeps_the_records_and_who_made_it(
    client, app, reader, keeper, coordinator
):
    reader.signs_in(client)
    send(client, f"{PAGE}/correct/facts", **{f"service.{SERVICE}.minimum_age": "15"})
    (row,) = corrections()
    address = f"/en/directory/corrections/{row.key}"
    assert app.test_client().get(address).status_code == 404
    for who in (reader, keeper, coordinator):
        assert who.signs_in(app.test_client()).get(address).status_code == 200
    with transaction():
        other = people.persona("Someone Else")
    assert other.signs_in(app.test_client()).get(address).status_code == 404
    assert other.signs_in(app.test_client()).get("/en/directory/corrections").status_code == 404


def test_an_address_that_is_withheld_by_now_shows_in_no_correction_either(client, app, reader, keeper):
    reader.signs_in(client)
    address = make.uuid("Clinic of the Two Lanterns place address")
    assert (
        send(client, f"{PAGE}/correct/places", **{f"address.{address}.address_2": "Door 4"}).status_code
        == 303
    )
    (row,) = corrections()
    browser, page = keeper.signs_in(app.test_client()), f"/en/directory/corrections/{row.key}"
    assert "Door 4" in browser.get(page).text
    place = make.uuid("Clinic of the Two Lanterns place")
    send(browser, f"{PAGE}/withhold/{place}", form=f"{PAGE}/edit/places")
    for one in (client, browser):
        assert "Door 4" not in one.get(page).text
    assert archive.of_persona(reader.persona_id)["corrections"][0]["said"][0]["after"] == "Door 4"
    archive.leave(reader.persona_id, True)
    assert archive.of_persona(reader.persona_id)["corrections"] == []


def test_reports_are_counts_that_few_can_never_be_told_from(client, records):
    client.post(f"{PAGE}/report", data={"what": "refused"})
    assert client.post(f"{PAGE}/report", data={"what": "five stars"}).status_code == 400
    (row,) = db.session.scalars(select(ReportCount)).all()
    assert (row.what, row.count, row.month.day) == ("refused", 1, 1)
    over = queries.quarter_of(clock.today()) - timedelta(days=40)
    with transaction():
        for what, count in (("helpful", 12), ("refused", 9)):
            db.session.add(ReportCount(service_id=SERVICE, month=over.replace(day=1), what=what, count=count))
    (told,) = queries.reported(SERVICE)
    assert told.counts == {"refused": None, "waiting": None, "helpful": 12, "changed": None}


@pytest.mark.parametrize("together", [False, True])
def test_nobody_alone_makes_a_figure(client, app, records, monkeypatch, tmp_path, together):
    """Twelve presses of one are one, whichever process answers them: ten of a kind would be published."""
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", together)
    monkeypatch.setattr(limiter, "enabled", together)
    for what in ("refused",) * 12 + ("helpful",):
        if together:  # another process
            passing_limits.forget()
            store = FileCounts("counts://", path=str(tmp_path / "counts.db"))
            monkeypatch.setattr(limiter, "_storage", store)
        assert client.post(f"{PAGE}/report", data={"what": what}).status_code == 303
    client.post(f"{PAGE}/report", data={"what": "refused"}, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    counts = select(ReportCount.what, ReportCount.count).order_by(ReportCount.what)
    assert [tuple(row) for row in db.session.execute(counts)] == [("helpful", 1), ("refused", 2)]


def test_keepers_are_reminded_once_a_month_of_what_nobody_confirmed(app, keeper):
    follow()  # lists know the service
    with transaction():
        assert reminders.remind() == 1
        assert reminders.remind() == 0
    follow()
    told = db.session.scalars(select(Notice).where(Notice.persona_id == keeper.persona_id)).all()
    assert [one.about.split(" ")[0] for one in told] == ["remind"]


def test_who_confirmed_lately_is_not_reminded(app, keeper):
    confirmed = make.service(assured_date=clock.today().isoformat())
    make.keep(confirmed)
    follow()
    with transaction():
        assert reminders.remind() == 0


def test_the_queue_costs_the_same_for_thirty_as_for_three(app, coordinator, records, statements):
    def fill(count):
        with transaction():
            for _number in range(count):
                db.session.add(
                    Correction(
                        organization_id=make.uuid("organization"),
                        service_id=SERVICE,
                        what="hours",
                        suggested_on=clock.today(),
                    )
                )

    fill(3)
    viewer = coordinator.viewer
    with statements.recorded():
        queries.queue(viewer, None)
    few = len(statements.words)
    fill(20)
    with statements.recorded():
        queries.queue(viewer, None)
    assert len(statements.words) == few


@pytest.mark.parametrize(("days", "shown"), [(7, ""), (8, "soft"), (30, "soft"), (31, None)])
def test_free_places_turn_grey_after_a_week_and_go_after_a_month(client, records, days, shown):
    told = {"available": 3, "total": 8, "as_of": (clock.today() - timedelta(days=days)).isoformat()}
    make.keep(make.service(capacity=told, offered=["access-self"]))
    follow()
    for address in (PAGE, "/en/directory?where=H0H"):
        page = client.get(address).text
        found = page.partition("<dt>Places free</dt>")[2][:60]
        assert bool(found) == (shown is not None), address
        if found:
            assert ('class="soft"' in found.partition(">")[0]) == bool(shown), address


@pytest.mark.parametrize(("days", "grey"), [(179, False), (180, True)])
def test_a_telephone_that_nobody_confirmed_for_six_months_is_grey(client, records, days, grey):
    confirmed = (clock.today() - timedelta(days=days)).isoformat()
    given = make.service(assured_date=confirmed, offered=["access-self"])
    given["organization"]["phones"] = [{"id": make.uuid("its phone"), "number": "555-0100"}]
    make.keep(given)
    follow()
    for address in (
        PAGE,
        "/en/directory?where=H0H",
        f"/en/directory/organizations/{make.uuid('organization')}",
    ):
        page = client.get(address).text
        assert "555-0100" in page, address
        assert ('<dt>Call</dt><dd class="soft">' in page) == grey, address
