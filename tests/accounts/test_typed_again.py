"""How long a password that was typed counts, however much is done meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.core import clock
from community.core.db import transaction
from tests import cast as people
from tests.make import accounts as make

AGAIN = "/sign-in/again"


@pytest.fixture
def hours(time_machine):
    """A clock that goes on only when it is told to."""
    time_machine.move_to(clock.now(), tick=False)
    return time_machine


def asks_again(client, page):
    answer = client.get(page)
    return answer.status_code == 302 and AGAIN in answer.location


def test_opening_one_page_after_another_makes_the_password_no_younger(client, hours):
    make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    for _page in range(3):
        hours.shift(timedelta(minutes=3))
        assert client.get("/en/security/devices").status_code == 200
    hours.shift(timedelta(minutes=3))
    for page in ("/en/security/devices", "/en/names/all", "/en/rescue-codes", "/en/linked-sign-ins"):
        assert asks_again(client, page), page


def test_the_pages_of_a_duty_go_on_for_three_quarters_of_an_hour_and_no_longer(client, hours):
    with transaction():
        ada = people.persona("Ada Ash")
        people.duty(ada, "administrator")
    ada.signs_in(client)
    for _page in range(4):
        hours.shift(timedelta(minutes=9))
        assert client.get("/en/register").status_code == 200
    assert asks_again(client, "/en/security/devices")  # it was not typed for these
    hours.shift(timedelta(minutes=9))
    assert asks_again(client, "/en/register")


def test_a_pause_at_the_pages_of_a_duty_ends_it(client, hours):
    with transaction():
        ada = people.persona("Ada Ash")
        people.duty(ada, "administrator")
    ada.signs_in(client)
    assert client.get("/en/register").status_code == 200
    hours.shift(timedelta(minutes=11))
    assert asks_again(client, "/en/register")


def test_what_cannot_be_undone_is_not_done_with_the_freshness_of_a_form_that_was_long_open(client, hours):
    with transaction():
        ada = people.persona("Ada Ash")
        people.duty(ada, "administrator")
    ada.signs_in(client)
    token = make.csrf(client.get("/en/help-lines/new"))
    hours.shift(timedelta(minutes=30))
    sent = {"csrf_token": token}
    assert client.post("/en/help-lines/new", data=sent).status_code == 422  # time to write
    answer = client.post("/en/rescue-codes", data=sent)
    assert AGAIN in answer.location
    assert asks_again(client, "/en/names/all")


def test_no_duty_is_given_or_taken_with_a_password_typed_longer_ago_than_ten_minutes(client, hours):
    """A screen left open at one duty's pages hands nobody another duty."""
    with transaction():
        ada, kit = people.persona("Ada Ash"), people.persona("Kit Birch")
        people.duty(ada, "administrator")
        people.duty(kit, "coordinator")
    ada.signs_in(client)
    sent = {"csrf_token": make.csrf(client.get("/en/duties")), "persona": kit.persona_id}
    for _page in range(2):
        hours.shift(timedelta(minutes=9))
        assert client.get("/en/register").status_code == 200  # these pages go on
    assert asks_again(client, "/en/duties")
    for page, duty in (("/en/duties", "administrator"), ("/en/duties/take", "coordinator")):
        answer = client.post(page, data={**sent, "duty": duty})
        assert AGAIN in answer.location, page
    assert kit.viewer.duties == {"coordinator"}
