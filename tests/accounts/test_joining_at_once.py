"""Several requests about one address at the same moment: one is kept, and nobody sees which."""

from __future__ import annotations

from functools import partial

import pytest

from community.accounts.members import User
from community.accounts.models import Persona
from community.accounts.signin import confirming
from community.core.db import db
from tests import at_once as side_by_side
from tests.make import accounts as make


@pytest.fixture(scope="module")
def apart(tmp_path_factory, worker_id):
    """A community of its own: threads see only what was really stored."""
    with make.own_app(tmp_path_factory.mktemp("joining"), f"passerelle_joining_{worker_id}") as app:
        make.account("known@example.org")
        yield app


def asks(app, email, **changes):
    """Somebody who asks to join; their browser and the link they were sent."""
    browser = app.test_client()
    browser.post("/en/join", data=make.joining_form(browser, email=email, **changes))
    letters = [letter for letter in make.post_box() if letter.to == [email]]
    return browser, make.link_in(letters[-1])


def at_once(app, forms, path):
    """Send these forms, each from a browser of its own, at the same moment; how each was answered."""

    def send(client, fields):
        answer = client.post(path, data=fields)
        return answer.status_code, answer.location

    db.session.remove()
    return side_by_side.at_once(app, [partial(send, *one) for one in forms])


@pytest.mark.parametrize(
    ("email", "before"),
    [("new@example.org", "nobody"), ("waits@example.org", "a request"), ("known@example.org", "an account")],
)
def test_joining_twice_at_once_is_answered_alike_whoever_has_the_address(apart, email, before):
    if before == "a request":
        asks(apart, email)
    clients = [apart.test_client() for _ in range(3)]
    forms = [
        (client, make.joining_form(client, email=email, name=name))
        for client, name in zip(clients, ("Ines Calder", "Bo Lindt", "Cy Osten"), strict=True)
    ]
    assert at_once(apart, forms, "/en/join") == [(302, "/en/join/sent")] * 3
    assert db.session.query(User).filter(User.email == email).count() == 1


def test_the_button_pressed_thrice_at_once_makes_one_name(apart):
    _browser, path = asks(apart, "lea@example.org", name="Lea Orme")
    clients = [apart.test_client() for _ in range(3)]
    forms = [(one, {"csrf_token": make.csrf(one.get(path)), "password": make.PASSWORD}) for one in clients]
    assert {status for status, _ in at_once(apart, forms, path)} == {302}
    assert db.session.query(Persona).filter(Persona.name == "Lea Orme").count() == 1
    assert make.member_row("lea@example.org").confirmed_at is not None


def test_a_link_whose_request_is_replaced_while_its_button_is_pressed_leads_nowhere(apart, monkeypatch):
    browser, path = asks(apart, "mo@example.org", name="Mo Alder")
    fields = {"csrf_token": make.csrf(browser.get(path)), "password": make.PASSWORD}
    asked = confirming.ConfirmForm.opens

    def opens(form, member):
        good = asked(form, member)
        other = apart.test_client()
        again = make.joining_form(other, email="mo@example.org", password="quiet lantern under snow")
        assert at_once(apart, [(other, again)], "/en/join") == [(302, "/en/join/sent")]
        return good

    monkeypatch.setattr(confirming.ConfirmForm, "opens", opens)
    answer = browser.post(path, data=fields)
    assert (answer.status_code, answer.location) == (302, "/en/confirm")
    assert make.member_row("mo@example.org").confirmed_at is None
