"""An impostor gets no label (SECURITY 6.3, case 4): a proof, two people, and every step on record."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy import delete

from community.accounts.models import Credential, Duty
from community.accounts.professions import professions, register_of
from community.accounts.queries import labels_of
from community.accounts.services import credentials, credentials_proof, institutions, personas
from community.accounts.services.credentials_claims import is_number_of
from community.accounts.services.credentials_steps import prove
from community.accounts.titles import MailboxCode
from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed
from community.core.regions import provinces
from tests import cast as people
from tests.make import accounts as make
from tests.make import forum as make_forum
from tests.make.titles import HOSPITAL, READ, a_few, claim, decide, verified


@pytest.fixture
def cast(app):
    return a_few()


def code_in(letters, to):
    letter = next(one for one in reversed(letters) if one.to == [to])
    found = re.search(r"\b\d{4} \d{4}\b", letter.body)
    assert found
    return re.sub(r"\D", "", found[0]), letter


# Case 4a and 4b


def test_4a_a_number_that_one_declares_never_gives_the_label(cast):
    row = claim(cast["member"])
    for coordinator in ("Ines Calder", "Otto Frame"):
        with pytest.raises(Invalid) as refused:
            decide(cast[coordinator], row)
        assert refused.value.field == "decision"
    assert row.state == "claimed"
    assert labels_of([row.persona_id]) == {}
    assert not cast["member"].viewer.audiences & {"professional", "clinician", "group:physician"}


def test_4b_the_label_needs_two_people_and_a_proof(cast):
    row = claim(cast["member"])
    decide(cast["Ines Calder"], row, spoke=True)
    assert (row.state, row.proof) == ("pending", "call")
    with pytest.raises(NotAllowed):
        decide(cast["Ines Calder"], row)
    assert "clinician" not in cast["member"].viewer.audiences
    decide(cast["Otto Frame"], row)
    assert "clinician" in cast["member"].viewer.audiences


def test_4b_a_candidate_who_coordinates_gets_403(client, cast):
    with transaction():
        row = claim(cast["coordinator"])
        prove(row, "mailbox")
        key = row.id
    cast["coordinator"].signs_in(client)
    answer = make.send(
        client,
        f"/en/credentials/{key}",
        form="/en/menu",
        decision="verified",
        because="register",
        reason=READ,
    )
    assert answer.status_code == 403
    assert db.session.get_one(Credential, key).state == "claimed"


def test_4b_nobody_decides_for_another_name_of_their_own(cast):
    """Two public names of one person do not exist; should they, the vault knows, and tells only them."""
    owner = people.member()
    first = people.persona("Nadia Reed", owner=owner, slot=0)
    second = people.persona("Nadja Reede", owner=owner, slot=1)
    people.duty(first, "coordinator")
    row = claim(second)
    prove(row, "mailbox")
    with pytest.raises(NotAllowed):
        decide(first, row)
    other = claim(cast["member"])
    prove(other, "mailbox")
    people.duty(second, "coordinator")
    decide(first, other)
    with pytest.raises(NotAllowed):
        decide(second, other)
    assert other.state == "pending"


def test_4b_the_first_of_two_counts_no_more_once_its_name_was_left(cast):
    """Whoever leaves a name and is trusted anew under another would be both, and nobody could tell."""
    with transaction():
        owner = people.member()
        first = people.persona("Nadia Reed", owner=owner, slot=0)
        people.duty(first, "coordinator")
        row = claim(cast["member"])
        prove(row, "mailbox")
        decide(first, row)
        personas.leave(owner.id, str(first.persona_id))
        second = people.persona("Nadja Orme", owner=owner, slot=1)
        people.duty(second, "coordinator")
        decide(second, row)
    assert row.state == "pending"
    assert "clinician" not in cast["member"].viewer.audiences
    decide(cast["Otto Frame"], row)
    assert row.state == "verified"


def test_4b_the_first_of_two_counts_no_more_once_the_duty_was_taken(cast):
    """Whoever lost the trust of the community has not verified anybody by half."""
    with transaction():
        first = people.persona("Nadia Reed")
        people.duty(first, "coordinator")
        row = claim(cast["member"])
        prove(row, "mailbox")
        decide(first, row)
        db.session.execute(delete(Duty).where(Duty.persona_id == first.persona_id))
        decide(cast["Ines Calder"], row)
    assert row.state == "pending"
    decide(cast["Otto Frame"], row)
    assert row.state == "verified"


# Case 4d


def visited(client, address):
    """The page as a visitor's browser gets it, whole from the cache the second time."""
    return gzip.decompress(client.get(address, headers={"Accept-Encoding": "gzip"}).data).decode()


