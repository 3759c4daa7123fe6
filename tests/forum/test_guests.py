"""Guests: one in a topic, some in a space until a day; and what inviting does not reveal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed
from community.forum.models import SpaceMember, TopicGuest
from community.forum.permissions import may_see_space, topics_seen_by
from community.forum.services import guests
from tests import cast as people
from tests.make import forum as make

SOON = timedelta(days=20)


@pytest.fixture
def clinical(app):
    return make.space("opioids")


@pytest.fixture
def lived(app):
    return make.space("lived-experience")


@pytest.fixture
def question(cast, clinical):
    return make.topic(clinical, cast["physician"], "A clinical question")


def invite(who, topic, name):
    with transaction():
        return guests.invite_into_topic(who.viewer, make.seen(who, topic), name)


def refusal(who, topic, name):
    with pytest.raises(Invalid) as refused:
        invite(who, topic, name)
    return str(refused.value.sentence)


def titles(who):
    return [topic.title for topic in db.session.scalars(topics_seen_by(who.viewer)).unique()]


# In a topic


def test_the_guest_sees_that_topic_and_nothing_else_of_its_space(cast, clinical, question):
    make.topic(clinical, cast["physician"], "Another one")
    invite(cast["physician"], question, "Robin Tallgrass")
    assert titles(cast["member"]) == ["A clinical question"]


def test_only_the_keeper_or_a_moderator_invites(cast, clinical, question):
    with transaction():
        other = people.persona("Wren Hollow", groups=["physician"])
        people.title(other, "physician")
    with pytest.raises(NotAllowed):
        invite(other, question, "Robin Tallgrass")


def test_there_is_one_guest_at_most_and_inviting_them_twice_is_harmless(cast, question):
    invite(cast["physician"], question, "Robin Tallgrass")
    invite(cast["physician"], question, "Robin Tallgrass")
    assert "already" in refusal(cast["physician"], question, "Perrine Vale")
    assert len(db.session.scalars(select(TopicGuest)).all()) == 1


def test_once_the_invitation_ended_the_topic_is_gone_and_what_was_written_stays(cast, question):
    invite(cast["physician"], question, "Robin Tallgrass")
    make.post(question, cast["member"])
    with transaction():
        guests.end_topic_invitation(cast["physician"].viewer, make.seen(cast["physician"], question))
    assert titles(cast["member"]) == []
    assert make.seen(cast["physician"], question).post_count == 2


def test_the_guest_may_leave(cast, question):
    invite(cast["physician"], question, "Robin Tallgrass")
    with transaction():
        guests.end_topic_invitation(cast["member"].viewer, make.seen(cast["member"], question))
    assert titles(cast["member"]) == []


def test_a_protected_name_the_inviter_never_read_answers_like_a_name_nobody_bears(cast, lived, question):
    make.topic(lived, cast["lived"])  # it writes where the physician may not read
    there = refusal(cast["physician"], question, "Quiet-Alder")
    assert there == refusal(cast["physician"], question, "Nobody-At-All")


def test_a_protected_name_that_wrote_where_the_inviter_reads_can_be_invited(cast, question):
    make.post(make.topic(make.space("meeting-place"), cast["policy"]), cast["lived"])
    assert invite(cast["physician"], question, "Quiet-Alder").id == cast["lived"].persona_id


def test_a_protected_name_whose_words_were_withdrawn_is_unknown_again(cast, question):
    make.post(make.topic(make.space("meeting-place"), cast["policy"]), cast["lived"], state="withdrawn")
    assert refusal(cast["physician"], question, "Quiet-Alder") == refusal(
        cast["physician"], question, "Nobody"
    )


@pytest.mark.parametrize("name", ["robin tallgrass", "Robin", "Robin  Tallgrass", "%"])
def test_the_name_must_be_written_as_it_is_shown(cast, question, name):
    assert refusal(cast["physician"], question, name)


def test_nobody_invites_themselves_and_no_former_member(cast, question):
    refusal(cast["physician"], question, "Noemie Larch")
    with transaction():
        db.session.get_one(people.Persona, cast["member"].persona_id).state = "former"
    refusal(cast["physician"], question, "Robin Tallgrass")


def test_the_page_keeps_what_was_typed_and_invites_once(cast, question, visit):
    browser = visit(cast["physician"])
    address = f"/en/topics/{question.key}/guest"
    failed = browser.post(address, {"name": "Nobody at all", "idem": "one"})
    assert failed.status_code == 422
    assert "Nobody at all" in failed.get_data(as_text=True)
    for _ in range(2):
        assert browser.post(address, {"name": "Robin Tallgrass", "idem": "two"}).status_code == 303
    assert "Robin Tallgrass" in browser.get(address).get_data(as_text=True)
    assert visit(cast["member"]).get(address).status_code == 403
    assert visit(cast["policy"]).get(address).status_code == 404


# In a space


def invite_into_space(who, space, name, until=None):
    with transaction():
        return guests.invite_into_space(who.viewer, space, name, until or clock.now() + SOON)


def test_a_space_of_lived_experience_invites_a_professional_until_a_day(cast, lived):
    assert not may_see_space(cast["physician"].viewer, lived)
    invite_into_space(cast["moderator"], lived, "Noemie Larch")
    assert may_see_space(cast["physician"].viewer, lived)


def test_a_guest_is_labelled_on_what_they_write(cast, lived, visit):
    invite_into_space(cast["moderator"], lived, "Noemie Larch")
    topic = make.topic(lived, cast["lived"])
    make.post(topic, cast["physician"])
    page = visit(cast["lived"]).get(f"/en/topics/{topic.key}").get_data(as_text=True)
    assert page.count("Invited by this space until") == 1
    with transaction():
        db.session.scalars(select(SpaceMember)).one().until = clock.now() - timedelta(days=1)
    page = visit(cast["lived"]).get(f"/en/topics/{topic.key}").get_data(as_text=True)
    assert page.count("Was a guest until") == 1


def test_past_the_day_the_space_is_closed_to_the_guest(cast, lived):
    invite_into_space(cast["moderator"], lived, "Noemie Larch")
    with transaction():
        db.session.scalars(select(SpaceMember)).one().until = clock.now() - timedelta(seconds=1)
    assert not may_see_space(cast["physician"].viewer, lived)


def test_a_keeper_of_the_space_invites_and_its_other_members_do_not(cast, lived):
    with pytest.raises(NotAllowed):
        invite_into_space(cast["lived"], lived, "Noemie Larch")
    with transaction():
        db.session.add(SpaceMember(space_id=lived.id, persona_id=cast["lived"].persona_id, standing="keeper"))
    invite_into_space(cast["lived"], lived, "Noemie Larch")
    assert may_see_space(cast["physician"].viewer, lived)


def test_a_guest_invites_nobody(cast, lived):
    invite_into_space(cast["moderator"], lived, "Noemie Larch")
    with pytest.raises(NotAllowed):
        invite_into_space(cast["physician"], lived, "Robin Tallgrass")


def test_an_administrator_lets_no_guest_into_a_space_they_do_not_see(cast, lived):
    with pytest.raises(NotAllowed):
        invite_into_space(cast["administrator"], lived, "Noemie Larch")


@pytest.mark.parametrize("days", [-1, 0, 200])
def test_the_day_is_between_tomorrow_and_six_months_from_now(cast, lived, days):
    with pytest.raises(Invalid) as refused:
        invite_into_space(cast["moderator"], lived, "Noemie Larch", clock.now() + timedelta(days=days))
    assert refused.value.field == "until"


def test_ending_an_invitation_closes_the_space_at_once(cast, lived, visit):
    invite_into_space(cast["moderator"], lived, "Noemie Larch")
    browser = visit(cast["moderator"])
    assert "Noemie Larch" in browser.get("/en/spaces/lived-experience/guests").get_data(as_text=True)
    answer = browser.post("/en/spaces/lived-experience/guests/end", {"persona": cast["physician"].persona_id})
    assert answer.status_code == 303
    assert not may_see_space(cast["physician"].viewer, lived)


def test_the_form_of_a_space_keeps_what_was_typed(cast, lived, visit):
    browser = visit(cast["moderator"])
    failed = browser.post("/fr/spaces/lived-experience/guests", {"name": "Noemie Larch", "until": "31/12"})
    assert failed.status_code == 422
    assert 'value="Noemie Larch"' in failed.get_data(as_text=True)
    until = (clock.today() + SOON).isoformat()
    assert (
        browser.post(
            "/fr/spaces/lived-experience/guests", {"name": "Noemie Larch", "until": until}
        ).status_code
        == 303
    )
    assert visit(cast["physician"]).get("/fr/spaces/lived-experience/guests").status_code == 403
    assert visit(cast["member"]).get("/fr/spaces/lived-experience/guests").status_code == 404
