"""A clinician without a name: attested by the vault, among at least ten others, on days drawn by chance."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.engine import Engine

from community.accounts.audiences import CLINICIAN
from community.accounts.members import User
from community.accounts.models import Credential, Persona
from community.accounts.privacy import closing
from community.accounts.protection import Attestation
from community.accounts.services import attesting, personas
from community.accounts.viewer import viewer_of
from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed
from tests import cast as people
from tests.make import forum as make
from tests.make.accounts import send


@pytest.fixture
def clinician(app):
    """A verified nurse with a protected name beside it."""
    with transaction():
        public = people.persona("Nora Field", groups=["nurse"])
        people.title(public, "nurse")
        owner = db.session.get(User, public.member_id)
        return people.persona("Still-Fern", kind="protected", owner=owner, slot=1)


def others(count, first=0):
    """So many other verified clinicians."""
    with transaction():
        for number in range(first, first + count):
            people.title(people.persona(f"Clinician Number {number}"), "physician")


def ask(who):
    with transaction():
        return attesting.ask(who.viewer, who.member_id)


def refusal(who):
    with pytest.raises(Invalid) as refused:
        ask(who)
    return refused.value.field


def check():
    with transaction():
        gone = attesting.recheck()
    db.session.expire_all()
    return gone


def attested(who, time_machine):
    """The same name once its day has come."""
    others(10)
    ask(who)
    time_machine.shift(timedelta(days=14))
    check()
    return who


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to("2026-03-02 14:00:00+00:00", tick=False)


def test_it_takes_ten_others_who_hold_such_a_title(clinician):
    others(9)
    assert refusal(clinician) == "others"
    others(1, first=9)
    assert ask(clinician)


def test_ten_names_of_one_member_are_one_other(clinician):
    others(9)
    with transaction():
        owner = people.member()
        for slot in range(5):
            people.title(people.persona(f"Many Named {slot}", owner=owner, slot=slot), "physician")
    assert ask(clinician)  # nine and one
    with transaction():
        db.session.execute(update(Persona).where(Persona.name == "Clinician Number 3").values(state="former"))
    check()
    assert db.session.scalar(select(func.count()).select_from(Attestation)) == 0


def test_only_a_protected_name_with_a_title_behind_it_and_no_lived_experience(clinician, app):
    others(11)
    cast = people.assemble()
    with pytest.raises(NotAllowed):
        ask(cast["physician"])
    assert refusal(cast["lived"]) == "groups"
    with transaction():
        stranger = people.persona("Far-Meadow", kind="protected")
    assert refusal(stranger) == "title"


def test_it_is_shown_on_a_day_drawn_by_chance_and_only_by_the_daily_check(clinician, time_machine):
    others(10)
    row = ask(clinician)
    today = clock.today()
    assert today < row.from_on <= today + timedelta(days=14)
    assert timedelta(days=56) <= row.until_on - row.from_on <= timedelta(days=84)
    check()
    assert not clinician.viewer.attested
    time_machine.shift(timedelta(days=14))
    assert not clinician.viewer.attested
    check()
    assert clinician.viewer.attested


def test_the_days_do_not_follow_from_anything(clinician):
    """Two hundred times the same question, on the same day: the days are all over the two weeks."""
    others(10)
    days = set()
    for _ in range(60):
        with transaction():
            days.add(attesting.ask(clinician.viewer, clinician.member_id).from_on)
            attesting.drop(clinician.viewer)
    assert len(days) > 9


def test_it_opens_what_is_for_clinicians_and_nothing_finer(clinician, time_machine):
    viewer = attested(clinician, time_machine).viewer
    assert CLINICIAN in viewer.audiences
    assert not [one for one in viewer.audiences if one.startswith("group:") and one != "group:public"]
    assert (viewer.profession, viewer.jurisdiction, viewer.duties) == ("", "", frozenset())


def test_the_label_stands_beside_its_messages_in_both_languages_and_is_all(clinician, app, time_machine):
    attested(clinician, time_machine)
    topic = make.topic(make.space("opioids"), clinician, "A question I would not ask by name")
    with transaction():
        reader = people.persona("Reader Readerson")
        people.title(reader, "physician")
    browser = reader.signs_in(app.test_client())
    for lang, label in (("en", "Verified clinician"), ("fr", "Titre clinique vérifié")):
        page = browser.get(f"/{lang}/topics/{topic.key}").text
        assert label in page
        assert "Still-Fern" in page
        said = page.partition('<article class="post')[2].partition("</header>")[0]
        assert not [word for word in ("nurse", "Ontario", "Nora", "infirm") if word in said]


def test_it_falls_at_the_next_check_when_the_title_ends(clinician, time_machine):
    attested(clinician, time_machine)
    with transaction():
        mine = select(Credential).join(Persona).where(Persona.name == "Nora Field")
        db.session.scalars(mine).one().state = "revoked"
    assert check() == 1
    viewer = clinician.viewer
    assert not viewer.attested
    assert CLINICIAN not in viewer.audiences


def test_it_falls_when_fewer_than_ten_others_are_left(clinician, time_machine):
    attested(clinician, time_machine)
    with transaction():
        one = select(Credential).join(Persona).where(Persona.name == "Clinician Number 0")
        db.session.scalars(one).one().until = clock.now()
    assert check() == 1
    assert not clinician.viewer.attested


def test_it_ends_by_itself_and_may_be_asked_for_again(clinician, time_machine):
    attested(clinician, time_machine)
    time_machine.shift(timedelta(days=84))
    assert check() == 1
    assert ask(clinician).from_on > clock.today()


def test_the_names_of_a_closed_account_do_not_lose_it_together(clinician, time_machine):
    """Each until its own day: at the next check both would else show that they were one person's."""
    with transaction():
        also = people.persona("Calm-Heron", kind="protected", owner=owner_of(clinician), slot=2)
    attested(clinician, time_machine)
    ask(also)
    time_machine.shift(timedelta(days=14))
    check()
    names = [clinician.persona_id, also.persona_id]
    choices = dict.fromkeys([one.id for one in personas.names_of(clinician.member_id)], "neutral")
    with transaction():
        closing.close(clinician.member_id, choices)
    check()
    assert [db.session.get_one(Persona, key).attested for key in names] == [True, True]
    with transaction():
        closing.let_go(names[0])
    db.session.expire_all()
    assert [db.session.get_one(Persona, key).attested for key in names] == [False, True]
    assert db.session.get(Attestation, names[0]) is None


