"""Topics that were split before kin was kept are known by the acts that split them."""

from __future__ import annotations

import runpy

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select

from community.core.db import db, transaction
from community.forum.models import TopicKin
from community.forum.services.kinship import kin_of
from community.moderation.models import Act
from ground.console import ROOT
from tests import cast as people
from tests.make import forum as make
from tests.make import moderation as made

STEP = runpy.run_path(str(ROOT / "migrations" / "versions" / "2026_11_27_kin.py"))


def known_so_far():
    with Operations.context(MigrationContext.configure(db.session.connection())):
        STEP["_known_so_far"]()
    db.session.expire_all()


def split(topic, into, **more):
    """The act that an older version kept of it."""
    matter = made.matter_of(make.first_post(topic))
    before = {"old": topic.key, "new": into.key, "count": 1}
    db.session.add(
        Act(matter_key=matter.key, act="split", reason="other", before=before, at=matter.opened_at)
    )
    db.session.flush()


def test_they_are_kin_with_what_was_split_off_from_them_in_turn(app):
    cast = people.assemble()
    first, second, third, fourth, apart = (make.topic(make.space(), cast["member"]) for _ in range(5))
    with transaction():
        split(third, fourth)
        split(first, second)
        split(second, third)
    known_so_far()
    known_so_far()
    assert [one.id for one in kin_of(third)] == [first.id, second.id, third.id, fourth.id]
    assert kin_of(apart) == [apart]
    assert len(set(db.session.scalars(select(TopicKin.kin)))) == 1
