"""Anybody leaves a testimony, once a form; the code takes it back, for ever; nothing else is kept."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.core import clock, limits, passing_limits, sealing
from community.core.db import db, transaction
from community.core.errors import Conflict, Gone, Invalid, NotFound
from community.core.ids import new_key
from community.core.jobs import Job
from community.core.sealing import Keyring
from community.operations import erasures
from community.testimonies import codes, models, queries
from community.testimonies.services import leaving
from community.testimonies.services.leaving import Writing
from tests.make import testimonies as make

CODE = re.compile(r"<code>([a-z ]+)</code>")
FORM = {"body": make.WORDS, "audience": "lived", "lang": ""}


def kept():
    db.session.expire_all()
    return db.session.scalars(select(models.Testimony)).all()


def send(client, lang="en", **more):
    return client.post(f"/{lang}/testimonies/write", data={**FORM, "idem": new_key(), **more})


def code_on(answer):
    found = CODE.search(answer.text)
    return found[1].replace(" ", "-") if found else ""


# Leaving


@pytest.mark.parametrize(("lang", "thanks"), [("en", "Thank you."), ("fr", "Merci.")])
def test_anybody_leaves_one_and_gets_a_code_once(client, lang, thanks):
    answer = send(client, lang)
    assert answer.status_code == 200
    assert thanks in answer.text
    assert codes.read(code_on(answer)) is not None
    (row,) = kept()
    assert (row.body, row.lang, row.state, row.audience) == (make.WORDS, "en", "waiting", "lived")
    assert row.written_on == clock.today()
    assert code_on(answer) not in repr(row.__dict__)


def test_the_pages_set_no_cookie_are_kept_by_no_browser_and_listed_by_no_robot(client):
    for answer in (client.get("/en/testimonies/write"), send(client), client.get("/en/testimonies/withdraw")):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noai" in answer.headers["X-Robots-Tag"]
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_double_click_leaves_one_testimony_and_shows_the_same_code(client):
    key = new_key()
    first, second = send(client, idem=key), send(client, idem=key)
    assert code_on(first) == code_on(second) != ""
    assert len(kept()) == 1


def test_two_at_the_same_moment_leave_one(client, monkeypatch):
    """The second one looked before the first had written, and finds its row in the way."""
    key = new_key()
    first = send(client, idem=key)
    really, looks = db.session.get, []

    def too_early(table, wanted, **more):
        looks.append(table)
        return None if looks == [models.Testimony] else really(table, wanted, **more)

    monkeypatch.setattr(db.session, "get", too_early)
    second = send(client, idem=key)
    assert (second.status_code, code_on(second)) == (200, code_on(first))
    assert len(kept()) == 1


def test_a_form_sent_again_with_other_words_says_that_the_first_were_kept(client):
    key, other = new_key(), "Other words, which came too late to be kept by anybody."
    first, second = send(client, idem=key), send(client, idem=key, body=other)
    assert second.status_code == 409
    assert code_on(second) == code_on(first)
    assert other in second.text
    assert [row.body for row in kept()] == [make.WORDS]


def test_a_form_found_in_a_browser_days_later_shows_no_code(client):
    key = new_key()
    send(client, idem=key)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        answer = send(client, idem=key)
    assert answer.status_code == 409
    assert code_on(answer) == ""


def test_a_form_without_its_key_is_a_new_one_each_time(app):
    with transaction():
        one, two = (leaving.leave(Writing(make.WORDS, "en"), "made up") for _ in (1, 2))
    assert one.code != two.code
    assert len(kept()) == 2


def test_no_job_and_no_sent_form_is_written_beside_it(client):
    before = db.session.scalars(select(Job.name)).all()
    send(client)
    assert db.session.scalars(select(Job.name)).all() == before


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"body": "Too short."}, "too short"),
        ({"body": "x" * 10_001}, "too long"),
        ({"audience": "nobody"}, "Not a valid choice"),
        ({"website": "https://buy.example"}, "only programs fill it in"),
    ],
)
def test_what_cannot_be_kept_comes_back_as_it_was_typed(client, form, said):
    answer = send(client, **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert {**FORM, **form}["body"] in answer.text
    assert not kept()


def test_numbers_of_a_person_are_refused_and_names_asked_about_once(client):
    number = "My health number is 9876543217 and it has followed me everywhere since."
    refused = send(client, body=number)
    assert refused.status_code == 422
    assert "nothing of it is kept" in refused.text
    token = re.search(r'name="kept_identifier" value="([^"]+)"', refused.text)
    assert token
    assert send(client, body=number, kept_identifier=token[1]).status_code == 200


def test_help_is_offered_before_something_grave_and_it_is_read_first(client):
    grave = "I want to die tonight, and nobody at the counter ever looked at me."
    card = send(client, body=grave)
    assert card.status_code == 422
    assert 'name="help_seen"' in card.text
    assert send(client, body=grave, help_seen="yes").status_code == 200
    assert [row.first for row in kept()] == [True]


def test_so_many_a_day_and_no_more_and_the_text_is_not_lost(client, monkeypatch):
    monkeypatch.setattr(leaving, "MOST_A_DAY", 2)
    for _ in range(2):
        assert send(client).status_code == 200
    answer = send(client)
    assert answer.status_code == 422
    assert "come back tomorrow" in answer.text
    assert make.WORDS in answer.text


def test_a_neighbourhood_is_counted_for_an_hour_and_another_is_not_counted_with_it(app, client):
    app.config["RATELIMIT_ENABLED"] = True
    passing_limits.forget()
    try:
        near = {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "203.0.113.77"}
        answers = [
            client.post("/en/testimonies/withdraw", data={"code": "x"}, environ_base=near[n % 2])
            for n in range(21)
        ]
        assert [answer.status_code for answer in answers] == [422] * 20 + [429]
        far = {"REMOTE_ADDR": "2001:db8:1::1"}
        assert (
            client.post("/en/testimonies/withdraw", data={"code": "x"}, environ_base=far).status_code == 422
        )
    finally:
        app.config["RATELIMIT_ENABLED"] = False
        passing_limits.forget()


def test_nothing_else_counts_these_forms_where_it_would_stay(app):
    for name in ("testimonies.write", "testimonies.withdraw"):
        view = app.view_functions[name]
        assert limits.is_limited(view)
        assert not dict(limits.of_form(view)), "its counts would keep addresses in a file or in Redis"


# Taking back


def test_a_code_takes_back_what_waits_and_nothing_is_left_of_it(client):
    code = code_on(send(client))
    answer = client.post("/fr/testimonies/withdraw", data={"code": code.upper().replace("-", " ")})
    assert answer.status_code == 200
    assert make.WORDS not in answer.text
    assert not kept()


def test_what_everybody_could_read_says_that_it_was_withdrawn_and_the_rest_is_not_there(cast, client, visit):
    row, code = make.shown(audience="everyone")
    public = row.key
    row, other = make.shown(audience="member")
    members = row.key
    assert client.get(f"/en/testimonies/{public}").status_code == 200
    for one in (code, other):
        assert client.post("/en/testimonies/withdraw", data={"code": one}).status_code == 200
    assert client.get(f"/en/testimonies/{public}").status_code == 410
    with pytest.raises(NotFound):
        queries.testimony_seen(cast["member"].viewer, members)
    with pytest.raises(Gone):
        queries.testimony_seen(cast["member"].viewer, public)
    (row,) = kept()
    assert (row.body, row.html, row.note, row.sealed, row.month) == ("", "", "", "", "")
    assert "counter" not in visit(cast["member"]).get("/en/testimonies").text


def test_wrong_codes_and_codes_that_were_used_answer_alike(client):
    code = code_on(send(client))
    client.post("/en/testimonies/withdraw", data={"code": code})
    used = client.post("/en/testimonies/withdraw", data={"code": code}).text
    never = codes.written(bytes(range(16)))
    wrong = client.post("/en/testimonies/withdraw", data={"code": never}).text
    assert (
        used.replace(code, "").split("<main")[1].split("idem")[0]
        == (wrong.replace(never, "").split("<main")[1].split("idem")[0])
    )
    slip = client.post("/en/testimonies/withdraw", data={"code": never[:-1] + "x"})
    assert slip.status_code == 422
    assert "Look for a slip" in slip.text


def test_a_code_works_after_the_key_has_changed(app, monkeypatch):
    _row, code = make.left()
    old = app.extensions["keyring"]
    fresh = sealing.new_secret()
    monkeypatch.setitem(app.extensions, "keyring", Keyring((fresh, *old.secrets)))
    after = ""
    with transaction():
        while after := leaving.reseal(after):
            pass
    monkeypatch.setitem(app.extensions, "keyring", Keyring((fresh,)))
    with transaction():
        leaving.withdraw(code)
    assert not kept()


def test_a_restored_copy_loses_it_again(app):
    row, code = make.left()
    with transaction():
        leaving.withdraw(code)
    marks = [job.arguments["mark"] for job in db.session.scalars(select(Job)) if "mark" in job.arguments]
    with transaction():
        db.session.add(models.Testimony(key=row.key, sealed="x", body="Back", html="Back", lang="en"))
    with transaction():
        assert erasures.apply(marks) == 1
    assert not kept()


def test_taking_back_is_counted_by_the_year_and_by_nothing_else(app):
    for testimony, code in (make.left(), make.shown()):
        assert testimony.key
        with transaction():
            leaving.withdraw(code)
    counted = {row.outcome: row.count for row in db.session.scalars(select(models.TestimonyCount))}
    assert counted == {"taken_back": 1, "withdrawn": 1}


def test_services_refuse_what_no_form_sends(app):
    with pytest.raises(Invalid), transaction():
        leaving.leave(Writing(make.WORDS, "en", audience="nobody"), "")
    with pytest.raises(Invalid), transaction():
        leaving.leave(Writing("short", "en"), "")
    key = new_key()
    with transaction():
        leaving.leave(Writing(make.WORDS, "en"), key)
    with transaction():
        db.session.scalars(select(models.Testimony)).one().written_on = None
    with pytest.raises(Conflict), transaction():
        leaving.leave(Writing(make.WORDS, "en"), key)
