"""Who asks, at every request."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import select, update

from community.accounts import session
from community.accounts.members import SignIn, User
from community.accounts.models import Persona
from community.accounts.services import personas
from community.accounts.services.personas import Wish
from community.core import clock
from community.core.db import db, transaction
from community.forum.models import Post
from tests import cast
from tests.make import accounts as make
from tests.make import world as worlds
from tests.query_counter import Statements


def statements(client, path):
    seen = Statements()
    with seen.recorded():
        answer = client.get(path)
    assert answer.status_code == 200
    return seen.words


def test_a_visitor_costs_no_statement_for_the_session(client):
    client.get("/en/password/forgotten")
    asked = [words for words in statements(client, "/en/password/forgotten") if "help_line" not in words]
    assert asked == []


def test_the_member_and_the_name_are_read_by_one_statement_each_never_by_one_for_both(client, app):
    someone = make.account("robin@example.org")
    cast.title(someone, "nurse")
    cast.title(someone, "pharmacist")
    cast.duty(someone, "coordinator")
    for slug in ("opioids", "nursing", "alcohol"):
        cast.duty(someone, "moderator", slug)
    db.session.commit()
    someone.signs_in(client)
    client.get("/en/sign-out")
    asked = statements(client, "/en/sign-out")
    about_who = [words for words in asked if "sign_in" in words or "FROM persona" in words]
    assert len(about_who) == 2
    assert not any("member" in words and "persona" in words for words in asked if "space_member" not in words)
    assert len(asked) <= 4


def test_static_files_and_health_ask_nothing_of_the_database_for_somebody_signed_in(client):
    make.account("robin@example.org").signs_in(client)
    seen = Statements()
    with seen.recorded():
        client.get("/healthz")
        client.get("/static/build/manifest.json", buffered=True)
    assert seen.words == []


def test_the_row_of_a_session_knows_the_hour_and_no_name(client):
    someone = make.account("robin@example.org")
    make.sign_in(client, "robin@example.org")
    row = db.session.scalars(select(SignIn)).one()
    assert (row.since.minute, row.since.second) == (0, 0)
    assert {column.key for column in SignIn.__table__.columns} == {
        *("id_hash", "member_id", "since", "ends_at", "device"),
    }
    with client.session_transaction() as cookie:
        assert someone.persona_id not in str(dict(cookie))
        assert someone.member_id not in str(dict(cookie))
        assert cookie["sid"] != row.id_hash


def test_the_active_name_of_one_session_opens_nothing_in_another(client, app):
    one = make.account("robin@example.org")
    other = make.account("lea@example.org", "Lea Orme")
    one.signs_in(client)
    with client.session_transaction() as cookie:
        sealed = cookie["as"]
    stranger = app.test_client()
    other.signs_in(stranger)
    with stranger.session_transaction() as cookie:
        cookie["as"] = sealed
    page = stranger.get("/en/menu").text
    assert "Lea Orme" in page
    assert "Robin Brook" not in page


def test_a_made_up_cookie_is_a_visitors(client):
    make.account("robin@example.org").signs_in(client)
    with client.session_transaction() as cookie:
        cookie["sid"] = "0" * 22
    assert client.get("/en/names").status_code == 302
    for value in (7, ["a"], {"b": 1}, "x" * 5000):
        with client.session_transaction() as cookie:
            cookie["sid"] = cookie["as"] = cookie["_user_id"] = value
        assert client.get("/en/menu").status_code == 200


def test_a_closed_account_is_out_at_the_next_request(client):
    make.account("robin@example.org").signs_in(client)
    with transaction():
        db.session.execute(update(User).values(active=False))
    assert client.get("/en/names").status_code == 302


def test_an_expired_credential_closes_at_its_second(client):
    someone = make.account("robin@example.org")
    cast.title(someone, "nurse", days_left=1)
    assert "clinician" in someone.viewer.audiences
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1)):
        assert "clinician" not in someone.viewer.audiences
        assert "group:nurse" not in someone.viewer.audiences
        assert "professional" not in someone.viewer.audiences


def test_a_profession_that_is_only_claimed_opens_nothing(app):
    someone = make.account("robin@example.org")
    cast.title(someone, "physician", state="claimed")
    cast.title(someone, "nurse", state="pending")
    assert someone.viewer.audiences == {"everyone", "member"}


def test_a_name_left_behind_gives_way_to_another_of_the_same_member(client):
    someone = make.account("robin@example.org")
    someone.signs_in(client)
    with transaction():
        db.session.execute(update(Persona).values(state="former"))
    assert client.get("/en/menu").location == "/en/names"
    assert client.get("/en/about/privacy").status_code == 200


def test_sessions_that_are_over_are_dropped(client):
    from community.accounts import jobs

    make.account("robin@example.org").signs_in(client)
    with time_machine.travel(clock.now() + session.LASTS + timedelta(hours=2)):
        jobs.forget()
    assert db.session.scalar(select(SignIn)) is None


def test_a_demonstration_signs_its_cast_in_without_a_password(client, app):
    someone = make.account("robin@example.org")
    with app.test_request_context("/en/"):
        session.begin()
        session.sign_in_as(someone.persona_id)
        assert session._active_persona() == someone.persona_id


def _other_name(member_id):
    with transaction():
        name = personas.free_proposals("en", 1)[0]
        return personas.make(member_id, Wish("protected", name, (), None, "en"))[0]


def test_what_was_begun_under_a_name_that_is_left_is_not_sent_under_another(client, app):
    """In another window the name is left behind: the form of the first was meant for no other."""
    world = worlds.build(cast.assemble(), ("public-square",))
    someone = make.account("robin@example.org")
    heron = _other_name(someone.member_id)
    someone.signs_in(client)
    make.send(client, "/en/names/speak", form="/en/names/all", persona=heron.id)
    topic = f"/en/topics/{world.topics['public-square open'].key}"
    token = make.csrf(client.get(topic))
    with transaction():
        personas.leave(someone.member_id, heron.id)
    answer = client.post(f"{topic}/replies", data={"csrf_token": token, "body": "As nobody knows me."})
    written = db.session.scalars(select(Post.author_id).where(Post.body.contains("As nobody"))).all()
    assert (answer.status_code, written) == (400, [])
    assert "The name that you wrote under was left behind." in answer.text
    assert someone.name in client.get("/en/names").text
    make.send(client, f"{topic}/replies", form=topic, body="As everybody knows me.")
    written = db.session.scalars(select(Post.author_id).where(Post.body.contains("As everybody"))).all()
    assert written == [someone.persona_id]
