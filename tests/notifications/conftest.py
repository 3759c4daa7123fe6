"""The cast, agreed to mail where a test says so; a mail box; a browser."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import current_app

from community.accounts.services import joining
from community.core import clock
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.forum.services import posts, reading
from tests.forum.conftest import Visit, cast, statements, visit  # noqa: F401
from tests.make import forum as make


def agree(*people: Any) -> None:
    """They agreed to be written to."""
    with transaction():
        for person in people:
            joining.agree(person.member_id, "notifications", "en")


def watch(person: Any, thing: Any, level: str = "watch") -> None:
    """Somebody follows a topic or a space."""
    follow = reading.follow_topic if hasattr(thing, "title") else reading.follow_space
    with transaction():
        follow(person.viewer, thing, level)


def say(person: Any, topic: Any, body: str = make.WORDS) -> Any:
    """Somebody replies, through the service that pages use."""
    with transaction():
        return posts.reply(person.viewer, make.seen(person, topic), make.writing(body))


def outbox() -> list[Any]:
    """The mail that was sent so far."""
    return getattr(current_app.extensions["mailman"], "outbox", None) or []


def delivered(minutes: float = 2) -> list[Any]:
    """The mail that came within these minutes, by running the jobs as time passes."""
    before = len(outbox())
    run_waiting_jobs()
    with later(minutes=minutes):
        run_waiting_jobs()
    db.session.expire_all()
    return outbox()[before:]


@contextlib.contextmanager
def later(**parts: float) -> Iterator[None]:
    """The same, some time on."""
    with time_machine.travel(clock.now() + timedelta(**parts), tick=False):
        yield


@pytest.fixture
def square(cast: Any) -> Any:  # noqa: F811
    """The public square."""
    return make.space()
