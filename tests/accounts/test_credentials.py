"""Titles: claimed, checked by two, ended to the second."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts import jobs, words
from community.accounts.models import Credential
from community.accounts.queries import credential_queue, labels_of
from community.accounts.services import credentials, duties
from community.accounts.services.credentials_ends import lapse
from community.accounts.services.credentials_steps import prove
from community.accounts.viewer import OPERATOR, VISITOR
from community.core import audit, clock
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from tests import cast
from tests.make import accounts as make

READ = "CPSO register, read today."


@pytest.fixture
def robin(app):
    return make.account("robin@example.org")


@pytest.fixture
def coordinators(app):
    names = ("Solene Marsh", "Desmond Oak", "Perrine Vale")
    found = [make.account(f"c{number}@example.org", name) for number, name in enumerate(names)]
    with transaction():
        for someone in found:
            cast.duty(someone, "coordinator")
    return found


def claimed(someone, profession="physician"):
    """Claimed and shown to be theirs: what is left is for coordinators."""
    row = credentials.claim(someone.viewer, profession, "on", "12-345 678")
    prove(row, "mailbox")
    return row


def verified(someone, deciders, profession="physician"):
    row = claimed(someone, profession)
    for decider in deciders:
        credentials.decide(decider.viewer, row, "verified", READ)
    return row


def test_a_claim_opens_nothing_and_keeps_the_end_of_the_number_alone(robin):
    row = claimed(robin)
    assert (row.state, row.number_end) == ("claimed", "678")
    assert b"12345678" not in row.number_hash
    assert robin.viewer.audiences == {"everyone", "member"}
    assert labels_of([robin.persona_id]) == {}


def test_a_clinicians_title_needs_two_different_coordinators(robin, coordinators):
    row = claimed(robin)
    credentials.decide(coordinators[0].viewer, row, "verified", READ)
    assert row.state == "pending"
    assert "clinician" not in robin.viewer.audiences
    with pytest.raises(NotAllowed):
        credentials.decide(coordinators[0].viewer, row, "verified", READ)
    credentials.decide(coordinators[1].viewer, row, "verified", READ)
    assert row.state == "verified"
    assert {"clinician", "professional", "group:physician"} <= robin.viewer.audiences
    assert row.until - row.since == timedelta(days=365)


def test_another_professions_title_needs_one(robin, coordinators):
    row = verified(robin, coordinators[:1], "social_worker")
    assert row.state == "verified"
    assert "professional" in robin.viewer.audiences
    assert "clinician" not in robin.viewer.audiences


def test_nobody_decides_on_their_own_title(coordinators):
    row = claimed(coordinators[0])
    with pytest.raises(NotAllowed):
        credentials.decide(coordinators[0].viewer, row, "verified", READ)


@pytest.mark.parametrize("who", ["member", "moderator", "administrator", "policy", "physician"])
def test_who_does_not_coordinate_decides_nothing(app, robin, who):
    people = cast.assemble()
    row = claimed(robin)
    with pytest.raises(NotAllowed):
        credentials.decide(people[who].viewer, row, "verified", READ)
    with pytest.raises(NotAllowed):
        credentials.decide(VISITOR, row, "verified", READ)


def test_a_protected_name_claims_no_title(app):
    people = cast.assemble()
    with pytest.raises(NotAllowed):
        credentials.claim(people["lived"].viewer, "nurse", "on", "12345")
    with pytest.raises(NotAllowed):
        credentials.claim(VISITOR, "nurse", "on", "12345")


@pytest.mark.parametrize(
    ("profession", "jurisdiction", "number"),
    [
        ("wizard", "on", "12345"),
        ("learner", "on", "12345"),
        ("nurse", "xx", "12345"),
        ("nurse", "qc-06", "12345"),
        ("nurse", "on", ""),
        ("nurse", "on", "ab"),
        ("nurse", "on", "abcdef"),
        ("nurse", "on", "1" * 31),
    ],
)
def test_a_claim_that_cannot_be_checked_is_refused(robin, profession, jurisdiction, number):
    with pytest.raises(Invalid):
        credentials.claim(robin.viewer, profession, jurisdiction, number)


def test_a_decision_says_what_was_looked_at(robin, coordinators):
    row = claimed(robin)
    for reason in ("", "  ", "ok", "x" * 1001):
        with pytest.raises(Invalid):
            credentials.decide(coordinators[0].viewer, row, "verified", reason)
    with pytest.raises(Invalid):
        credentials.decide(coordinators[0].viewer, row, "lapsed", READ)


def test_the_number_read_in_the_register_is_compared_with_the_one_claimed(robin, coordinators):
    row = claimed(robin)
    with pytest.raises(Invalid):
        credentials.decide(coordinators[0].viewer, row, "verified", READ, number="12345679")
    credentials.decide(coordinators[0].viewer, row, "verified", READ, number="12 345 678")
    assert row.state == "pending"


def test_coordinators_are_warned_of_a_number_that_another_name_claims(robin, app):
    other = make.account("lea@example.org", "Lea Orme")
    one, two = claimed(robin), claimed(other)
    third = credentials.claim(other.viewer, "nurse", "on", "12345678")
    assert credentials.others_with_number(one) == credentials.others_with_number(two) == 1
    assert credentials.others_with_number(third) == 0


def test_a_title_is_claimed_once_at_a_time_and_decided_once(robin, coordinators):
    row = verified(robin, coordinators[:2])
    with pytest.raises(Conflict):
        claimed(robin)
    with pytest.raises(Conflict):
        credentials.decide(coordinators[2].viewer, row, "refused", READ)


def test_what_a_title_opened_closes_at_its_second_and_the_label_says_until_when(robin, coordinators):
    row = verified(robin, coordinators[:2])
    end = row.until
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert "clinician" in robin.viewer.audiences
        assert labels_of([robin.persona_id])[robin.persona_id].holds
    with time_machine.travel(end, tick=False):
        assert "clinician" not in robin.viewer.audiences
        label = labels_of([robin.persona_id])[robin.persona_id]
        assert label.ended == end
        assert words.label_words(label).startswith("Verified until")


def test_the_calendar_writes_the_end_down_afterwards_once(robin, coordinators):
    row = verified(robin, coordinators[:2])
    end = row.until
    db.session.commit()
    with time_machine.travel(end + timedelta(hours=5)):
        jobs.lapse_titles()
        jobs.lapse_titles()
        db.session.expire_all()
        assert row.state == "lapsed"
        last = credentials.steps_of(row)[-1]
        assert (last.decision, last.by, last.at) == ("lapsed", "calendar", end)
        assert labels_of([robin.persona_id])[robin.persona_id].ended == end


def test_a_revoked_title_closes_at_once_and_old_answers_say_so(robin, coordinators):
    row = verified(robin, coordinators[:2])
    credentials.decide(coordinators[2].viewer, row, "revoked", "The register says suspended.")
    assert "clinician" not in robin.viewer.audiences
    label = labels_of([robin.persona_id])[robin.persona_id]
    assert not label.holds
    assert label.ended is not None
    assert clock.now() - label.ended < timedelta(minutes=1)


def test_a_title_is_renewed_in_its_last_days_and_holds_meanwhile(robin, coordinators):
    row = verified(robin, coordinators[:2])
    since = row.since
    with pytest.raises(Conflict):
        credentials.decide(coordinators[2].viewer, row, "verified", READ)
    with time_machine.travel(row.until - timedelta(days=30), tick=False):
        credentials.decide(coordinators[2].viewer, row, "verified", READ)
        assert row.state == "verified"
        assert "clinician" in robin.viewer.audiences
        with pytest.raises(NotAllowed):
            credentials.decide(coordinators[2].viewer, row, "verified", READ)
        credentials.decide(coordinators[0].viewer, row, "verified", READ)
        assert row.until == clock.now() + timedelta(days=365)
        assert row.since == since


def test_a_title_claimed_anew_still_says_until_when_it_was_verified(robin, coordinators):
    row = verified(robin, coordinators[:2])
    with time_machine.travel(row.until + timedelta(days=1)):
        lapse()
        claimed(robin)
        assert row.state == "claimed"
        assert labels_of([robin.persona_id])[robin.persona_id].ended is not None


def test_every_decision_is_in_the_register_and_the_person_reads_it(client, robin, coordinators):
    row = verified(robin, coordinators[:2])
    db.session.commit()
    acts = [entry.act for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.target == row.id))]
    assert acts == ["credential.pending", "credential.verified"]
    assert audit.first_break() is None
    robin.signs_in(client)
    page = client.get("/en/credential").text
    assert page.count(READ) == 2
    assert "Solene Marsh" in page
    assert "Desmond Oak" in page
    assert "12345678" not in page


def test_the_founding_operator_decides_alone_while_fewer_than_two_coordinate(robin, coordinators):
    row = claimed(robin)
    with pytest.raises(NotAllowed):
        credentials.decide(OPERATOR, row, "verified", READ, founding=True)
    with pytest.raises(NotAllowed):
        credentials.decide(coordinators[0].viewer, row, "verified", READ, founding=True)
    for someone in coordinators[1:]:
        duties.take(OPERATOR, someone.persona_id, "coordinator")
    credentials.decide(OPERATOR, row, "verified", READ, founding=True)
    assert row.state == "verified"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.target == row.id)).one()
    assert (entry.actor_id, entry.detail["founding"]) == ("operator", True)


def test_the_queue_is_for_coordinators_and_shows_no_protected_name(robin, coordinators):
    row = claimed(robin)
    found = credential_queue(coordinators[0].viewer, credentials.RENEWED_IN)
    assert [(each.id, face.name) for each, face in found] == [(row.id, "Robin Brook")]
    assert credential_queue(make.account("x@example.org", "Xavier Lo").viewer, credentials.RENEWED_IN) == []


def test_a_coordinator_goes_through_the_pages(client, app, robin, coordinators):
    claimed(robin)
    db.session.commit()
    row = db.session.scalars(select(Credential)).one()
    db.session.commit()
    for someone, said in zip(coordinators[:2], ("pending", "verified"), strict=True):
        browser = app.test_client()
        someone.signs_in(browser)
        assert "Robin Brook" in browser.get("/en/credentials").text
        refused = make.send(
            browser, f"/en/credentials/{row.id}", decision="verified", because="register", reason=""
        )
        assert refused.status_code == 422
        done = make.send(
            browser, f"/en/credentials/{row.id}", decision="verified", because="register", reason=READ
        )
        assert done.location == "/en/credentials"
        assert row.state == said
        db.session.commit()  # what was read is let go, so that the next sign-in does not undo it
    robin.signs_in(client)
    assert client.get("/en/credentials").status_code == 404
    assert client.get(f"/en/credentials/{row.id}").status_code == 404
