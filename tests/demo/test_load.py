"""``flask demo load``: once, whole, with counters that are right; and never in production."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select

from community.accounts.members import User
from community.accounts.models import Credential, CredentialDecision, Duty, Persona
from community.accounts.queries import labels_of
from community.accounts.viewer import Viewer, viewer_of
from community.conversations.models import Conversation as Talk
from community.conversations.queries.talks import list_of
from community.core import clock
from community.core.db import db, transaction
from community.core.store import Stored
from community.demo.loader import trust
from community.demo.loader.people import cast, names, people
from community.demo.loader.store import persona_ids
from community.demo.loader.topics import conversations
from community.directory.models import Group, OrganizationLink
from community.directory.models.arrangements import Arrangement
from community.forum.models import (
    Case,
    Committee,
    Decision,
    Meeting,
    Post,
    Reaction,
    Space,
    SpaceMember,
    Topic,
)
from community.forum.permissions import posts_seen_by, topics_seen_by
from community.forum.services.posts import recount
from community.forum.services.spaces import load_first_spaces
from community.moderation.models import Appeal
from community.moderation.queries import second_looks
from community.moderation.queries.matters import waiting
from community.routing.queries.months import figures
from community.routing.services import months
from tests.conftest import build_app

EVERY_TABLE = sorted(db.metadata.tables)


@pytest.fixture(scope="module")
def loaded_app(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Flask]:
    """A community with the demonstration in it, loaded once for the tests of this file."""
    app = build_app(tmp_path_factory.mktemp("demonstration"), f"passerelle_demo_{worker_id}")
    with app.app_context(), transaction():
        load_first_spaces()
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0, result.output
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def loaded(loaded_app: Flask) -> Iterator[Flask]:
    """The same in a context of the test's own."""
    with loaded_app.app_context():
        yield loaded_app
        db.session.remove()


def every_row() -> dict[str, list[Any]]:
    tables = db.metadata.tables
    return {
        name: sorted(map(repr, db.session.execute(sa.select(tables[name])).all()))
        for name in EVERY_TABLE
        if name not in {"job", "schedule"}
    }


def test_everybody_and_everything_is_there(loaded: Flask) -> None:
    count = {
        table: db.session.scalar(select(func.count()).select_from(table))
        for table in (User, Persona, Topic, Post, Reaction)
    }
    said = [said for one in conversations() for said in one.said]
    assert count[User] == len(people())
    assert count[Persona] == len(names())
    assert count[Topic] == len(conversations())
    assert count[Post] == len(said) + len(trust.listed()["held"]) + len(trust.listed()["decided"])
    assert count[Reaction] == sum(len(list(one.reactions)) for one in said)
    assert set(persona_ids()) == set(names())


def seen_as(who: str) -> Viewer:
    found = viewer_of(persona_ids()[who])
    assert found is not None
    return found


def test_every_page_of_trust_shows_something(loaded: Flask) -> None:
    lines = waiting(seen_as("solene-marcoux"))
    assert {line.matter.origin for line in lines} >= {"report", "held"}
    assert sorted(db.session.scalars(select(Appeal.state))) == ["open", "refused"]
    assert len(second_looks.waiting(seen_as("beatrix-lorne"))) == 1
    assert not second_looks.waiting(seen_as("solene-marcoux"))
    assert db.session.scalar(select(func.count()).select_from(Talk)) == len(trust.listed()["talk"])
    for who in ("noemie-lavigne", "quiet-tamarack"):
        assert list_of(seen_as(who), None).items, who
    cases = db.session.scalars(select(Topic.lang).join(Case, Case.topic_id == Topic.id)).all()
    assert set(cases) == {"fr", "en"}
    held = db.session.scalars(select(Post.key).where(Post.held)).all()
    assert len(held) == len(trust.listed()["held"])


def test_a_second_time_changes_nothing(loaded: Flask) -> None:
    before = every_row()
    result = loaded.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0
    assert result.stdout.split("\n")[0] == "people: 0"
    db.session.rollback()
    assert every_row() == before