def test_4d_a_revoked_title_is_said_at_once_on_old_answers_and_kept_pages(client, cast):
    with transaction():
        row = verified(cast["member"], cast)
        topic = make_forum.topic(make_forum.space(), cast["claimed"], "Which dose?")
        make_forum.post(topic, cast["member"], "This one.")
        key, address = row.id, f"/en/topics/{topic.key}"
    for _visit in range(2):
        assert "Verified physician, Ontario" in visited(client, address)
    with transaction():
        decide(cast["coordinator"], db.session.get_one(Credential, key), "revoked", "not_active")
    page = visited(client, address)
    assert "Verified until" in page
    assert "Verified physician" not in page


# Case 4e


def test_4e_only_an_issuer_of_the_list_counts_letter_by_letter(cast):
    issuer = "https://id.university.example/realms/med"
    with transaction():
        institutions.add(cast["administrator"].viewer, "issuer", issuer, "A university")
        row = claim(cast["member"])
    viewer = cast["member"].viewer
    others = (issuer + "/", issuer.upper(), "https://id.university.example", HOSPITAL, "", "%")
    with pytest.raises(Invalid):
        credentials_proof.prove_by_sign_in(viewer, row, others)
    with pytest.raises(NotAllowed):
        credentials_proof.prove_by_sign_in(cast["physician"].viewer, row, [issuer])
    assert row.proof == ""
    credentials_proof.prove_by_sign_in(viewer, row, [*others, issuer])
    assert (row.proof, row.proved_on, row.state) == ("issuer", clock.today(), "claimed")
    assert credentials_proof.institution_behind(row) == "A university"
    assert labels_of([row.persona_id]) == {}


def test_4e_the_page_uses_a_sign_in_only_when_one_is_tied(client, cast):
    with transaction():
        key = claim(cast["member"]).id
    cast["member"].signs_in(client)
    answer = make.send(client, f"/en/credential/{key}/sign-in", form=f"/en/credential/{key}/proof")
    assert answer.status_code == 422
    assert db.session.get_one(Credential, key).proof == ""
    with pytest.raises(Invalid):
        credentials_proof.prove_by_sign_in(
            cast["member"].viewer, db.session.get_one(Credential, key), [HOSPITAL]
        )


# Case 4f


def test_4f_every_decision_is_an_entry_that_the_candidate_reads(client, cast):
    with transaction():
        row = verified(cast["member"], cast)
        decide(cast["coordinator"], row, "checked")
        decide(cast["coordinator"], row, "revoked", "limited")
        key = row.id
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.target == key).order_by(AuditEntry.number)
    ).all()
    said = [entry.act for entry in entries]
    assert said == [f"credential.{act}" for act in ("pending", "verified", "checked", "revoked")]
    assert {entry.detail["persona"] for entry in entries} == {cast["member"].persona_id}
    cast["member"].signs_in(client)
    page = client.get("/en/credential").text
    for entry in entries:
        assert f"entry {entry.number} of the register" in page
    assert "limits that the label would hide" in page
    french = client.get("/fr/credential").text
    assert f"inscription {entries[0].number} du registre" in french


def test_the_register_of_acts_reads_the_number_of_each_step(cast):
    row = verified(cast["member"], cast)
    steps = credentials.steps_of(row)
    assert [step.entry is None for step in steps] == [True, False, False]
    assert [step.because for step in steps] == ["", "register", "register"]


def test_a_reason_goes_with_its_decision(cast):
    row = claim(cast["member"])
    with pytest.raises(Invalid) as refused:
        decide(cast["coordinator"], row, "refused", "register")
    assert refused.value.field == "because"
    assert decide(cast["coordinator"], row, "refused", "not_found").state == "refused"


