"""What may identify a patient is out of sight before anybody has looked, wherever it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from community.accounts.privacy import looking
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import NotFound
from community.moderation import targets
from community.moderation.models import Matter
from community.moderation.queries import cases
from community.moderation.services import opening
from community.moderation.targets import Subject, Target
from tests.make import conversations as talks
from tests.make import forum as make

SAID = "Mrs. Testwoman of Pretendville, seen on Tuesday."


@pytest.fixture
def talk(cast):
    found = talks.between(cast["member"], cast["physician"], body=SAID)
    talks.says(cast["physician"], found, "Not so loud.")
    return found


def the_matter():
    return db.session.scalars(select(Matter)).one()


def seen(kind, viewer, key):
    found = targets.of(kind)
    assert found
    return found.seen(viewer, key)


def of_message(cast, talk):
    return seen("message", cast["physician"].viewer, talks.reads(cast["physician"], talk)[0].key)


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "It is hidden until"), ("fr", "Le contenu est masqué jusqu’à")]
)
def test_a_private_message_is_hidden_for_both_and_whoever_reported_it_is_told(cast, talk, visit, lang, told):
    key = of_message(cast, talk).key
    browser = visit(cast["physician"])
    sent = browser.post(f"/{lang}/report/message/{key}", {"reason": "patient", "words": "A name."})
    assert sent.status_code == 303
    assert told in browser.get(sent.location).get_data(as_text=True)
    for who in ("member", "physician"):
        assert talks.bodies(cast[who], talk) == ["Not so loud."]
    assert (the_matter().reason, cases.evidence_of(the_matter())) == ("patient", SAID)


def test_other_reasons_leave_it_where_it_is(cast, talk):
    with transaction():
        opening.report(cast["physician"].viewer, of_message(cast, talk), "harassment", "")
    assert len(talks.bodies(cast["member"], talk)) == 2
    with transaction():  # whoever looks again and sees more says so
        opening.report(cast["physician"].viewer, of_message(cast, talk), "patient", "")
    assert len(talks.bodies(cast["member"], talk)) == 1


def test_a_coordinator_shows_it_again(cast, talk, decide):
    with transaction():
        opening.report(cast["physician"].viewer, of_message(cast, talk), "patient", "")
    decide(cast["coordinator"], the_matter(), "restore", reason="patient", text="looked-fine")
    assert len(talks.bodies(cast["physician"], talk)) == 2


def test_whoever_reads_it_opens_it_first_and_stands_in_the_register(cast, talk, visit):
    with transaction():
        opening.report(cast["physician"].viewer, of_message(cast, talk), "harassment", "")
    key, thing = the_matter().key, the_matter().thing
    browser = visit(cast["coordinator"])
    page = f"/en/moderation/matters/{key}"
    for closed in ("/en/moderation", page):
        assert "Testwoman" not in browser.get(closed).get_data(as_text=True)
    assert browser.post(f"{page}/look").status_code == 303
    assert "Testwoman" in browser.get(page).get_data(as_text=True)
    assert "Testwoman" not in visit(cast["administrator"]).get(page).get_data(as_text=True)
    browser.post(f"{page}/look")
    read = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "moderation.read")).all()
    assert [(entry.actor_id, entry.target) for entry in read] == [(cast["coordinator"].persona_id, thing)]


def test_whom_a_decision_concerns_reads_it_under_who_looked_and_what_was_left_they_do_not(cast, talk, decide):
    """Nothing of it before: by that one would know who reported it. Then also who opened it: the one who
    looked need not be the one who decided (SECURITY section 2)."""
    read_and_warned = ["moderation.read", "moderation.warn"]
    for act, text, told in (("nothing", "", []), ("warn", "harassment-person", read_and_warned)):
        with transaction():
            opening.report(cast["physician"].viewer, of_message(cast, talk), "harassment", "")
        found = db.session.scalars(select(Matter).where(Matter.state == "open")).one()
        with transaction():
            opening.open_private(cast["coordinator"].viewer, found)
        decide(cast["coordinator"], found, act, reason="harassment", text=text)
        about = db.session.scalars(looking.acts_about(cast["member"].viewer)).all()
        assert [entry.act for entry in about] == told
        assert not db.session.scalars(looking.acts_about(cast["physician"].viewer)).all()


def test_so_is_a_message_of_a_topic(cast, lived, report):
    post = make.post(lived, cast["lived"], SAID)
    report(cast["moderator"], post, "patient")
    with pytest.raises(NotFound):
        seen("post", cast["also_lived"].viewer, post.key)


def test_so_is_everything_else_that_can_be_hidden_and_what_cannot_stays(cast, monkeypatch):
    """Upper domains bring their own kinds: what they say of hiding is all that is asked."""
    shown = Subject("note", "n" * 22, cast["member"].persona_id, SAID)
    state = {"now": shown}

    def hide(_key):
        state["now"] = replace(shown, state="hidden")

    can = Target("note", "Note", lambda *_: state["now"], lambda _: state["now"], lambda _: "/", hide=hide)
    for target, after in ((replace(can, hide=None), "shown"), (can, "hidden")):
        monkeypatch.setitem(targets._targets, "note", target)
        with transaction():
            opening.report(cast["physician"].viewer, shown, "patient", "")
        assert state["now"].state == after
