"""A question on its way: few at a time, to those who may, once, whatever runs twice or is late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed, NotFound
from community.core.jobs import Job, run_waiting_jobs
from community.forum.models import SpaceMember, Topic
from community.forum.queries.reading import needs_answer
from community.forum.services import reading, topics
from community.routing import jobs
from community.routing.course import STEPS
from community.routing.models import CanAnswer, Course, Laid, OnCall
from community.routing.queries import asking as queries
from community.routing.services import asking
from tests import cast as people
from tests.make import forum
from tests.make import routing as make


@pytest.fixture
def opioids(app):
    return forum.space("opioids")


@pytest.fixture
def square(app):
    return forum.space("public-square")


def ask(place, who, title="What first?", **more):
    topic = make.question(place, who, title, **more)
    run_waiting_jobs()
    return topic


def test_a_new_question_is_laid_before_three_of_those_who_fit(cast, opioids):
    fit = {make.clinician(f"Fit {n}", themes=("opioids",)).persona_id for n in range(5)}
    make.clinician("Other", themes=("youth",))
    make.clinician("Frenchwoman", themes=("opioids",), langs=("fr",))
    found = make.asked(ask(opioids, cast["physician"]))
    assert len(found) == 3
    assert set(found) <= fit
    assert set(found.values()) == {"fits"}


def test_the_next_few_follow_after_some_hours_and_none_once_somebody_answered(cast, opioids):
    everyone = [make.clinician(f"Fit {n}") for n in range(8)]
    topic = ask(opioids, cast["physician"])
    make.later(topic, hours=3)
    assert len(make.asked(topic)) == 3
    make.later(topic, hours=2)
    assert len(make.asked(topic)) == 6
    forum.post(topic, everyone[0])
    make.later(topic, hours=8)
    assert len(make.asked(topic)) == 6


def test_what_only_the_asker_wrote_leaves_it_unanswered(cast, opioids):
    for n in range(6):
        make.clinician(f"Fit {n}")
    topic = ask(opioids, cast["physician"])
    forum.post(topic, cast["physician"])
    make.later(topic, hours=5)
    assert len(make.asked(topic)) == 6


def test_nobody_is_asked_who_could_not_see_the_question(cast, opioids):
    for name in ("member", "claimed", "expired", "social_worker", "lived", "policy", "coordinator"):
        make.can_answer(cast[name], 20)
    assert make.asked(ask(opioids, cast["physician"])) == {}


def test_neither_the_asker_is_asked_nor_who_muted_the_space_or_pauses(cast, square):
    make.can_answer(cast["member"])
    make.can_answer(cast["policy"], paused=True)
    make.can_answer(cast["social_worker"], 0)
    make.can_answer(cast["physician"])
    with transaction():
        reading.follow_space(cast["physician"].viewer, square, "mute")
    assert make.asked(ask(square, cast["member"])) == {}


def test_in_a_protected_space_its_guests_are_not_asked(cast):
    lived = forum.space("lived-experience")
    make.can_answer(cast["moderator"])
    make.can_answer(cast["physician"])
    with transaction():
        until = clock.now() + timedelta(days=9)
        guest = cast["physician"].persona_id
        db.session.add(SpaceMember(space_id=lived.id, persona_id=guest, standing="guest", until=until))
    assert set(make.asked(ask(lived, cast["lived"]))) == {cast["moderator"].persona_id}


def test_two_names_of_one_person_are_chosen_apart(cast, square):
    """The choice does not know the member: the other name of whoever asks is a name like any other."""
    make.can_answer(cast["also_lived"])
    assert cast["also_lived"].persona_id in make.asked(ask(square, cast["lived"]))


def test_nobody_is_asked_more_in_a_week_than_they_gave(cast, square):
    make.can_answer(cast["policy"], 2)
    for n in range(4):
        ask(square, cast["member"], f"Question {n}")
    laid = db.session.scalars(select(Laid).where(Laid.persona_id == cast["policy"].persona_id)).all()
    assert len(laid) == 2
    with transaction():
        db.session.execute(update(Laid).values(laid_on=queries.today() - timedelta(days=7)))
    assert make.asked(ask(square, cast["member"], "A week later"))


def test_a_step_that_runs_twice_asks_nobody_twice_and_schedules_one_next_step(cast, opioids):
    for n in range(8):
        make.clinician(f"Fit {n}")
    topic = ask(opioids, cast["physician"])
    before = make.asked(topic)
    jobs.take_step(topic.id, 1)
    jobs.take_step(topic.id, 1)
    assert make.asked(topic) == before
    assert make.waiting_steps(topic) == 1


def test_the_same_step_chooses_the_same_people_when_its_first_run_was_killed(cast, opioids):
    for n in range(8):
        make.clinician(f"Fit {n}")
    topic = make.question(opioids, cast["physician"])
    asking.begin(topic.id)  # and the process ends before it commits
    db.session.rollback()
    assert make.asked(topic) == {}
    run_waiting_jobs()
    assert len(make.asked(topic)) == 3


def test_a_lost_step_is_taken_up_again_and_a_clock_that_jumps_does_no_harm(cast, opioids):
    for n in range(8):
        make.clinician(f"Fit {n}")
    topic = ask(opioids, cast["physician"])
    with transaction():
        db.session.execute(delete(Job).where(Job.name == "routing.take_step"))
        db.session.execute(update(Course).values(next_at=clock.ago(hours=2)))
    jobs.wake()
    jobs.wake()
    run_waiting_jobs()
    assert len(make.asked(topic)) == 6
    assert db.session.get_one(Course, topic.id).step == 2


def test_a_day_without_answer_brings_it_to_whoever_is_on_call_and_three_days_to_the_keepers(cast, opioids):
    first, called, elsewhere = (make.clinician(name, 1) for name in ("First", "Called", "Elsewhere"))
    with transaction():
        db.session.execute(delete(CanAnswer).where(CanAnswer.persona_id != first.persona_id))
    make.on_call(called)
    make.on_call(
        elsewhere, from_on=queries.today() + timedelta(days=3), until_on=queries.today() + timedelta(days=9)
    )
    make.on_call(cast["member"])  # who does not see the space
    with transaction():
        keeper = people.persona("Keeper", groups=["physician"])
        people.title(keeper, "physician")
        people.duty(keeper, "moderator", "opioids")
    topic = ask(opioids, cast["physician"])
    assert make.asked(topic) == {first.persona_id: "fits"}
    make.later(topic, hours=23)
    assert make.asked(topic) == {first.persona_id: "fits"}
    make.later(topic, hours=2)
    assert make.asked(topic) == {first.persona_id: "fits", called.persona_id: "on_call"}
    make.later(topic, hours=46)
    assert keeper.persona_id not in make.asked(topic)
    make.later(topic, hours=2)
    assert make.asked(topic).get(keeper.persona_id or "") == "keeper"
    assert make.waiting_steps(topic) == 0
    assert db.session.get_one(Course, topic.id).step == len(STEPS)


def test_who_is_only_proposed_is_not_on_call(cast, opioids):
    make.on_call(make.clinician("Proposed", 0), state="proposed")
    topic = ask(opioids, cast["physician"])
    make.later(topic, hours=25)
    assert make.asked(topic) == {}


def test_who_comes_on_call_after_a_day_is_asked_and_after_three_days_no_more(cast, opioids):
    gone = make.on_call(make.clinician("Yesterday", 0))
    topic = ask(opioids, cast["physician"])
    make.later(topic, hours=23)
    come = make.clinician("Today", 0)
    make.on_call(come)
    jobs.ask_who_came_on_call()
    assert make.asked(topic) == {}  # the day is not over
    with transaction() as session:
        session.execute(delete(OnCall).where(OnCall.persona_id == come.persona_id))
    make.later(topic, hours=2)
    assert set(make.asked(topic)) == {gone.persona_id}
    make.on_call(come)
    for _ in range(2):
        jobs.ask_who_came_on_call()
        run_waiting_jobs()
    assert make.asked(topic) == {gone.persona_id: "on_call", come.persona_id: "on_call"}
    make.later(topic, hours=48)
    late = make.clinician("Tomorrow", 0)
    make.on_call(late)
    jobs.ask_who_came_on_call()
    assert late.persona_id not in make.asked(topic)


def test_a_question_that_came_to_its_keepers_meanwhile_is_theirs(cast, opioids, monkeypatch):
    both = [ask(opioids, cast["physician"], title) for title in ("What first?", "Then what?")]
    for _ in both:
        make.later(both[0], hours=12.5)
    make.on_call(make.clinician("Today", 0))
    look = queries.topic_with_space

    def and_the_third_day_comes(topic_id):
        db.session.execute(update(Course).values(step=len(STEPS)))
        return look(topic_id)

    monkeypatch.setattr(queries, "topic_with_space", and_the_third_day_comes)
    jobs.ask_who_came_on_call()
    assert sorted(len(make.asked(topic)) for topic in both) == [0, 1]


def test_who_comes_on_call_hears_nothing_of_what_was_answered_or_may_not_be_seen(cast, opioids):
    answered, hidden = ask(opioids, cast["physician"]), ask(opioids, cast["physician"], "Then what?")
    for topic in (answered, hidden):
        make.later(topic, hours=25)
    forum.post(answered, cast["member"])
    with transaction() as session:
        session.get_one(Topic, hidden.id).state = "hidden"
    make.on_call(make.clinician("Today", 0))
    make.on_call(cast["member"])
    jobs.ask_who_came_on_call()
    assert make.asked(answered) == make.asked(hidden) == {}


def test_not_me_asks_the_next_person_once_and_needs_no_reason(cast, opioids):
    everyone = [make.clinician(f"Fit {n}") for n in range(5)]
    topic = ask(opioids, cast["physician"])
    passing = next(one for one in everyone if one.persona_id in make.asked(topic))
    with transaction():
        asking.pass_on(passing.viewer, topic.key)
    run_waiting_jobs()
    jobs.replace(topic.id, passing.persona_id)
    assert len(make.asked(topic)) == 4
    with pytest.raises(NotFound), transaction():
        asking.pass_on(passing.viewer, topic.key)
    make.later(topic, hours=5)
    assert db.session.get_one(Laid, (topic.id, passing.persona_id)).state == "replaced"


def test_only_whoever_was_asked_can_pass(cast, opioids):
    make.clinician("Fit")
    topic = ask(opioids, cast["physician"])
    for name in ("member", "physician"):
        with pytest.raises(NotFound), transaction():
            asking.pass_on(cast[name].viewer, topic.key)


def names(topic):
    with_space = queries.topic_with_space(topic.id)
    assert with_space is not None
    return {one.name for one in queries.names_to_ask(with_space)}


def test_asking_by_name_offers_those_alone_who_allow_it_and_could_read_the_question(cast, opioids):
    make.clinician("Allows", by_name=True)
    make.clinician("Does not")
    make.clinician("Pauses", by_name=True, paused=True)
    make.clinician("Took all", 0, by_name=True)
    make.can_answer(cast["member"], by_name=True)
    make.can_answer(cast["lived"], by_name=True)
    topic = make.question(opioids, cast["physician"])
    assert names(topic) == {"Allows"}


def test_a_protected_name_is_not_listed_outside_its_own_spaces(cast, square):
    make.can_answer(cast["lived"], by_name=True)
    make.can_answer(cast["policy"], by_name=True)
    assert names(make.question(square, cast["member"])) == {"Perrine Vale"}
    assert names(make.question(forum.space("lived-experience"), cast["moderator"])) == {"Quiet-Alder"}


def test_the_asker_lays_a_question_before_a_chosen_name_once_and_before_three_at_most(cast, opioids):
    chosen = [make.clinician(f"Fit {n}", by_name=True) for n in range(5)]
    other = make.clinician("Not by name")
    topic = make.question(opioids, cast["physician"])

    def choose(who, persona):
        with transaction():
            asking.ask_by_name(who.viewer, forum.seen(who, topic), persona.persona_id)

    with pytest.raises(NotAllowed):
        choose(other, chosen[0])
    with pytest.raises(Invalid):
        choose(cast["physician"], other)
    for who in [chosen[0], *chosen[:3]]:
        choose(cast["physician"], who)
    with pytest.raises(Invalid) as refused:
        choose(cast["physician"], chosen[3])
    assert "three people" in str(refused.value.sentence)
    assert list(make.asked(topic).values()) == ["by_name"] * 3


def test_choosing_a_name_tells_nothing_of_whether_it_was_asked_already(cast, opioids):
    everyone = [make.clinician(f"Fit {n}", 1, by_name=True) for n in range(6)]
    topic = ask(opioids, cast["physician"])
    assert names(topic) == {one.name for one in everyone}

    def told():
        found = queries.asked_about(forum.seen(cast["physician"], topic))
        return found.count, found.chosen

    had_it = next(one for one in everyone if one.persona_id in make.asked(topic))
    had_not = next(one for one in everyone if one.persona_id not in make.asked(topic))
    for number, who in enumerate((had_it, had_not), start=1):
        with transaction():
            asking.ask_by_name(
                cast["physician"].viewer, forum.seen(cast["physician"], topic), who.persona_id or ""
            )
        assert told() == (3, number)
        assert who.name not in names(topic)


def test_each_is_announced_once(cast, opioids):
    from community.routing.signals import question_offered

    heard = []
    from community.core import jobs as table

    table.job("tests.heard")(lambda **said: heard.append(said))
    question_offered.receivers.append(("tests.heard", lambda **said: None))
    try:
        who = make.clinician("Fit")
        make.on_call(who)
        topic = ask(opioids, cast["physician"])
        make.later(topic, hours=25)
    finally:
        question_offered.receivers.pop()
        table.KINDS.pop("tests.heard")
    assert [(said["persona_id"], said["why"]) for said in heard] == [
        (who.persona_id, "fits"),
        (who.persona_id, "on_call"),
    ]


def test_imported_questions_and_discussions_are_laid_before_nobody(cast, square):
    make.can_answer(cast["policy"])
    from community.forum.services.posts import Writing
    from community.forum.services.topics import Heading

    with transaction():
        topics.start(
            cast["member"].viewer, square, Heading("discussion", "Let us talk"), Writing("So.", "en")
        )
        topics.add(
            square,
            cast["member"].persona_id,
            Heading("question", "Old"),
            Writing("So.", "en"),
            imported_from="x:1",
        )
    run_waiting_jobs()
    assert not db.session.scalars(select(Course)).all()
    assert needs_answer() is not None


def test_what_a_name_could_answer_goes_with_it(cast, square):
    from community.routing.services.preferences import forget

    make.can_answer(cast["policy"], themes=("opioids", "alcohol"))
    make.on_call(cast["policy"])
    with transaction():
        forget(cast["policy"].persona_id)
    assert not db.session.scalars(select(CanAnswer)).all()
