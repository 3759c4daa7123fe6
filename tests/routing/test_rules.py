"""The rules of routing, one by one and by query, for the whole cast; and who is never told of whom."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.core.db import db, transaction
from community.forum.models import Space, Topic
from community.forum.permissions import may_see_topic
from community.routing import permissions as rules
from community.routing.models import Laid, OnCall
from community.routing.queries.asking import today
from tests import cast as people
from tests.make import world as worlds


@pytest.fixture
def world(whole_cast):
    """Every topic laid before everybody, in every state; everybody on call, or proposed."""
    found = worlds.build(whole_cast)
    who = [one for one in found.cast.values() if one.persona_id]
    with transaction():
        people.duty(found.cast["physician"], "moderator", "on")
        for number, topic in enumerate(found.topics.values()):
            for one in who:
                state = ("open", "passed", "replaced")[(number + len(one.name)) % 3]
                db.session.add(
                    Laid(
                        topic_id=topic.id, persona_id=one.persona_id, why="fits", state=state, laid_on=today()
                    )
                )
        for number, one in enumerate(who):
            for theme in ("opioids", "alcohol"):
                state = ("agreed", "proposed")[number % 2]
                days = {"from_on": today(), "until_on": today()}
                db.session.add(
                    OnCall(theme=theme, persona_id=one.persona_id, state=state, set_by="x", **days)
                )
    return found


def topics():
    rows = select(Topic).options(joinedload(Topic.space).selectinload(Space.audiences))
    return {topic.id: topic for topic in db.session.scalars(rows)}


@pytest.mark.parametrize("name", people.NAMES)
def test_what_waits_one_by_one_and_by_query_is_the_same(world, name):
    viewer = world.cast[name].viewer
    guest = {world.topics["guest open"].id} if name == "member" else set()
    known = topics()
    seen = {(row.topic_id, row.persona_id) for row in db.session.scalars(rules.laid_seen_by(viewer))}
    expected = {
        (row.topic_id, row.persona_id)
        for row in db.session.scalars(select(Laid))
        if rules.may_see_laid(viewer, row, known[row.topic_id])
        and may_see_topic(viewer, known[row.topic_id], guest=row.topic_id in guest)
    }
    assert seen == expected
    assert {persona for _, persona in seen} <= {viewer.persona_id}


@pytest.mark.parametrize("name", people.NAMES)
def test_the_calendar_one_by_one_and_by_query_is_the_same(world, name):
    viewer = world.cast[name].viewer
    spaces = db.session.scalars(select(Space).options(selectinload(Space.audiences))).all()
    seen_spaces = {space.id for space in db.session.scalars(rules.calendar_spaces_seen_by(viewer))}
    assert seen_spaces == {space.id for space in spaces if rules.may_see_calendar(viewer, space)}
    seen = {row.key for row in db.session.scalars(rules.on_call_seen_by(viewer))}
    every = db.session.scalars(select(OnCall)).all()
    assert seen == {
        row.key for row in every if any(rules.may_see_on_call(viewer, space, row) for space in spaces)
    }


def test_somebody_sees_something_and_somebody_nothing(world):
    """Otherwise the two tests above compare nothing with nothing."""
    sees = {
        name: len(db.session.scalars(rules.on_call_seen_by(who.viewer)).all())
        for name, who in world.cast.items()
    }
    assert sees["physician"]
    assert not sees["member"] + sees["visitor"] + sees["lived"]
    assert db.session.scalars(rules.laid_seen_by(world.cast["member"].viewer)).all()