# The code


def test_a_code_to_an_institution_shows_that_the_title_is_theirs_and_the_address_is_nowhere(client, cast):
    with transaction():
        key = claim(cast["member"]).id
    cast["member"].signs_in(client)
    to = "a.person@mail.hospital.example"
    page = f"/en/credential/{key}/proof"
    sent = client.post(page, data={"csrf_token": make.csrf(client.get(page)), "address": to.upper()})
    assert sent.location == page
    code, letter = code_in(make.post_box(), to)
    for said in ("Robin", "Tallgrass", "physician", "title", "Ontario"):
        assert said not in letter.subject + letter.body
    kept = repr([tuple(row) for row in db.session.execute(sa.select(MailboxCode.__table__))])
    assert code not in kept
    assert "hospital" not in kept
    wrong = make.send(client, f"/en/credential/{key}/code", form=page, code="0000 0000")
    assert wrong.status_code == 422
    assert db.session.get_one(MailboxCode, key).tries == 1
    right = make.send(client, f"/en/credential/{key}/code", form=page, code=f"{code[:4]} {code[4:]}")
    assert right.location == "/en/credential"
    row = db.session.get_one(Credential, key)
    assert (row.proof, row.state) == ("mailbox", "claimed")
    assert credentials_proof.institution_behind(row) == "A hospital"
    assert db.session.get(MailboxCode, key) is None
    with pytest.raises(Invalid):
        credentials_proof.enter_code(cast["member"].viewer, row, code)


NOWHERE = (
    *("a@example.org", "a@hospital.example.evil.example", "a@nothospital.example", "a@example", ""),
    *("a@hospital.example\nBcc: b@evil.example", "a@b@hospital.example", "<a@hospital.example>"),
    *("a@hospital.example,b@evil.example", "a@hospitаl.example", "x" * 70 + "@hospital.example"),
)


def test_no_code_goes_to_an_address_of_no_institution(cast):
    row = claim(cast["member"])
    for address in NOWHERE:
        with pytest.raises(Invalid):
            credentials_proof.new_code(cast["member"].viewer, row, address)


def test_a_code_lasts_half_an_hour_five_tries_and_until_the_next(cast):
    viewer, row = cast["member"].viewer, claim(cast["member"])
    _address, first = credentials_proof.new_code(viewer, row, f"a@{HOSPITAL}")
    _address, code = credentials_proof.new_code(viewer, row, f"a@{HOSPITAL}")
    if first != code:
        assert not credentials_proof.enter_code(viewer, row, first)
    with time_machine.travel(clock.now() + timedelta(minutes=30, seconds=1)), pytest.raises(Invalid):
        credentials_proof.enter_code(viewer, row, code)
    other = "1" * 8 if code != "1" * 8 else "2" * 8
    for _try in range(4):
        assert not credentials_proof.enter_code(viewer, row, other)
    with pytest.raises(Invalid):
        credentials_proof.enter_code(viewer, row, code)
    assert row.proof == ""


def test_nobody_proves_for_somebody_else(client, cast):
    with transaction():
        key = claim(cast["member"]).id
    with pytest.raises(NotAllowed):
        credentials_proof.new_code(
            cast["policy"].viewer, db.session.get_one(Credential, key), f"a@{HOSPITAL}"
        )
    cast["coordinator"].signs_in(client)
    assert client.get(f"/en/credential/{key}/proof").status_code == 404


def test_claiming_anew_asks_for_a_new_proof(cast):
    row = verified(cast["member"], cast)
    decide(cast["coordinator"], row, "revoked", "asked")
    again = claim(cast["member"])
    assert again.id == row.id
    assert (again.proof, again.proof_by, again.proved_on) == ("", None, None)


# What is claimed


