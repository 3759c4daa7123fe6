"""The pages of conversations: what each of the two sees, in both languages; what nobody else finds."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from community.conversations.models import Conversation, Message
from community.conversations.services import moderating
from community.core.db import db, transaction
from community.live.rooms import rooms_seen
from community.moderation.models import Matter
from tests.make import conversations as make


@pytest.fixture
def talk(cast):
    """The physician wrote to the member."""
    return make.between(cast["physician"], cast["member"], subject="Of a Tuesday")


def found(pattern, page):
    matched = re.search(pattern, page)
    assert matched, pattern
    return matched[1]


def first_of(talk):
    rows = select(Message).where(Message.conversation_key == talk.key).order_by(Message.number)
    return db.session.scalars(rows).first()


def test_a_conversation_begins_on_the_page_of_a_name_and_is_answered(cast, visit):
    robin, noemie = visit(cast["member"]), visit(cast["physician"])
    address = f"/en/people/{cast['physician'].persona_id}"
    assert "Write to Noemie Larch" not in robin.get(address).text
    assert noemie.post("/en/who-may-write", {"who": "anybody"}).status_code == 303
    page = robin.get(address).text
    start = found(r'href="(/en/conversations/new\?to=[^"]+)"', page)
    assert "Noemie Larch" in robin.get(start).text
    sent = robin.post("/en/conversations/new", {"to": "Noemie Larch", "body": "**Hello.**"})
    assert sent.status_code == 303
    assert "<strong>Hello.</strong>" in robin.get(sent.location).text
    assert "1 à lire" in noemie.get("/fr/menu").text
    where = found(r'href="(/fr/conversations/[A-Za-z0-9]{22})"', noemie.get("/fr/conversations").text)
    answer = noemie.post(f"{where.replace('/fr/', '/en/')}/messages", {"body": "Hello to you."})
    assert "Hello to you." in robin.get(answer.location).text


def test_the_patient_guard_stands_before_private_messages_too(cast, visit, talk):
    browser, address = visit(cast["member"]), f"/en/conversations/{talk.key}/messages"
    form = {"body": "Her social insurance number is 046 454 286."}
    refused = browser.post(address, form)
    assert refused.status_code == 422
    assert len(make.bodies(cast["physician"], talk)) == 1
    kept = found(r'name="kept_identifier"[^>]*value="([^"]+)"', refused.text)
    assert browser.post(address, {**form, "kept_identifier": kept}).status_code == 303


def test_a_form_sent_twice_makes_one_message(cast, visit, talk):
    browser, form = visit(cast["member"]), {"body": "Once.", "idem": "k" * 22}
    first = browser.post(f"/en/conversations/{talk.key}/messages", form)
    assert browser.post(f"/en/conversations/{talk.key}/messages", form).location == first.location
    assert make.bodies(cast["physician"], talk).count("Once.") == 1


def test_a_refused_beginning_keeps_everything_that_was_typed(cast, visit):
    typed = {"to": "Nobody Atall", "subject": "A subject", "body": "Words that took a while."}
    page = visit(cast["member"]).post("/en/conversations/new", typed)
    assert page.status_code == 422
    for words in typed.values():
        assert words in page.text
    assert "takes no messages from you" in page.text
    assert not db.session.scalars(select(Conversation)).all()


def test_nobody_else_finds_it(cast, visit, talk):
    key = first_of(talk).key
    pages = (f"conversations/{talk.key}", f"conversations/{talk.key}/new-messages", f"messages/{key}/author")
    for name in ("administrator", "coordinator", "moderator"):
        browser = visit(cast[name])
        assert [browser.get(f"/en/{address}").status_code for address in pages] == [404, 404, 404]
        sent = browser.post(f"/en/conversations/{talk.key}/messages", {"body": "Me too."})
        assert sent.status_code == 404


def test_leaving_is_asked_for_sure_and_shown_to_the_other_by_its_day(cast, visit, talk):
    robin = visit(cast["member"])
    assert "Leave this conversation?" in robin.get(f"/en/conversations/{talk.key}/leave").text
    assert robin.post(f"/en/conversations/{talk.key}/leave").status_code == 303
    assert "Of a Tuesday" not in robin.get("/en/conversations").text
    assert "Of a Tuesday" in robin.get("/en/conversations?left=yes").text
    noemie = visit(cast["physician"])
    page = noemie.get(f"/fr/conversations/{talk.key}").text
    assert "a quitté le" in page
    assert "Plus personne ne lit cette conversation." in page
    late = noemie.post(f"/fr/conversations/{talk.key}/messages", {"body": "Trop tard ?"})
    assert late.status_code == 422
    assert "Trop tard ?" in late.text


def test_a_message_is_reported_by_those_in_it_with_a_sealed_copy(cast, visit, talk):
    key = first_of(talk).key
    robin, address = visit(cast["member"]), f"/en/report/message/{key}"
    assert address in robin.get(f"/en/conversations/{talk.key}").text
    assert make.WORDS in robin.get(address).text
    assert robin.post(address, {"reason": "harassment", "words": "Not so."}).status_code == 303
    matter = db.session.scalars(select(Matter)).one()
    assert (matter.kind, matter.thing, matter.author_id) == ("message", key, cast["physician"].persona_id)
    assert make.WORDS not in matter.evidence
    assert visit(cast["physician"]).get(address).status_code == 403  # one's own
    for who in ("administrator", "coordinator", "moderator"):
        assert visit(cast[who]).get(address).status_code == 404


def test_a_message_that_is_hidden_is_gone_for_both_until_it_is_shown_again(cast, talk):
    key = first_of(talk).key
    with transaction():
        moderating.hide(key)
    assert make.bodies(cast["member"], talk) == make.bodies(cast["physician"], talk) == []
    with transaction():
        moderating.show(key)
    assert make.bodies(cast["member"], talk) == [make.WORDS]


def test_a_name_is_blocked_beside_its_message_and_let_near_again(cast, visit, talk):
    robin = visit(cast["member"])
    address = f"/fr/messages/{first_of(talk).key}/author"
    assert "Bloquer ou mettre en sourdine" in robin.get(address).text
    assert robin.post(address, {"kind": "block"}).status_code == 303
    page = robin.get("/fr/kept-away").text
    assert "Noemie Larch" in page
    release = found(r'action="(/fr/kept-away/[^"]+)"', page)
    assert robin.post(release).status_code == 303
    assert "Noemie Larch" not in robin.get("/fr/kept-away").text


def test_an_open_page_hears_of_it_as_long_as_one_is_in_it(cast, visit, talk):
    room = f"conversation:{talk.key}"
    inside = {name for name, who in cast.items() if room in rooms_seen(who.viewer, {room})}
    assert inside == {"member", "physician"}
    browser = visit(cast["member"])
    piece = browser.get(f"/en/conversations/{talk.key}/new-messages?after=0").text
    assert make.WORDS in piece
    assert make.WORDS not in browser.get(f"/en/conversations/{talk.key}/new-messages?after=1").text
    browser.post(f"/en/conversations/{talk.key}/leave")
    assert room not in rooms_seen(cast["member"].viewer, {room})


def test_older_messages_are_a_page_away(cast, visit, talk):
    for number in range(55):
        make.says(cast["physician"], talk, f"Number {number}.")
    browser = visit(cast["member"])
    page = browser.get(f"/en/conversations/{talk.key}").text
    assert "Number 54." in page
    assert make.WORDS not in page
    before = found(r'href="(/en/conversations/[^"]+before=\d+)"', page)
    assert make.WORDS in browser.get(before).text
