"""What moderators do: with a reason, on record, told, undone; on names and texts, never on people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from community.accounts import audiences
from community.accounts.members import User
from community.accounts.models import Credential
from community.accounts.permissions import may_vouch
from community.core import audit, clock, jobs
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooOften
from community.forum.models import Report, Topic, TopicGuest
from community.forum.permissions import may_accept, may_close, may_invite
from community.forum.queries.topics import post_seen
from community.forum.services import posts, reports, topics
from community.moderation.models import Act, Matter
from community.moderation.queries import cases, decisions, matters
from community.moderation.services import acting, looking
from community.notifications.models import Notice
from community.notifications.services.decisions import tell_of_decision
from tests import cast as people
from tests.make import forum as make
from tests.make import moderation as made


@pytest.fixture
def post(cast, lived):
    return make.post(lived, cast["lived"])


@pytest.fixture
def matter(cast, post, report):
    report(cast["moderator"], post, "harassment")
    return db.session.scalars(select(Matter)).one()


def undo(who, act):
    with transaction():
        acting.undo(who.viewer, act, decisions.matter_of(act))


def test_hiding_takes_it_out_of_sight_is_on_record_and_can_be_undone(cast, post, matter, decide):
    act = decide(cast["moderator"], matter, "hide", reason="harassment", text="harassment-person")
    assert post.state == "hidden"
    assert (matter.state, act.persona_id) == ("done", cast["lived"].persona_id)
    assert db.session.scalars(select(Report.state)).all() == ["upheld"]
    with pytest.raises(NotFound):
        post_seen(cast["lived"].viewer, post.key)
    undo(cast["moderator"], act)
    assert post.state == "shown"
    acts = db.session.scalars(select(audit.AuditEntry.act).order_by(audit.AuditEntry.number)).all()
    assert acts == ["moderation.hide", "moderation.undone"]
    assert audit.first_break() is None


def test_nothing_to_do_is_told_to_nobody(cast, post, matter, decide):
    act = decide(cast["moderator"], matter, "nothing", text="")
    assert act.persona_id is None
    assert post.state == "shown"
    assert db.session.scalars(select(Report.state)).all() == ["dismissed"]


def test_whom_it_concerns_is_told_without_who_decided_or_reported(cast, matter, decide):
    act = decide(cast["moderator"], matter, "warn", words="Think of who reads it.")
    with transaction():
        tell_of_decision(act.key)
        tell_of_decision(act.key)
    notice = db.session.scalars(select(Notice).where(Notice.kind == "moderation")).one()
    assert (notice.persona_id, notice.about) == (cast["lived"].persona_id, act.key)
    assert notice.topic_id is None


def test_the_page_of_a_decision_says_why_and_names_nobody(cast, matter, decide, visit):
    act = decide(cast["moderator"], matter, "warn", words="Think of who reads it.")
    page = visit(cast["lived"]).get(f"/en/moderation/decisions/{act.key}").get_data(as_text=True)
    assert "Think of who reads it." in page
    assert "This belongs elsewhere." in page
    assert "Far-Lake" not in page
    french = visit(cast["lived"]).get(f"/fr/moderation/decisions/{act.key}").get_data(as_text=True)
    assert "Ceci a sa place ailleurs." in french


def test_closing_a_topic_and_opening_it_again(cast, lived, matter, decide):
    act = decide(cast["moderator"], matter, "lock")
    assert db.session.get_one(Topic, lived.id).state == "closed"
    undo(cast["moderator"], act)
    assert db.session.get_one(Topic, lived.id).state == "open"


def test_a_slow_topic_takes_one_message_of_a_name_every_so_many_minutes(cast, lived, matter, decide):
    decide(cast["moderator"], matter, "slow", minutes=30)
    make.post(lived, cast["lived"], when=clock.now() - timedelta(minutes=5))
    again = make.post(lived, cast["lived"])
    with pytest.raises(TooOften):
        looking.look_at(again.id, keep_pace=True)
    looking.look_at(make.post(lived, cast["moderator"]).id, keep_pace=True)


def test_a_silenced_name_stores_nothing_until_its_day_and_reads_on(cast, lived, matter, decide):
    act = decide(cast["moderator"], matter, "silence", days=3)
    who = cast["lived"]
    with pytest.raises(NotAllowed):
        posts.reply(who.viewer, make.seen(who, lived), make.writing("Calm words."))
    assert make.seen(who, lived).id == lived.id
    with transaction():
        db.session.get_one(Act, act.key).until = clock.now() - timedelta(minutes=1)
    with transaction():
        posts.reply(who.viewer, make.seen(who, lived), make.writing("Calm words."))


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "26 November 2126, 2:05 p.m."), ("fr", "26 novembre 2126, 14\u00a0h\u00a005")]
)
def test_whoever_is_silenced_is_told_the_day_and_the_hour(cast, lived, matter, decide, visit, lang, said):
    act = decide(cast["moderator"], matter, "silence", days=3)
    with transaction():
        db.session.get_one(Act, act.key).until = datetime(2126, 11, 26, 19, 5, tzinfo=UTC)
    browser = visit(cast["lived"])
    for address in (f"/{lang}/topics/{lived.key}", f"/{lang}/moderation/decisions/{act.key}"):
        assert said in browser.get(address).get_data(as_text=True)
    with transaction():  # suspended with the forms of a page open
        db.session.get_one(Act, act.key).act = "suspend"
    square = make.topic(make.space(), cast["physician"])
    other, own = make.first_post(square), make.post(square, cast["lived"])
    for address in (f"topics/{square.key}/replies", f"posts/{other.key}/react", f"posts/{own.key}/edit"):
        sent = {"body": "Calm words.", "lang": lang, "add": "helpful", "version": "1"}
        answer = browser.post(f"/{lang}/{address}", sent)
        assert (address, answer.status_code, answer.text.count(said)) == (address, 403, 1)


def test_a_suspended_name_reads_what_everyone_reads_and_has_no_duties(cast, lived, matter, decide):
    elsewhere = make.topic(make.space("opioids"), cast["physician"])
    with transaction():
        by = cast["physician"].persona_id
        db.session.add(TopicGuest(topic_id=elsewhere.id, persona_id=cast["lived"].persona_id, invited_by=by))
    assert make.seen(cast["lived"], elsewhere).id == elsewhere.id
    decide(cast["moderator"], matter, "suspend", days=7)
    assert cast["lived"].viewer.audiences == {audiences.EVERYONE, audiences.SUSPENDED}
    for hidden in (lived, elsewhere):  # an invitation into one topic waits, too
        with pytest.raises(NotFound):
            make.seen(cast["lived"], hidden)
    square = make.post(make.topic(make.space(), cast["physician"]), cast["physician"])
    with transaction():  # what it reports is looked at, and stays until then
        reports.report(cast["lived"].viewer, make.seen(cast["lived"], square), "patient")
    assert square.state == "shown"
    # The other name of the same person is not touched: limits are on names.
    assert audiences.MEMBER in cast["also_lived"].viewer.audiences


def test_a_suspended_name_takes_its_words_back_and_keeps_no_topic_of_its_own(cast, decide):
    """Else it closed what others write in, kept answers under its name, and called others in by name."""
    topic = make.topic(make.space(), cast["claimed"], kind="question")
    answer = make.post(topic, cast["physician"], "Perhaps so.")
    who = cast["claimed"]

    def may_keep(viewer, _topic):
        return may_accept(viewer, make.seen(who, answer))

    rules = (may_close, may_invite, may_keep)
    assert all(rule(who.viewer, topic) for rule in rules)
    with transaction():
        matter = made.matter_of(make.first_post(topic))
    decide(cast["coordinator"], matter, "suspend", days=7)
    assert not any(rule(who.viewer, topic) for rule in rules)
    with transaction():
        first = make.seen(who, make.first_post(topic))
        topics.withdraw(who.viewer, make.seen(who, topic), first)
    assert first.state == "withdrawn"


def test_nor_does_it_answer_for_a_learner_while_it_is_suspended(cast, decide):
    title = db.session.scalars(
        select(Credential).where(Credential.persona_id == cast["physician"].persona_id)
    ).first()
    assert title is not None
    assert may_vouch(cast["physician"].viewer, title)
    with transaction():
        matter = made.matter_of(make.post(make.topic(make.space(), cast["member"]), cast["physician"]))
    decide(cast["coordinator"], matter, "suspend", days=7)
    assert not may_vouch(cast["physician"].viewer, title)


def test_taking_a_suspension_back_gives_everything_back(cast, lived, matter, decide):
    act = decide(cast["moderator"], matter, "suspend", days=7)
    undo(cast["moderator"], act)
    assert make.seen(cast["lived"], lived).id == lived.id


def test_a_topic_is_moved_only_where_no_more_people_read(cast, report, decide):
    square, policy = make.space("public-square"), make.space("policy")
    topic = make.topic(square, cast["member"])
    report(cast["physician"], make.first_post(topic))
    matter = db.session.scalars(select(Matter)).one()
    act = decide(cast["coordinator"], matter, "move", space="policy")
    assert db.session.get_one(Topic, topic.id).space_id == policy.id
    undo(cast["coordinator"], act)
    assert db.session.get_one(Topic, topic.id).space_id == square.id


def test_words_are_never_carried_to_more_eyes(cast, report, decide):
    make.space("public-square")
    report(cast["physician"], make.first_post(make.topic(make.space("opioids"), cast["physician"])))
    matter = db.session.scalars(select(Matter)).one()
    assert matters.destinations(cast["coordinator"].viewer, matter) == []
    with pytest.raises(Invalid):
        decide(cast["coordinator"], matter, "move", space="public-square")


def test_nobody_decides_about_themselves(cast, lived, report, decide):
    report(cast["lived"], make.post(lived, cast["moderator"]), "harassment")
    matter = db.session.scalars(select(Matter)).one()
    with pytest.raises(NotAllowed):
        decide(cast["moderator"], matter, "nothing")


def test_nor_about_another_name_of_their_own_nor_judges_it(cast, lived, report, decide):
    """Whoever moderates may write under several names: that they are one person is asked of the vault."""
    with transaction():
        owner = db.session.get_one(User, str(cast["moderator"].member_id))
        groups = ["lived_experience"]
        other = people.persona("Calm-Stone", kind="protected", groups=groups, owner=owner, slot=3)
    report(cast["lived"], make.post(lived, other), "harassment")
    matter = db.session.scalars(select(Matter)).one()
    with pytest.raises(NotAllowed):
        decide(cast["moderator"], matter, "nothing")
    act = decide(cast["coordinator"], matter, "hide")
    with pytest.raises(NotAllowed):
        undo(cast["moderator"], act)
    assert not decisions.decision_of(cast["moderator"].viewer, act).may_undo


def test_of_two_who_decide_the_second_is_told(cast, matter, decide):
    decide(cast["moderator"], matter, "warn")
    with pytest.raises(Conflict):
        decide(cast["coordinator"], matter, "hide")


def test_an_act_needs_a_reason_that_is_told(cast, matter, decide):
    for wrong in ({"text": ""}, {"text": "none-such"}, {"reason": "dislike"}):
        with pytest.raises(Invalid):
            decide(cast["moderator"], matter, "hide", **wrong)
    with pytest.raises(Invalid):
        decide(cast["moderator"], matter, "silence", days=5)


def test_what_is_announced_carries_the_act_and_no_person(cast, matter, decide):
    act = decide(cast["moderator"], matter, "hide")
    told = db.session.scalars(select(jobs.Job).where(jobs.Job.name.contains("tell_of_decision"))).one()
    assert told.arguments == {"act_key": act.key}


def test_like_cases_are_shown_beside(cast, lived, matter, decide, report):
    decide(cast["moderator"], matter, "warn", reason="harassment")
    other = make.post(lived, cast["lived"], "Another.")
    report(cast["moderator"], other, "harassment")
    found = matters.open_matter_of("post", other.key)
    assert found is not None
    case = cases.case_of(found)
    assert [one.act.act for one in case.similar] == ["warn"]
    assert case.earlier == 1
    assert db.session.scalars(select(Act)).one().by_id == cast["moderator"].persona_id


def test_the_register_says_the_reason_in_the_words_of_its_reader(cast, matter, decide, visit):
    decide(cast["moderator"], matter, "warn", reason="harassment", words="Think of who reads it.")
    french = visit(cast["administrator"]).get("/fr/register").get_data(as_text=True)
    assert "Harcèlement ou mépris envers des personnes" in french
    assert ">harassment<" not in french
    assert "Harassment, or contempt for people" in visit(cast["administrator"]).get("/en/register").text
