"""Each rule is a predicate and a query; for the whole cast and a world of every kind they agree."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.accounts import permissions as trust
from community.accounts.models import Credential
from community.core import clock
from community.core.db import db, transaction
from community.directory import permissions as kept
from community.directory.models import (
    Correction,
    Group,
    GroupMeeting,
    GroupMinutes,
    JointWork,
    Keeper,
    OrganizationLink,
    Training,
    Unmet,
)
from community.directory.models.arrangements import Arrangement
from community.directory.models.referrals import Referral
from community.directory.permissions import arrangements as between
from community.directory.permissions import referrals as lists
from community.directory.permissions import together as shared
from community.directory.permissions import unmet as gaps
from community.forum import permissions as rules
from community.forum.models import Post, Space, Topic, TopicGuest
from community.notifications import permissions as told
from community.notifications.models import Notice
from tests import cast as people
from tests.make import arrangements, directory, referrals, together
from tests.make import world as worlds
from tests.rules.place import undone


@pytest.fixture(scope="module")
def world(built_app):
    """One for all of them: nobody changes anything in it."""
    with built_app.app_context(), undone(built_app):
        yield worlds.build(people.assemble())


def guest_topics(viewer):
    rows = select(TopicGuest.topic_id).where(TopicGuest.persona_id == (viewer.persona_id or ""))
    return set(db.session.scalars(rows))


@pytest.mark.parametrize("name", people.NAMES)
def test_spaces_seen_one_by_one_and_by_query_are_the_same(world, name):
    viewer = world.cast[name].viewer
    seen = {space.id for space in db.session.scalars(rules.spaces_seen_by(viewer))}
    every = db.session.scalars(select(Space).options(selectinload(Space.audiences))).all()
    assert seen == {space.id for space in every if rules.may_see_space(viewer, space)}


@pytest.mark.parametrize("name", people.NAMES)
def test_spaces_open_to_somebody_are_those_they_may_post_in(world, name):
    viewer = world.cast[name].viewer
    found = {space.id for space in db.session.scalars(rules.spaces_open_to(viewer))}
    every = db.session.scalars(select(Space).options(selectinload(Space.audiences))).all()
    assert found == {space.id for space in every if rules.may_post_in(viewer, space)}


@pytest.mark.parametrize("name", people.NAMES)
def test_topics_seen_one_by_one_and_by_query_are_the_same(world, name):
    viewer = world.cast[name].viewer
    invited = guest_topics(viewer)
    seen = {topic.id for topic in db.session.scalars(rules.topics_seen_by(viewer)).unique()}
    every = db.session.scalars(
        select(Topic).options(joinedload(Topic.space).selectinload(Space.audiences))
    ).all()
    expected = {t.id for t in every if rules.may_see_topic(viewer, t, guest=t.id in invited)}
    assert seen == expected


@pytest.mark.parametrize("name", people.NAMES)
def test_posts_seen_one_by_one_and_by_query_are_the_same(world, name):
    viewer = world.cast[name].viewer
    invited = guest_topics(viewer)
    seen = {post.id for post in db.session.scalars(rules.posts_seen_by(viewer)).unique()}
    every = db.session.scalars(
        select(Post).options(joinedload(Post.topic).joinedload(Topic.space).selectinload(Space.audiences))
    ).all()
    expected = {p.id for p in every if rules.may_see_post(viewer, p, guest=p.topic_id in invited)}
    assert seen == expected


# What each of the cast sees, written by hand in the words of the product.
SEES = {
    "visitor": {"public-square", "meeting-place"},
    "member": {"public-square", "meeting-place", "policy"},
    "claimed": {"public-square", "meeting-place", "policy"},
    "physician": {"public-square", "meeting-place", "policy", "opioids", "on", "committee-first-line"},
    "expired": {"public-square", "meeting-place", "policy"},
    "social_worker": {"public-square", "meeting-place", "policy", "on"},
    "lived": {"public-square", "meeting-place", "policy", "lived-experience"},
    "also_lived": {"public-square", "meeting-place", "policy"},
    "moderator": {"public-square", "meeting-place", "policy", "lived-experience"},
    "coordinator": {"public-square", "meeting-place", "policy"},
    "administrator": {"public-square", "meeting-place", "policy"},
    "policy": {"public-square", "meeting-place", "policy"},
}


@pytest.mark.parametrize("name", people.NAMES)
def test_each_of_the_cast_sees_the_spaces_the_product_says(world, name):
    viewer = world.cast[name].viewer
    assert {space.slug for space in db.session.scalars(rules.spaces_seen_by(viewer))} == SEES[name]


def test_a_guest_sees_that_topic_and_nothing_else_of_its_space(world):
    viewer = world.cast["member"].viewer
    titles = {topic.title for topic in db.session.scalars(rules.topics_seen_by(viewer)).unique()}
    assert "one guest is invited here" in titles
    assert not {title for title in titles if title.startswith("committee")}


@pytest.mark.parametrize("name", people.NAMES)
def test_titles_seen_one_by_one_and_by_query_are_the_same(world, name):
    viewer = world.cast[name].viewer
    seen = {title.id for title in db.session.scalars(trust.credentials_seen_by(viewer))}
    every = db.session.scalars(select(Credential)).all()
    assert every
    assert seen == {title.id for title in every if trust.may_see_credential(viewer, title)}


def test_notices_seen_one_by_one_and_by_query_are_the_same_for_everybody(world):
    """Of every kind, about every topic and post there is, for all at once."""
    with transaction():
        _tell_of_everything(world, [who.persona_id for who in world.cast.values() if who.persona_id])
    topics = {topic.id: topic for topic in db.session.scalars(_with_space(select(Topic)))}
    posts = {post.id: post for post in db.session.scalars(select(Post))}
    notices = db.session.scalars(select(Notice)).all()
    for name, who in world.cast.items():
        viewer, invited = who.viewer, guest_topics(who.viewer)
        expected = {
            notice.id
            for notice in notices
            if told.may_see_notice(
                viewer,
                notice,
                topics.get(notice.topic_id or 0),
                posts.get(notice.post_id or 0),
                guest=notice.topic_id in invited,
            )
        }
        seen = {notice.id for notice in db.session.scalars(told.notices_seen_by(viewer))}
        assert seen == expected, name
        assert bool(seen) is viewer.signed_in


@pytest.mark.parametrize("name", people.NAMES)
def test_arrangements_seen_one_by_one_and_by_query_are_the_same(world, name):
    if "corridor" not in world.more:
        arrangements.add(world)
    viewer = world.cast[name].viewer
    seen = {row.id for row in db.session.scalars(between.arrangements_seen_by(viewer))}
    every = db.session.scalars(select(Arrangement)).all()
    assert len(every) == 3
    assert seen == {row.id for row in every if between.may_see_arrangement(viewer, row)}


@pytest.fixture(scope="module")
def working_together(world):
    """Two groups with closed minutes; who works for a ministry keeps an organization of one of them."""
    together.add(world)
    together.meeting(together.group(together.MILL, name="Another table"))
    directory.keeper(world.cast["policy"], directory.uuid(together.PIER))
    together.count(together.link(together.MILL, together.LANTERN))
    return world


@pytest.mark.parametrize("name", people.NAMES)
def test_minutes_read_one_by_one_and_by_query_are_the_same(working_together, name):
    viewer = working_together.cast[name].viewer
    every = db.session.scalars(select(GroupMinutes)).all()
    meetings = {row.id: row.group_id for row in db.session.scalars(select(GroupMeeting))}
    groups = {row.id: row for row in db.session.scalars(select(Group))}
    expected = {
        row.meeting_id
        for row in every
        if shared.may_read_minutes(viewer, row, groups[meetings[row.meeting_id]])
    }
    assert {row.meeting_id for row in db.session.scalars(shared.minutes_seen_by(viewer))} == expected
    assert len(expected) == {"policy": 1, "coordinator": 2}.get(name, 0)


@pytest.mark.parametrize("name", people.NAMES)
def test_joint_work_read_one_by_one_and_by_query_is_the_same(working_together, name):
    viewer = working_together.cast[name].viewer
    links = {row.id: row for row in db.session.scalars(select(OrganizationLink))}
    every = db.session.scalars(select(JointWork)).all()
    expected = {row.link_id for row in every if shared.may_see_joint_work(viewer, links[row.link_id])}
    assert {row.link_id for row in db.session.scalars(shared.joint_work_seen_by(viewer))} == expected
    assert len(expected) == {"policy": 1, "coordinator": 2}.get(name, 0)


@pytest.mark.parametrize("name", people.NAMES)
def test_what_is_done_together_is_for_everybody(working_together, name):
    viewer = working_together.cast[name].viewer
    rules: tuple[tuple[Any, Any, Any], ...] = (
        (Group, shared.groups_seen_by, shared.may_see_group),
        (GroupMeeting, shared.meetings_seen_by, shared.may_see_meeting),
        (OrganizationLink, shared.links_seen_by, shared.may_see_link),
        (Training, shared.trainings_seen_by, shared.may_see_training),
    )
    for model, seen_by, may_see in rules:
        every = db.session.scalars(select(model)).all()
        assert every
        assert set(db.session.scalars(seen_by(viewer))) == {row for row in every if may_see(viewer, row)}


@pytest.mark.parametrize("name", people.NAMES)
def test_keepers_and_corrections_seen_one_by_one_and_by_query_are_the_same(world, name):
    if "correction" not in world.more:
        directory.add(world)
    policy = world.cast["policy"]
    if directory.uuid("organization") not in kept.keeps(policy.viewer):
        directory.keeper(policy, kind="public_health")
    viewer = world.cast[name].viewer
    rules: tuple[tuple[Any, Any, Any], ...] = (
        (kept.keepers_seen_by(viewer), kept.may_see_keeper, Keeper),
        (kept.corrections_seen_by(viewer), kept.may_see_correction, Correction),
    )
    for rows, may, table in rules:
        seen = set(db.session.scalars(rows))
        every = db.session.scalars(select(table)).all()
        assert every
        assert seen == {row for row in every if may(viewer, row)}
        assert bool(seen) is (name in {"coordinator", "policy"} or (name, table) == ("member", Correction))


@pytest.mark.parametrize("name", people.NAMES)
def test_referrals_seen_one_by_one_and_by_query_are_the_same(world, name):
    if "referral" not in world.more:
        directory.add(world)
        referrals.add(world)
        referrals.referral(world.cast["social_worker"], directory.uuid("Clinic of the Two Lanterns"))
        referrals.referral(world.cast["physician"], directory.uuid("Clinic of the Two Lanterns"), days_ago=91)
    viewer = world.cast[name].viewer
    every = db.session.scalars(select(Referral)).all()
    seen = set(db.session.scalars(lists.referrals_seen_by(viewer)))
    assert seen == {row for row in every if lists.may_see_referral(viewer, row)}
    assert len(seen) == {"physician": 2, "social_worker": 1}.get(name, 0)


def _with_space(rows):
    return rows.options(joinedload(Topic.space).selectinload(Space.audiences))


def _tell_of_everything(world, persona_ids):
    about = [("duty", None, None)]
    about += [("offered", topic.id, None) for topic in world.topics.values()]
    about += [(kind, post.topic_id, post.id) for post in world.posts.values() for kind in ("reply", "report")]
    for persona_id in persona_ids:
        for kind, topic_id, post_id in about:
            event = f"{kind} {topic_id} {post_id}"
            db.session.add(
                Notice(
                    persona_id=persona_id,
                    event=event,
                    kind=kind,
                    topic_id=topic_id,
                    post_id=post_id,
                    at=clock.now(),
                )
            )


@pytest.mark.parametrize("name", people.NAMES)
def test_what_was_looked_for_and_not_found_is_seen_alike_by_rule_and_by_query(world, name):
    directory.add(world)
    viewer = world.cast[name].viewer
    every = db.session.scalars(select(Unmet)).all()
    assert every
    seen = db.session.scalars(gaps.unmet_seen_by(viewer)).all()
    assert seen == (every if gaps.may_see_unmet(viewer) else [])
