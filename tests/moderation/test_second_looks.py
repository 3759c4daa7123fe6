"""Whom a decision concerns asks once that somebody else looks again; nobody judges what they decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from community.accounts.models import Duty
from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed
from community.moderation.models import Act, Appeal
from community.moderation.queries import decisions, second_looks
from community.moderation.services import appealing
from tests.make import forum as make
from tests.make import moderation as made


@pytest.fixture
def hidden(cast, lived, decide):
    """A message of "lived" that the moderator hid."""
    post = make.post(lived, cast["lived"])
    with transaction():
        matter = made.matter_of(post)
    return post, decide(cast["moderator"], matter, "hide")


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["physician"])


def ask(who, act, words="It was meant kindly."):
    with transaction():
        return appealing.appeal(who.viewer, decisions.act_seen(who.viewer, act.key), words)


def judge(who, act, verdict, answer="Looked at it again."):
    with transaction():
        found = decisions.act_seen(who.viewer, act.key)
        appealing.judge(who.viewer, found, decisions.matter_of(found), verdict, answer)


def test_an_appeal_that_is_upheld_takes_the_act_back(cast, hidden):
    post, act = hidden
    ask(cast["lived"], act)
    judge(cast["coordinator"], act, "upheld")
    assert post.state == "shown"
    assert not db.session.get_one(Act, act.key).stands
    assert db.session.get_one(Appeal, act.key).judged_by == cast["coordinator"].persona_id


def test_one_that_is_refused_changes_nothing(cast, hidden):
    post, act = hidden
    ask(cast["lived"], act)
    judge(cast["administrator"], act, "refused")
    assert post.state == "hidden"
    assert db.session.get_one(Act, act.key).stands


def test_a_second_look_counts_on_the_home_page_of_those_alone_who_may_give_it(cast, hidden, visit):
    _, act = hidden
    ask(cast["lived"], act)
    assert "1 thing to look at" in visit(cast["coordinator"]).get("/en/").text
    assert "thing to look at" not in visit(cast["moderator"]).get("/en/").text


def test_another_name_of_who_decided_is_offered_no_second_look(cast, topic, decide):
    """Nor would it be let through: what stands in the queue is what may be judged."""
    with transaction():
        matter = made.matter_of(make.post(topic, cast["member"]))
        for name in ("lived", "also_lived"):  # two names of one person
            duty = Duty(persona_id=cast[name].persona_id, duty="coordinator", given_on=clock.today())
            db.session.add(duty)
    act = decide(cast["lived"], matter, "warn")
    ask(cast["member"], act)
    assert second_looks.waiting(cast["also_lived"].viewer) == []
    assert second_looks.waiting_count(cast["also_lived"].viewer) == 0
    assert [line.appeal for line in second_looks.waiting(cast["administrator"].viewer)] == [act.key]


def test_where_nobody_else_answers_who_asks_and_those_who_can_mend_it_are_told(cast, lived, decide, visit):
    with transaction():
        matter = made.matter_of(make.post(lived, cast["lived"]))
        db.session.execute(delete(Duty).where(Duty.persona_id != cast["administrator"].persona_id))
    act = decide(cast["administrator"], matter, "hide")
    page = visit(cast["lived"])
    assert "there is nobody else" in page.get(f"/en/moderation/decisions/{act.key}").text
    sent = page.post(f"/en/moderation/decisions/{act.key}/appeal", {"words": "Look again, please."})
    assert sent.status_code == 303
    said = page.get(f"/fr/moderation/decisions/{act.key}").text
    assert "la personne qui a tranché est la seule" in said
    home = visit(cast["administrator"]).get("/en/").text
    assert "1 second look needs somebody else" in home
    assert "thing to look at" not in home
    assert "/en/duties" in visit(cast["administrator"]).get("/en/moderation").text
    with transaction():
        given = Duty(persona_id=cast["coordinator"].persona_id, duty="coordinator", given_on=clock.today())
        db.session.add(given)
    assert "needs somebody else" not in visit(cast["administrator"]).get("/en/").text
    assert [line.appeal for line in second_looks.waiting(cast["coordinator"].viewer)] == [act.key]
    assert "It waits" not in page.get(f"/en/moderation/decisions/{act.key}").text
    with transaction():  # suspended, the other has no duties
        theirs = made.matter_of(make.post(lived, cast["coordinator"]))
    decide(cast["administrator"], theirs, "suspend", days=1)
    assert second_looks.waiting(cast["coordinator"].viewer) == []
    assert "1 second look needs somebody else" in visit(cast["administrator"]).get("/en/").text


def test_whoever_decided_does_not_judge(cast, hidden):
    _, act = hidden
    ask(cast["lived"], act)
    assert second_looks.waiting(cast["moderator"].viewer) == []
    assert [line.appeal for line in second_looks.waiting(cast["coordinator"].viewer)] == [act.key]
    with pytest.raises(NotAllowed):
        judge(cast["moderator"], act, "upheld")


def test_whoever_asks_does_not_judge_even_with_a_duty(cast, decide):
    post = make.post(make.topic(make.space(), cast["member"]), cast["coordinator"])
    with transaction():
        matter = made.matter_of(post)
    act = decide(cast["administrator"], matter, "warn")
    ask(cast["coordinator"], act)
    with pytest.raises(NotAllowed):
        judge(cast["coordinator"], act, "upheld")


def test_it_is_asked_once_with_words_and_within_thirty_days(cast, hidden):
    _, act = hidden
    with pytest.raises(Invalid):
        ask(cast["lived"], act, " ")
    ask(cast["lived"], act)
    with pytest.raises(NotAllowed):
        ask(cast["lived"], act)
    with transaction():
        late = db.session.get_one(Act, act.key)
        late.at = clock.now() - timedelta(days=31)
        db.session.delete(db.session.get_one(Appeal, act.key))
    with pytest.raises(NotAllowed):
        ask(cast["lived"], act)


def test_the_page_asks_and_answers_in_both_languages(cast, hidden, visit):
    _, act = hidden
    lived, coordinator = visit(cast["lived"]), visit(cast["coordinator"])
    empty = lived.post(f"/fr/moderation/decisions/{act.key}/appeal", {"words": ""})
    assert empty.status_code == 422
    assert "Écrivez" in empty.get_data(as_text=True) or "vide" in empty.get_data(as_text=True)
    sent = lived.post(f"/en/moderation/decisions/{act.key}/appeal", {"words": "Look again, please."})
    assert sent.status_code == 303
    page = coordinator.get(f"/en/moderation/decisions/{act.key}").get_data(as_text=True)
    assert "Look again, please." in page
    done = coordinator.post(
        f"/en/moderation/decisions/{act.key}/judge", {"verdict": "upheld", "answer": "You are right."}
    )
    assert done.status_code == 303
    assert "You are right." in lived.get(f"/en/moderation/decisions/{act.key}").get_data(as_text=True)
