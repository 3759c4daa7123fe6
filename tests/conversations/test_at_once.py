"""Two who send at the same moment: both are kept, one after the other; a form sent twice makes one."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from community.conversations.models import Conversation, Member, Message
from community.conversations.queries import talks
from community.conversations.services import messages
from community.conversations.services.messages import Said
from community.core import clock
from community.core.db import db, transaction
from community.core.idempotency import once
from tests import cast as people
from tests.at_once import at_once
from tests.make import accounts
from tests.make import conversations as make

EACH = 5


@pytest.fixture(scope="module")
def apart(tmp_path_factory, worker_id):
    """A community of its own: threads see only what was really stored."""
    folder = tmp_path_factory.mktemp("at_once")
    with accounts.own_app(folder, f"passerelle_at_once_{worker_id}") as app:
        with transaction():
            two = [people.persona(name) for name in ("Ada Ash", "Bo Bay")]
        yield app, two


@pytest.fixture
def talk(apart):
    """Their conversation, of one message so far; and a way to have both do something at the same moment."""
    app, two = apart
    with app.app_context():
        key = make.between(*two).key
        db.session.remove()
        yield key, lambda act: _together(app, key, two, act)
        db.session.remove()


def _together(app, key, two, act):
    got = at_once(app, [partial(act, who.viewer, key) for who in two])
    assert not [one for one in got if isinstance(one, Exception)]
    db.session.remove()  # what was read before the threads began is no news of them
    rows = db.session.scalars(
        select(Message).where(Message.conversation_key == key).order_by(Message.number)
    ).all()
    return [(row.number, talks.words_of(row).body) for row in rows]


def said(viewer, key, body):
    messages.send(viewer, talks.talk_seen(viewer, key), Said(body, "en"))
    return body


def test_both_are_kept_in_one_order_that_both_read(talk):
    key, together = talk

    def several(viewer, key):
        for number in range(EACH):
            with transaction():
                said(viewer, key, f"{viewer.name} {number}")

    rows = together(several)
    assert [number for number, _ in rows] == list(range(1, 2 * EACH + 2))
    for name in ("Ada Ash", "Bo Bay"):
        mine = [body for _, body in rows[1:] if body.startswith(name)]
        assert mine == [f"{name} {number}" for number in range(EACH)]
    assert db.session.get_one(Conversation, key).last_number == len(rows)
    moments = select(Message.sent_at).where(Message.conversation_key == key).order_by(Message.number)
    times = list(db.session.scalars(moments))
    assert times == sorted(times)
    # Who asked the clock before another and comes after them wrote no earlier than they did.
    with transaction():
        db.session.get_one(Conversation, key).last_at = later = clock.now() + timedelta(minutes=1)
    together(lambda viewer, key: _in_one(viewer, key, viewer.name))
    assert list(db.session.scalars(moments))[len(times) :] == [later, later]


def test_what_was_read_never_hides_what_came_at_the_same_moment(apart, talk):
    """Sending marks as read up to one's own message only."""
    key, together = talk
    rows = together(lambda viewer, key: _in_one(viewer, key, viewer.name))
    last = {body: number for number, body in rows[1:]}
    for who in apart[1]:
        read = db.session.get_one(Member, (key, who.persona_id)).read_number
        assert read == last[who.viewer.name]


def _in_one(viewer, key, body):
    with transaction():
        said(viewer, key, body)


def test_a_form_sent_twice_at_once_makes_one_message(apart, talk):
    key, together = talk
    first = apart[1][0].viewer
    rows = together(lambda _viewer, key: once("a" * 22, "one form", lambda: said(first, key, "Only once.")))
    assert [body for _, body in rows].count("Only once.") == 1
