"""Two who decide at the same moment, one who sends twice; and the list that administrators keep."""

from __future__ import annotations

import re
from functools import partial

import pytest
import sqlalchemy as sa

from community.accounts.models import Credential, CredentialDecision
from community.accounts.services import credentials, credentials_learners, institutions
from community.accounts.services.credentials_steps import prove
from community.accounts.titles import Institution
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.core.jobs import Job
from tests import cast as people
from tests.at_once import stored_at_once
from tests.make import accounts as make
from tests.make.titles import READ, a_few, claim, decide


@pytest.fixture
def cast(app):
    return a_few()


# At the same moment


@pytest.fixture(scope="module")
def apart(tmp_path_factory, worker_id):
    """A community of its own, in which two coordinate: threads see only what was really stored."""
    folder = tmp_path_factory.mktemp("verifying")
    with make.own_app(folder, f"passerelle_verifying_{worker_id}") as app:
        with transaction():
            found = [people.persona(name) for name in ("Ada Ash", "Bo Bay", "Cy Coe")]
            for coordinator in found[1:]:
                people.duty(coordinator, "coordinator")
        yield app, found


@pytest.fixture
def two_at_once(apart, request):
    """A claim, and a way to have two coordinators decide on it at the same moment."""
    app, (someone, *coordinators) = apart
    with app.app_context():
        with transaction():
            row = claim(someone, place=request.param)
            prove(row, "mailbox")
            key = row.id
        yield key, lambda who, decisions: _at_once(app, key, coordinators, who, decisions)
        db.session.remove()


def _at_once(app, key, coordinators, who, decisions):
    def decide(number):
        row = db.session.get_one(Credential, key)
        credentials.decide(coordinators[who[number]].viewer, row, decisions[number], READ)

    got = stored_at_once(app, [partial(decide, number) for number in (0, 1)])
    outcomes = [type(one).__name__ if isinstance(one, Exception) else "done" for one in got]
    db.session.rollback()
    db.session.expire_all()
    return sorted(outcomes), db.session.get_one(Credential, key).state


def steps(key):
    found = sa.select(CredentialDecision).where(CredentialDecision.credential_id == key)
    return [(step.number, step.decision) for step in db.session.scalars(found.order_by("number"))]


@pytest.mark.parametrize("two_at_once", ["on"], indirect=True)
def test_two_who_verify_at_once_count_as_two(two_at_once):
    key, at_once = two_at_once
    assert at_once((0, 1), ("verified", "verified")) == (["done", "done"], "verified")
    assert steps(key) == [(1, "claimed"), (2, "pending"), (3, "verified")]


@pytest.mark.parametrize("two_at_once", ["qc"], indirect=True)
def test_one_who_verifies_twice_at_once_counts_as_one(two_at_once):
    key, at_once = two_at_once
    assert at_once((0, 0), ("verified", "verified")) == (["NotAllowed", "done"], "pending")
    assert steps(key) == [(1, "claimed"), (2, "pending")]


@pytest.mark.parametrize("two_at_once", ["nb"], indirect=True)
def test_two_who_refuse_at_once_refuse_once(two_at_once):
    key, at_once = two_at_once
    assert at_once((0, 1), ("refused", "refused")) == (["Conflict", "done"], "refused")
    assert steps(key) == [(1, "claimed"), (2, "refused")]


def test_a_form_sent_twice_decides_once(client, cast):
    with transaction():
        row = claim(cast["member"])
        prove(row, "mailbox")
        key = row.id
    cast["Ines Calder"].signs_in(client)
    make.send(client, f"/en/credentials/{key}/open", form="/en/menu")
    page = client.get(f"/en/credentials/{key}")
    idem = re.search(r'name="idem" type="hidden" value="([^"]+)"|name="idem" value="([^"]+)"', page.text)
    assert idem
    sent = {
        "csrf_token": make.csrf(page),
        "idem": idem[1] or idem[2],
        "decision": "verified",
        "because": "register",
        "reason": READ,
    }
    for _click in range(2):
        assert client.post(f"/en/credentials/{key}", data=sent).location == "/en/credentials"
    assert steps(key) == [(1, "claimed"), (2, "pending")]


def test_who_decides_a_moment_later_gets_their_reason_back(client, cast):
    with transaction():
        row = claim(cast["member"])
        prove(row, "mailbox")
        key = row.id
    cast["Ines Calder"].signs_in(client)
    make.send(client, f"/en/credentials/{key}/open", form="/en/menu")
    token = make.csrf(client.get(f"/en/credentials/{key}"))
    decide(cast["coordinator"], db.session.get_one(Credential, key), "refused", "not_found")
    sent = {
        "csrf_token": token,
        "decision": "verified",
        "because": "register",
        "reason": "What I read there.",
    }
    late = client.post(f"/en/credentials/{key}", data=sent)
    assert (late.status_code, "What I read there." in late.text) == (409, True), late.text
    assert steps(key) == [(1, "claimed"), (2, "refused")]


def test_a_conflict_is_said_and_nothing_is_lost(cast):
    row = claim(cast["member"])
    with pytest.raises(Conflict):
        claim(cast["member"])
    with pytest.raises(Conflict):
        credentials_learners.answer(cast["physician"].viewer, row, "accept")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job).where(Job.state == "dead")) == 0


# Institutions


SHOWS_NOTHING = (
    *(("domain", "gmail.com"), ("domain", "qc.ca"), ("domain", "nothing"), ("domain", "a b.example")),
    *(("issuer", "http://id.example"), ("issuer", "javascript:x"), ("wizard", "a.example")),
)


def test_what_shows_nothing_is_not_listed(cast):
    for kind, value in SHOWS_NOTHING:
        with pytest.raises(Invalid):
            institutions.add(cast["administrator"].viewer, kind, value, "A name")


def test_administrators_keep_the_list_and_it_is_in_the_register(client, cast):
    with pytest.raises(NotAllowed):
        institutions.add(cast["coordinator"].viewer, "domain", "clinic.example", "A clinic")
    cast["administrator"].signs_in(client)
    make.send(client, "/en/institutions", kind="domain", value="@Clinic.example", name="A clinic")
    assert db.session.get(Institution, "clinic.example") is not None
    make.send(client, "/en/institutions/remove", form="/en/institutions", value="clinic.example")
    assert db.session.get(Institution, "clinic.example") is None
    acts = db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.number)).all()
    assert acts == ["institution.added", "institution.removed"]


def test_a_new_instance_starts_with_a_list_and_what_is_taken_out_stays_out(cast):
    db.session.execute(sa.delete(Institution))
    assert institutions.begin() > 0
    institutions.remove(cast["administrator"].viewer, "ontario.ca")
    assert institutions.begin() == 0
    assert db.session.get(Institution, "ontario.ca") is None
