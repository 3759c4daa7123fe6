"""Two who moderate at the same moment, three who report at the same moment."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import CommunityError
from community.forum import checks
from community.forum.models import Post, Topic
from community.forum.queries.topics import post_seen
from community.forum.services import reports
from community.moderation import things
from community.moderation.models import Act, Appeal, Matter
from community.moderation.queries import cases, decisions, matters
from community.moderation.services import acting, appealing, opening
from community.moderation.services.acts import Ruling
from tests import cast as people
from tests.at_once import stored_at_once
from tests.make import accounts
from tests.make import forum as make
from tests.make import moderation as made


@pytest.fixture(autouse=True)
def texts():
    """This community has no templates."""


@pytest.fixture(scope="module")
def apart(tmp_path_factory, worker_id):
    """A community of its own: threads see only what was really stored."""
    folder = tmp_path_factory.mktemp("moderating")
    with accounts.own_app(folder, f"passerelle_moderating_{worker_id}") as app:
        with transaction():
            cast = people.assemble()
        yield app, cast


@pytest.fixture
def together(apart):
    """``together([viewers], act)``: each in a thread of its own; what each got, or the refusal's class."""
    app, cast = apart

    def run(names, act):
        viewers = [cast[name].viewer for name in names]
        got = stored_at_once(app, [partial(act, viewer) for viewer in viewers])
        db.session.remove()
        return sorted(map(_told, got))

    with app.app_context():
        yield run
        db.session.remove()


def _told(got):
    if isinstance(got, CommunityError):
        return type(got).__name__
    return repr(got) if isinstance(got, Exception) else "done"


@pytest.fixture
def topic(apart, together):
    """A topic of the public square with a reply."""
    cast = apart[1]
    found = make.topic(make.space(), cast["member"], "A topic")
    make.post(found, cast["lived"], "A reply.")
    return found.key, found.title


def of_topic(key, number):
    rows = select(Post).join(Post.topic).where(Topic.key == key, Post.number == number)
    return db.session.scalars(rows).one()


def decided(who, post, act, **more):
    with transaction():
        matter = made.matter_of(post)
        return acting.decide(
            who.viewer, matter, Ruling(act=act, reason="other", words="A reason.", **more)
        ).key


def undo(key):
    def do(viewer):
        act = decisions.act_seen(viewer, key)
        acting.undo(viewer, act, decisions.matter_of(act))

    return do


def whole():
    return [*checks.numbers(), *checks.counters(), *checks.revisions(), *checks.first_posts()]


def test_two_who_take_a_merge_back_make_one_topic(apart, together, topic):
    cast = apart[1]
    key, title = topic
    into = make.topic(make.space(), cast["physician"], "Another").key
    act = decided(cast["coordinator"], of_topic(key, 1), "merge", into=into)
    assert together(["coordinator", "administrator"] * 2, undo(act)) == ["done"] * 4
    assert db.session.scalars(select(Topic.title).where(Topic.key == key)).all() == [title]
    assert whole() == []


def test_two_who_take_a_split_back_put_it_back_once(apart, together, topic):
    act = decided(apart[1]["coordinator"], of_topic(topic[0], 2), "split", title="Elsewhere")
    assert together(["coordinator", "administrator"] * 2, undo(act)) == ["done"] * 4
    assert of_topic(topic[0], 2).body == "A reply."
    assert whole() == []


def test_of_those_who_decide_one_is_first(apart, together, topic):
    with transaction():
        key = made.matter_of(of_topic(topic[0], 2)).key

    def hide(viewer):
        found = matters.matter_seen(viewer, key)
        acting.decide(viewer, found, Ruling(act="hide", reason="other", words="A reason."))

    assert together(["coordinator", "administrator"] * 2, hide) == ["Conflict"] * 3 + ["done"]
    assert len(db.session.scalars(select(Act).where(Act.matter_key == key)).all()) == 1


def test_of_those_who_act_on_what_nobody_reported_one_is_first(apart, together, topic):
    post = of_topic(topic[0], 2).key
    read = cases.mark_of(things.post_as_seen(apart[1]["coordinator"].viewer, post))

    def warn(viewer):
        found = opening.of_own_accord(things.post_as_seen(viewer, post))
        acting.decide(viewer, found, Ruling(act="warn", reason="other", words="A reason.", read=read))

    assert together(["coordinator", "administrator"] * 2, warn) == ["Invalid"] * 3 + ["done"]
    about = select(Act).join(Matter, Matter.key == Act.matter_key).where(Matter.thing == post)
    assert len(db.session.scalars(about).all()) == 1


def test_taken_back_while_the_second_look_is_given_it_is_done_once(apart, together, topic):
    """Whoever comes second to an act that stands no more is told, whichever of the two it is."""
    cast = apart[1]
    key = decided(cast["coordinator"], of_topic(topic[0], 2), "hide")
    with transaction():
        appealing.appeal(cast["lived"].viewer, decisions.act_seen(cast["lived"].viewer, key), "Look again.")

    def judge_or_undo(viewer):
        act = decisions.act_seen(viewer, key)
        if viewer.persona_id == cast["coordinator"].persona_id:
            acting.undo(viewer, act, decisions.matter_of(act))
        else:
            appealing.judge(viewer, act, decisions.matter_of(act), "upheld", "You were right.")

    got = together(["coordinator", "administrator"], judge_or_undo)
    assert got in (["done"] * 2, ["Answered", "done"])
    appeal = db.session.get_one(Appeal, key)
    assert (appeal.state, bool(appeal.answer)) == ("upheld", got == ["done"] * 2)
    assert not db.session.get_one(Act, key).stands
    undone = (AuditEntry.act == "moderation.undone", AuditEntry.target == of_topic(topic[0], 2).key)
    assert len(db.session.scalars(select(AuditEntry).where(*undone)).all()) == 1


def test_a_second_look_asked_for_twice_at_once_is_asked_once(apart, together, topic):
    key = decided(apart[1]["coordinator"], of_topic(topic[0], 2), "hide")

    def ask(viewer):
        appealing.appeal(viewer, decisions.act_seen(viewer, key), "Look again.")

    assert together(["lived"] * 3, ask) == ["NotAllowed"] * 2 + ["done"]


def test_of_those_who_answer_it_one_is_first(apart, together, topic):
    cast = apart[1]
    with transaction():
        matter = made.matter_of(of_topic(topic[0], 2))
        key = made.act_in(matter, by=cast["moderator"].persona_id).key
        db.session.add(Appeal(act_key=key, words="Look again.", at=matter.opened_at))

    def judge(viewer):
        act = decisions.act_seen(viewer, key)
        verdict = "upheld" if viewer.persona_id == cast["coordinator"].persona_id else "refused"
        appealing.judge(viewer, act, decisions.matter_of(act), verdict, f"It is {verdict}.")

    assert together(["coordinator", "administrator"] * 2, judge) == ["Answered"] * 3 + ["done"]
    appeal = db.session.get_one(Appeal, key)
    assert appeal.answer == f"It is {appeal.state}."
    assert db.session.get_one(Act, key).stands == (appeal.state == "refused")


def test_three_who_report_at_the_same_moment_are_three(apart, together, topic):
    post = of_topic(topic[0], 2).key

    def report(viewer):
        reports.report(viewer, post_seen(viewer, post), "harassment")

    assert together(["member", "physician", "also_lived"], report) == ["done"] * 3
    assert db.session.scalar(select(Post.state).where(Post.key == post)) == "hidden"
    found = select(Matter.reports).where(Matter.thing == post, Matter.state == "open")
    assert db.session.scalars(found).all() == [3]
