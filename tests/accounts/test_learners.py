"""Learners stand on the title of who supervises them; affiliations are verified; titles end on their day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from community.accounts import jobs, words
from community.accounts.models import Credential
from community.accounts.queries import credential_queue, labels_of
from community.accounts.services import credentials, credentials_learners
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.core.i18n import speaking
from community.core.jobs import run_waiting_jobs
from community.notifications.models import Notice
from tests import cast as people
from tests.make import accounts as make
from tests.make.titles import a_few, decide, verified


@pytest.fixture
def cast(app):
    return a_few()


# Learners


def learner(cast, name="Ivy Learner"):
    supervisor = cast["physician"].name
    ivy = people.persona(name, groups=["learner"])
    row = credentials_learners.ask(ivy.viewer, "on", supervisor)
    return ivy, row


def title_behind(row):
    """The title that somebody vouched with, which is still there and ends some day."""
    found = credentials_learners.title_behind(row)
    assert found
    assert found.until
    return found


def test_a_learner_is_vouched_for_by_a_verified_supervisor_who_is_told(client, cast):
    with transaction():
        ivy, row = learner(cast)
        key = row.id
    run_waiting_jobs()
    told = db.session.scalars(sa.select(Notice).where(Notice.about == "vouch")).all()
    assert [notice.persona_id for notice in told] == [cast["physician"].persona_id]
    cast["physician"].signs_in(client)
    assert "Ivy Learner" in client.get("/en/credential").text
    make.send(client, f"/en/credential/learners/{key}", form="/en/credential", act="accept")
    row = db.session.get_one(Credential, key)
    supervisor = title_behind(row)
    assert (row.state, row.proof, row.until) == ("verified", "supervisor", supervisor.until)
    assert ivy.viewer.audiences == {"everyone", "member", "group:learner"}
    label = labels_of([ivy.persona_id])[ivy.persona_id]
    assert words.label_words(label).startswith("Learner, vouched for, Ontario, since")
    assert words.short_label(label) == "Learner, vouched for, Ontario"


def test_a_learners_label_ends_with_the_supervisors_title(cast):
    ivy, row = learner(cast)
    credentials_learners.answer(cast["physician"].viewer, row, "accept")
    supervisor = title_behind(row)
    _other, waits = learner(cast, "Ilse Learner")
    with time_machine.travel(supervisor.until + timedelta(seconds=1), tick=False):
        assert "group:learner" not in ivy.viewer.audiences
    decide(cast["Ines Calder"], supervisor, "revoked", "not_active")
    assert (row.state, waits.state) == ("revoked", "refused")
    assert "group:learner" not in ivy.viewer.audiences
    assert credentials.steps_of(row)[-1].because == "supervisor"
    with pytest.raises(NotAllowed):
        credentials_learners.answer(cast["physician"].viewer, row, "accept")


def test_a_title_that_is_claimed_already_gives_the_form_back(client, cast):
    where = "/fr/credential/learner"
    supervisor = cast["physician"].name
    cast["member"].signs_in(client)
    sent = {"jurisdiction": "on", "supervisor": supervisor}
    assert make.send(client, where, **sent).status_code == 302
    again = make.send(client, where, **sent)
    assert (again.status_code, f'value="{supervisor}"' in again.text) == (422, True), again.text
    assert "déjà" in again.text


def test_whoever_was_asked_and_lapsed_or_says_nothing_for_a_week_keeps_nobody_waiting(cast):
    ivy, row = learner(cast)
    asked = title_behind(row)
    with pytest.raises(Conflict):
        credentials_learners.ask(ivy.viewer, "on", cast["social_worker"].name)
    with time_machine.travel(row.claimed_at + timedelta(days=7, seconds=1), tick=False):
        credentials_learners.ask(ivy.viewer, "on", cast["social_worker"].name)
    assert (row.state, title_behind(row).persona_id) == ("claimed", cast["social_worker"].persona_id)
    with pytest.raises(NotAllowed):
        credentials_learners.answer(cast["physician"].viewer, row, "accept")
    other, waits = learner(cast, "Ilse Learner")
    asked.until = waits.claimed_at + timedelta(hours=1)
    with time_machine.travel(asked.until + timedelta(seconds=1), tick=False):
        credentials_learners.ask(other.viewer, "on", cast["social_worker"].name)
    assert title_behind(waits).persona_id == cast["social_worker"].persona_id


def test_a_learners_label_ends_when_the_supervisor_leaves_or_takes_the_word_back(cast):
    from community.accounts.services import personas

    ivy, row = learner(cast)
    credentials_learners.answer(cast["physician"].viewer, row, "accept")
    credentials_learners.answer(cast["physician"].viewer, row, "end")
    assert row.state == "revoked"
    again = credentials_learners.ask(ivy.viewer, "on", "Noemie Larch")
    credentials_learners.answer(cast["physician"].viewer, again, "accept")
    personas.leave(cast["physician"].member_id, cast["physician"].persona_id)
    assert again.state == "revoked"
    assert "group:learner" not in ivy.viewer.audiences


def test_a_renewed_title_prolongs_the_word_only_when_it_is_given_again(cast):
    ivy, row = learner(cast)
    credentials_learners.answer(cast["physician"].viewer, row, "accept")
    title = title_behind(row)
    assert credentials_learners.possible_answers(row, title) == ("end",)
    title.until += timedelta(days=300)
    assert credentials_learners.possible_answers(row, title) == ("accept", "end")
    credentials_learners.answer(cast["physician"].viewer, row, "accept")
    assert row.until == title.until
    assert ivy.viewer.audiences >= {"group:learner"}


def test_only_a_verified_professional_vouches(cast):
    ivy = people.persona("Ivy Learner")
    for name in ("claimed", "expired", "lived", "policy"):
        with pytest.raises(Invalid):
            credentials_learners.ask(ivy.viewer, "on", cast[name].name)
    with pytest.raises(Invalid):
        credentials_learners.ask(ivy.viewer, "on", "Nobody")


def test_nobody_vouches_for_themself_nor_for_who_asked_somebody_else(cast):
    with pytest.raises(Invalid):
        credentials_learners.ask(cast["physician"].viewer, "on", "Noemie Larch")
    _ivy, row = learner(cast)
    for who in ("social_worker", "coordinator", "expired"):
        with pytest.raises(NotAllowed):
            credentials_learners.answer(cast[who].viewer, row, "accept")
    waiting = credential_queue(cast["coordinator"].viewer, credentials.RENEWED_IN)
    assert row.id not in {each.id for each, _face in waiting}


# Affiliations


def test_a_chosen_group_opens_nothing_and_a_verified_affiliation_what_is_for_it(cast):
    somebody = people.persona("Mona Tide", groups=["government", "public_health"])
    assert somebody.viewer.audiences == {"everyone", "member"}
    row = credentials.claim(somebody.viewer, "government", "ca", organization="An invented ministry")
    assert row.organization == "An invented ministry"
    with pytest.raises(Invalid):
        decide(cast["Ines Calder"], row)
    decide(cast["Ines Calder"], row, code="institution", spoke=True)
    assert row.state == "verified"  # one is enough: it opens nothing for clinicians
    assert somebody.viewer.audiences == {"everyone", "member", "group:government"}
    (label,) = labels_of([somebody.viewer.persona_id or ""]).values()
    assert words.short_label(label) == "Verified affiliation: government, Canada"
    with speaking("fr"):
        assert words.short_label(label) == "Appartenance vérifiée\u00a0: gouvernement, Canada"
    with pytest.raises(Invalid):
        credentials.claim(somebody.viewer, "public_health", "qc", organization="")


def test_an_ended_profession_stays_said_beside_an_affiliation_that_holds(cast):
    row = verified(cast["policy"], cast)
    decide(cast["Ines Calder"], row, "revoked", "left")
    label = labels_of([row.persona_id])[row.persona_id]
    assert (label.profession, label.holds) == ("physician", False)
    assert "group:government" in cast["policy"].viewer.audiences


def test_the_label_says_profession_province_and_month_in_both_languages_and_no_number(cast):
    with time_machine.travel("2026-11-22T15:00:00Z", tick=False):
        row = verified(cast["member"], cast)
        label = labels_of([row.persona_id])[row.persona_id]
        with speaking("en"):
            assert words.label_words(label) == "Verified physician, Ontario, since November 2026"
        with speaking("fr"):
            said = "Titre vérifié\u00a0: médecine, Ontario, depuis novembre 2026"
            assert words.label_words(label) == said


# The end of a year


def test_one_is_reminded_thirty_and_seven_days_before_the_end_once_each(cast):
    row = verified(cast["member"], cast)
    end = row.until
    assert end
    db.session.commit()
    for days, said in ((31, []), (30, ["30"]), (12, ["30"]), (7, ["30", "7"]), (1, ["30", "7"])):
        with time_machine.travel(end - timedelta(days=days), tick=False):
            jobs.lapse_titles()
            jobs.lapse_titles()
            run_waiting_jobs()
            told = sa.select(Notice.about).where(
                Notice.persona_id == row.persona_id, Notice.about.like("ending%")
            )
            assert sorted(db.session.scalars(told)) == [f"ending_{each}" for each in said]
            db.session.commit()


def test_a_title_checked_again_stands_until_the_same_day(cast):
    row = verified(cast["member"], cast)
    until = row.until
    decide(cast["Ines Calder"], row, "checked")
    assert (row.state, row.until) == ("verified", until)
    assert credentials.steps_of(row)[-1].decision == "checked"