def test_a_specialty_goes_with_physicians_and_no_number_with_professions_without_a_register(cast):
    row = claim(cast["member"], specialty="psychiatry")
    assert row.specialty == "psychiatry"
    with pytest.raises(Invalid):
        claim(cast["member"], "nurse", specialty="psychiatry")
    with pytest.raises(Invalid):
        credentials.claim(cast["member"].viewer, "nurse", "on", "")
    worker = credentials.claim(cast["member"].viewer, "harm_reduction_worker", "on", "")
    assert worker.number_hash is None
    assert credentials.others_with_number(worker) == 0


@pytest.mark.parametrize(
    ("number", "end"), [("12345", "345"), ("1234", "34"), ("123", "3"), ("AB-98765", "765")]
)
def test_of_a_number_its_end_is_kept_and_never_the_whole(cast, number, end):
    assert credentials.claim(cast["member"].viewer, "physician", "on", number).number_end == end


def test_a_number_typed_wide_is_the_number_that_stands_in_the_register(cast):
    row = credentials.claim(cast["member"].viewer, "physician", "on", "\uff11\uff12\uff13\uff14\uff15")
    assert row.number_end == "345"
    assert is_number_of(row, "123-45")
    with pytest.raises(Invalid) as refused:
        credentials.decide(cast["Ines Calder"].viewer, row, "verified", "It is 12345.", spoke=True)
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    "words",
    [
        "Read: 12345, in order.",
        "No12345 stands there.",
        "Seen: 1 2 3 4 5.",
        "\uff11\uff12\uff13\uff14\uff15.",
    ],
)
def test_what_a_coordinator_writes_does_not_hold_the_number_that_was_claimed(cast, words):
    row = claim(cast["member"])
    with pytest.raises(Invalid) as refused:
        credentials.decide(cast["Ines Calder"].viewer, row, "verified", words, spoke=True)
    assert refused.value.field == "reason"
    credentials.decide(cast["Ines Calder"].viewer, row, "verified", "Read on page 12 of 45.", spoke=True)


def test_the_registers_are_of_known_places_and_reached_by_https():
    places = {place.code for place in provinces()}
    for one in professions().values():
        assert set(one.registers) <= places
        for register in one.registers.values():
            assert register.name_en
            assert register.url == "" or register.url.startswith("https://")
    college = register_of("physician", "qc")
    assert college
    assert college.name("fr") == "Collège des médecins du Québec"
    assert register_of("nurse_practitioner", "on") == register_of("nurse", "on")
    assert register_of("counsellor", "on") is None


def test_the_queue_says_how_long_where_and_what_is_proved(client, cast):
    with time_machine.travel(clock.now() - timedelta(days=3)), transaction():
        claim(cast["member"], place="qc")
    with transaction():
        prove(claim(cast["social_worker"], "nurse"), "mailbox")
    cast["Ines Calder"].signs_in(client)
    page = client.get("/en/credentials").text
    assert page.index("Robin Tallgrass") < page.index("Sasha Field")
    assert "waiting for 3 days" in page
    assert "no proof yet" in page
    assert "proved" in page
    row = db.session.scalars(sa.select(Credential).where(Credential.jurisdiction == "qc")).one()
    closed = client.get(f"/fr/credentials/{row.id}").text
    assert "Ouvrir la déclaration" in closed
    assert "cmq.org" not in closed
    assert make.send(client, f"/fr/credentials/{row.id}/open", form="/en/menu").status_code == 303
    detail = client.get(f"/fr/credentials/{row.id}").text
    assert 'href="https://www.cmq.org/"' in detail
    assert "12345" not in detail


def test_whoever_opens_a_claim_stands_in_the_register_and_the_person_reads_it(client, cast):
    with transaction():
        key = claim(cast["member"]).id
    cast["Ines Calder"].signs_in(client)
    for _day in range(2):  # twice on one day is one line
        make.send(client, f"/en/credentials/{key}/open", form="/en/menu")
    assert "345" in client.get(f"/en/credentials/{key}").text
    cast["Otto Frame"].signs_in(client)
    assert "Open the claim" in client.get(f"/en/credentials/{key}").text
    cast["member"].signs_in(client)
    page = client.get("/en/privacy/looked").text
    assert page.count("Claim of a title looked at") == 1
    assert "Ines Calder" in page
    assert "Otto Frame" not in page