def test_nobody_keeps_it_where_too_few_others_are_left(clinician, time_machine):
    attested(clinician, time_machine)
    with transaction():
        choices = dict.fromkeys([one.id for one in personas.names_of(clinician.member_id)], "former")
        closing.close(clinician.member_id, choices)
        one = db.session.scalars(select(Credential.id).where(Credential.profession == "physician")).first()
        db.session.execute(update(Credential).where(Credential.id == one).values(state="revoked"))
    check()
    assert not clinician.viewer.attested


def owner_of(who):
    return db.session.get(User, who.member_id)


def test_a_name_left_behind_is_attested_no_more(clinician, time_machine):
    attested(clinician, time_machine)
    with transaction():
        personas.leave(clinician.member_id, clinician.persona_id)
    assert viewer_of(clinician.persona_id) is None
    assert db.session.scalar(select(Attestation)) is None


def test_lived_experience_cannot_be_added_to_such_a_name(clinician, time_machine):
    attested(clinician, time_machine)
    with pytest.raises(Invalid), transaction():
        personas.describe(clinician.member_id, clinician.persona_id, ["lived_experience"], None)


def test_the_row_holds_days_and_the_name_and_nothing_else(clinician):
    others(10)
    ask(clinician)
    assert {column.name: column.type.python_type.__name__ for column in Attestation.__table__.columns} == {
        "persona_id": "str",
        "from_on": "date",
        "until_on": "date",
    }


def test_no_statement_names_two_names_of_one_person(clinician):
    """A log of slow statements must not tie what the vault keeps apart."""
    others(10)
    public = db.session.scalars(select(Persona.id).where(Persona.name == "Nora Field")).one()
    asked: list[str] = []

    def note(_connection, _cursor, _statement, parameters, *_more):
        asked.append(repr(parameters))

    event.listen(Engine, "before_cursor_execute", note)
    # SQLite says what it is told, with the values, also past SQLAlchemy.
    told: Any = db.session.connection().connection.dbapi_connection
    if isinstance(told, sqlite3.Connection):
        told.set_trace_callback(asked.append)
    try:
        ask(clinician)
        check()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        if isinstance(told, sqlite3.Connection):
            told.set_trace_callback(None)
    assert len(asked) > 5
    assert not [one for one in asked if public in one and clinician.persona_id in one]


def test_the_page_says_what_it_is_and_asks(clinician, app):
    browser = clinician.signs_in(app.test_client())
    assert "Ask the vault" in browser.get("/en/names/clinician").text
    assert send(browser, "/en/names/clinician").status_code == 422
    others(10)
    assert send(browser, "/en/names/clinician").status_code == 303
    assert "not shown yet" in browser.get("/en/names/clinician").text
    assert send(browser, "/en/names/clinician/drop", form="/en/names/clinician").status_code == 303
    assert "Demander au coffre" in browser.get("/fr/names/clinician").text