def test_the_counters_are_those_that_a_recount_finds(loaded: Flask) -> None:
    names = ("post_count", "last_post_at", "answered_at", "accepted_count", "review_by")
    for topic in db.session.scalars(select(Topic)).all():
        before = [getattr(topic, name) for name in names]
        recount(topic)
        assert [getattr(topic, name) for name in names] == before, topic.title
    db.session.rollback()


def test_a_month_has_figures_of_how_soon_answers_come(loaded: Flask) -> None:
    with transaction():
        months.close_months()
    last = [row for row in figures("all").months if row.questions is not None]
    assert last
    assert all((row.questions or 0) >= 11 and row.median and row.ninetieth for row in last)
    db.session.remove()


def test_nothing_is_in_the_future(loaded: Flask) -> None:
    now = clock.now()
    assert all(at < now for at in db.session.scalars(select(Post.created_at)))
    assert all(at <= now for at in db.session.scalars(select(Post.accepted_at)) if at)
    assert all(at < now for at in db.session.scalars(select(CredentialDecision.at)))


def test_a_corridor_a_group_and_a_link_are_to_be_looked_at_again(loaded: Flask) -> None:
    for kind in (Arrangement, Group, OrganizationLink):
        due = select(func.count()).select_from(kind).where(kind.review_on < clock.today())
        assert db.session.scalar(due) == 1, kind.__name__


def test_titles_are_as_their_days_say(loaded: Flask) -> None:
    ids = persona_ids()
    labels = labels_of(set(ids.values()))
    assert labels[ids["imogen-vale"]].holds
    assert not labels[ids["theo-marchand"]].holds
    assert ids["hollis-penhallow"] not in labels
    imogen = viewer_of(ids["imogen-vale"])
    theo = viewer_of(ids["theo-marchand"])
    assert imogen is not None
    assert theo is not None
    assert "clinician" in imogen.audiences
    assert "clinician" not in theo.audiences


def test_two_people_decided_on_each_title_of_a_clinician_and_nobody_on_their_own(loaded: Flask) -> None:
    ids = persona_ids()
    deciders = {ids[one.id] for one in people().values() if "coordinator" in one.duties}
    for title in db.session.scalars(select(Credential)):
        by = {step.by for step in title.decisions if step.decision in {"pending", "verified"}}
        assert title.persona_id not in by
        assert by <= deciders
        if title.profession == "physician" and title.state == "verified":
            assert by == deciders
        assert [step.at for step in title.decisions] == sorted(step.at for step in title.decisions)


def test_people_see_what_they_wrote_unless_what_opened_it_has_ended(loaded: Flask) -> None:
    ids = persona_ids()
    cannot = set()
    for name in names():
        viewer = viewer_of(ids[name])
        assert viewer is not None
        own = set(
            db.session.scalars(
                select(Post.id).where(Post.author_id == viewer.persona_id, Post.state != "hidden")
            )
        )
        seen = set(db.session.scalars(posts_seen_by(viewer).with_only_columns(Post.id).options()))
        cannot |= {name} if own - seen else set()
    assert cannot == {"theo-marchand"}


def test_a_guest_sees_one_topic_and_nothing_else_of_its_space(loaded: Flask) -> None:
    viewer = viewer_of(persona_ids()["epinette-lente"])
    assert viewer is not None
    committee = db.session.scalars(select(Space.id).where(Space.slug == "committee-first-line")).one()
    seen = list(db.session.scalars(topics_seen_by(viewer).where(Topic.space_id == committee)).unique())
    assert len(seen) == 1
    assert seen[0].title.startswith("Une seule page")


def test_duties_memberships_and_committees_are_in_place(loaded: Flask) -> None:
    ids = persona_ids()
    held = {(row.persona_id, row.duty, row.scope) for row in db.session.scalars(select(Duty))}
    assert (ids["imogen-vale"], "moderator", "opioids") in held
    assert (ids["desmond-oakhurst"], "administrator", "") in held
    standings = {(row.persona_id, row.standing): row for row in db.session.scalars(select(SpaceMember))}
    assert (ids["riviere-tranquille"], "chair") in standings
    until = standings[ids["jo-whitlock"], "guest"].until
    assert until is not None
    assert timedelta(days=18) < until - clock.now() < timedelta(days=21)
    assert all(row.mandate_en and row.mandate_fr for row in db.session.scalars(select(Committee)))
    assert db.session.scalar(select(func.count()).select_from(Meeting)) == 5
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 7


