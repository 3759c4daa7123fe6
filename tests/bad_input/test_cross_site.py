"""What another site sends in somebody's name is refused; what is only asked for changes nothing."""

from __future__ import annotations

import re

import pytest

from tests.rules import route_table
from tests.worlds.dump import dump

# Sent by mail programs, without a session (RFC 8058): the token in the address is the right to it.
WITHOUT_FORM = frozenset({"notices_door.unsubscribe"})
# They see no session, so that there is no right to misuse; what another site sends is refused all the same.
OF_NOBODY = frozenset(
    {
        *("testimonies.write", "testimonies.withdraw"),
        *("corrections.wrong", "corrections.organization_wrong", "corrections.report"),
    }
)
TABLE = route_table.read()
# One line of each form: what is refused for its token is refused before anybody looks at the thing.
ONE_EACH = {(row.method, row.endpoint): row for row in reversed(TABLE)}.values()
FORMS = [row for row in ONE_EACH if row.method != "GET" and row.endpoint not in WITHOUT_FORM]
UNSAFE = [row for row in FORMS if row.endpoint not in OF_NOBODY]
ASKED = [row for row in TABLE if row.method == "GET"]
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
FOREIGN = (
    "https://evil.example",
    "http://localhost.evil.example",
    "https://localhost",
    "http://evil.example:80",
)


@pytest.fixture
def guarded(place):
    """The community with its protection against forged forms, as it runs."""
    place.app.config["WTF_CSRF_ENABLED"] = True
    yield place
    place.app.config["WTF_CSRF_ENABLED"] = False


def may(row):
    """Somebody who is not refused for being who they are; the visitor where nobody is."""
    return next((who for who, answer in row.answers.items() if not answer.startswith("4")), "administrator")


def token_of(place, who):
    # Not undone: the browser keeps the cookie that the token belongs to.
    if known := place.world.more.get(f"token of {who}"):
        return known
    found = _TOKEN.search(place.browsers[who].get("/en/menu").get_data(as_text=True))
    assert found, "the menu page carries no token"
    return place.world.more.setdefault(f"token of {who}", found[1])


@pytest.mark.parametrize("row", UNSAFE, ids=str)
def test_a_form_without_its_token_is_refused(guarded, row):
    for who in {may(row), "visitor"}:
        answer = guarded.row(who, row.method, row.endpoint, row.thing)
        assert answer.status_code == 400, who
        assert not guarded.written


@pytest.mark.parametrize("row", UNSAFE, ids=str)
def test_a_token_made_up_or_of_somebody_else_is_refused(guarded, row):
    who = may(row)
    other = "member" if who != "member" else "policy"
    for token in (("", "x" * 90)[row.line % 2], token_of(guarded, other)):
        sent = {**form(guarded, row), "csrf_token": token}
        answer = guarded.row(who, row.method, row.endpoint, row.thing, data=sent)
        assert answer.status_code == 400
        assert not guarded.written


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_form_that_another_site_sends_is_refused_even_with_a_token(guarded, origin):
    token = token_of(guarded, "member")
    sent = {"theme": "dark", "csrf_token": token}
    assert guarded.ask("member", "POST", "/en/theme", data=sent).status_code == 302
    answer = guarded.ask("member", "POST", "/en/theme", data=sent, headers={"Origin": origin})
    assert answer.status_code in {400, 403}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("origin", ["null", "http://localhost"])
def test_a_form_that_the_browser_calls_foreign_is_refused(guarded, site, origin):
    sent = {"theme": "dark", "csrf_token": token_of(guarded, "member")}
    headers = {"Origin": origin, "Sec-Fetch-Site": site}
    answer = guarded.ask("member", "POST", "/en/theme", data=sent, headers=headers)
    assert answer.status_code == 403


def test_our_own_form_is_taken_though_pages_without_referrer_call_its_origin_null(guarded):
    sent = {"theme": "dark", "csrf_token": token_of(guarded, "member")}
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert guarded.ask("member", "POST", "/en/theme", data=sent, headers=headers).status_code == 302


@pytest.mark.parametrize("row", [row for row in FORMS if row.endpoint in OF_NOBODY], ids=str)
def test_a_form_that_belongs_to_nobody_is_taken_from_our_own_pages_alone(guarded, row):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = guarded.row("visitor", row.method, row.endpoint, row.thing, headers=headers)
        assert answer.status_code == 403
        assert not guarded.written


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_asking_for_the_address_of_a_form_changes_nothing(place, row):
    address = place.path(row.endpoint, row.thing)
    sent = form(place, row)
    masked = {"X-HTTP-Method-Override": "POST"}
    for method in ("GET", "HEAD", "OPTIONS"):  # a HEAD reaches the view, which reads it as a GET
        query = {**sent, "_method": "POST"}
        answer = place.ask("administrator", method, address, query_string=query, headers=masked)
        assert answer.status_code < 500
        assert not place.written


def test_nothing_that_is_asked_for_changes_a_table(place):
    """Every address, without the rolled-back transaction of the others: what it writes, it really writes.

    Each by one for each way in which it is answered; tests/rules asks for it as everybody.
    """
    with place.app.app_context():
        before = tables(place)
        for row in ASKED:
            for who in those_answered(row):
                place.browsers[who].get(place.path(row.endpoint, row.thing))
        assert tables(place) == before


def those_answered(row):
    """For each answer that is no refusal, the last of the cast who gets it: those with duties see most."""
    return {answer: who for who, answer in row.answers.items() if not answer.startswith("4")}.values()


def form(place, row):
    from tests.rules import things

    return things.form(place.world, row.endpoint, row.thing)


def tables(place):
    from community.core.db import db

    db.session.remove()
    with db.engine.connect() as connection:
        return {name: sorted(map(repr, rows)) for name, rows in dump(connection).items()}
