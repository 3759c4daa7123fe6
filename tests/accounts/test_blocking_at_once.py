"""Blocked, invited or let in many times at the same moment: it happens once, without a fault."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.accounts import blocking
from community.accounts.distances import Distance
from community.accounts.models import Persona
from community.core import clock
from community.core.db import db, transaction
from community.forum.models import Space, SpaceMember
from community.forum.services import guests, structure
from tests import cast as people
from tests.at_once import stored_at_once
from tests.make import accounts as make
from tests.make import forum as make_forum

MANY = 6


@pytest.fixture(scope="module")
def apart(tmp_path_factory, worker_id):
    """A community of its own: threads see only what was really stored."""
    folder = tmp_path_factory.mktemp("blocking")
    with make.own_app(folder, f"passerelle_blocking_{worker_id}") as app:
        space = make_forum.space("lived-experience")
        with transaction():
            ada = people.persona("Ada Ash")
            people.duty(ada, "administrator")
            guest = people.persona("Bo Bay")
            keeper = people.persona("Slow-Willow", kind="protected", groups=["lived_experience"])
            structure.add_member(ada.viewer, space, str(keeper.persona_id), "keeper")
        yield app, keeper, guest


def wrong_at_once(app, act):
    """What went wrong when this was done many times at the same moment."""
    return [repr(one) for one in stored_at_once(app, [act] * MANY) if isinstance(one, Exception)]


def test_a_name_is_blocked_once(apart):
    app, keeper, other = apart
    viewer = keeper.viewer

    def block():
        blocking.keep_away(viewer, db.session.get_one(Persona, other.persona_id), "block")

    assert wrong_at_once(app, block) == []
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Distance)) == 1
        db.session.remove()


def test_a_guest_is_invited_once(apart):
    app, keeper, guest = apart
    viewer = keeper.viewer

    def invite():
        space = db.session.scalars(sa.select(Space).where(Space.slug == "lived-experience")).one()
        guests.invite_into_space(viewer, space, "Bo Bay", clock.now() + timedelta(days=3))

    assert wrong_at_once(app, invite) == []
    with app.app_context():
        of = SpaceMember.persona_id == guest.persona_id
        assert len(db.session.scalars(sa.select(SpaceMember).where(of)).all()) == 1
        db.session.remove()


def test_a_member_is_let_in_once(apart):
    app, _keeper, _guest = apart
    with app.app_context():
        with transaction():
            new = people.persona("Low-Birch", kind="protected", groups=["lived_experience"])
            cleo = people.persona("Cleo Coe")
            people.duty(cleo, "administrator")
        viewer = cleo.viewer
        db.session.remove()

    def let_in():
        space = db.session.scalars(sa.select(Space).where(Space.slug == "lived-experience")).one()
        structure.add_member(viewer, space, str(new.persona_id), "member")

    assert wrong_at_once(app, let_in) == []
