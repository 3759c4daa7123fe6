"""Each rule about reading is a predicate and a query; for the whole cast they agree."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.core.db import db, transaction
from community.forum.models import Space
from community.moderation import permissions as rules
from community.moderation.models import Act, Matter
from tests import cast as people
from tests.make import moderation as made
from tests.make import world as worlds
from tests.rules.place import undone


@pytest.fixture(scope="module")
def world(built_app):
    """One for all of them: nobody changes anything in it."""
    with built_app.app_context(), undone(built_app):
        built = worlds.build(people.assemble(), ("public-square", "lived-experience", "opioids"))
        with transaction():
            made.add(built)
            matter = made.matter_of(built.posts["opioids shown"])
            made.act_in(matter, by=None, act="nothing", persona_id=None)
            made.act_in(matter, by=built.cast["coordinator"].persona_id)
        yield built


@pytest.fixture(autouse=True)
def texts():
    """The world has its own."""


def space_of(matter):
    return db.session.get(Space, matter.space_id) if matter.space_id else None


@pytest.mark.parametrize("name", people.NAMES)
def test_matters_seen_one_by_one_and_by_query_are_the_same(world, name):
    viewer = world.cast[name].viewer
    seen = {matter.key for matter in db.session.scalars(rules.matters_seen_by(viewer))}
    every = db.session.scalars(select(Matter)).all()
    assert len(every) == 4
    assert seen == {one.key for one in every if rules.may_see_matter(viewer, one, space_of(one))}


@pytest.mark.parametrize("name", people.NAMES)
def test_acts_seen_one_by_one_and_by_query_are_the_same(world, name):
    viewer = world.cast[name].viewer
    seen = {act.key for act in db.session.scalars(rules.acts_seen_by(viewer))}
    every = db.session.execute(select(Act, Matter).join(Matter, Matter.key == Act.matter_key)).all()
    assert len(every) == 4
    expected = {act.key for act, one in every if rules.may_see_act(viewer, act, one, space_of(one))}
    assert seen == expected


def test_each_of_the_cast_sees_what_the_product_says(world):
    counts = {
        name: len(db.session.scalars(rules.matters_seen_by(who.viewer)).all())
        for name, who in world.cast.items()
    }
    assert {name for name, count in counts.items() if count} == {"moderator", "coordinator", "administrator"}
    assert (counts["moderator"], counts["coordinator"]) == (3, 4)