def test_replies_quote_what_they_answer_in_their_own_language(loaded: Flask) -> None:
    quoting = select(Post.body).where(Post.body.startswith("> Dre Imogen Vale"))
    first = db.session.scalars(quoting).first()
    assert first is not None
    assert first.startswith("> Dre Imogen Vale a écrit")


def test_nothing_in_the_database_says_which_names_are_one_person(loaded: Flask) -> None:
    """But the vault, sealed. What was loaded is kept by marks that name nobody."""
    marks = db.session.get_one(Stored, "demonstration.loaded").value
    assert all(len(mark) == 16 for mark in marks)
    assert marks == sorted(marks)
    public_side = {name: rows for name, rows in every_row().items() if name not in {"member", "vault"}}
    addresses = set(db.session.scalars(select(User.email)))
    assert addresses == {f"{name}@demo.invalid" for name in people()}
    for name, rows in public_side.items():
        assert not any("demo.invalid" in row for row in rows), name
    # The two names of an account were made in the same breath; nothing else that was kept says so.
    months = {row.id: row.made_on for row in db.session.scalars(select(Persona))}
    assert all(month.day == 1 for month in months.values())


def test_the_cast_is_offered_in_both_languages_and_entered_in_one_press(loaded_app: Flask) -> None:
    assert 8 <= len(cast()) <= 10
    for lang, sentence in (("en", "She asks."), ("fr", "Elle pose des questions.")):
        browser = loaded_app.test_client()
        page = browser.get(f"/{lang}/sign-in").get_data(as_text=True)
        assert sentence in page
        assert page.count("/demo/enter/") == len(cast())
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        answer = browser.post(f"/{lang}/demo/enter/noemie-lavigne", data={"csrf_token": token})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/{lang}/")
        assert "Noémie Lavigne" in browser.get(f"/{lang}/").get_data(as_text=True)
        assert browser.get(f"/{lang}/spaces/opioids").status_code == 200


@pytest.mark.parametrize("person", ["nobody", "marsh-willow", "lichen-bleu", "noemie-lavigne@demo.invalid"])
def test_only_the_cast_can_be_entered(loaded_app: Flask, person: str) -> None:
    browser = loaded_app.test_client()
    page = browser.get("/en/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert browser.post(f"/en/demo/enter/{person}", data={"csrf_token": token}).status_code == 404


def test_entering_needs_the_token_of_the_form_and_a_press(loaded_app: Flask) -> None:
    browser = loaded_app.test_client()
    assert browser.post("/en/demo/enter/noemie-lavigne").status_code == 400
    assert browser.get("/en/demo/enter/noemie-lavigne").status_code in {404, 405}


def test_before_loading_nobody_is_offered(client: Any) -> None:
    assert "/demo/enter/" not in client.get("/en/sign-in").get_data(as_text=True)


def test_production_refuses_to_load_it_and_has_no_door(tmp_path: Path, worker_id: str) -> None:
    app = build_app(
        tmp_path,
        f"passerelle_production_{worker_id}",
        PASSERELLE_ENV="production",
        BASE_URL="https://community.example.org",
        MAIL_URL="smtp://mail.example.org:25",
        PRIVACY_CONTACT="The person in charge",
    )
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 2
    assert "never loaded" in result.stderr
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("demo")]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 0
        db.session.remove()
        db.engine.dispose()


def test_without_spaces_it_says_what_to_do(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 1
    assert "run flask setup first" in result.stderr


def test_check_says_that_all_is_well(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "check"])
    assert (result.exit_code, result.stdout.strip()) == (0, "The files of the demonstration have no faults.")
