"""The cast for the tests of moderation, the fixtures of the forum's, and the texts of decisions."""

from __future__ import annotations

import pytest

from community.core.db import transaction
from community.forum.services import reports
from community.moderation.queries import matters as queries
from community.moderation.services import acting
from community.moderation.services.acts import Ruling
from community.moderation.services.keeping import load_reasons
from tests.forum.conftest import cast, statements, visit
from tests.make import forum as make

__all__ = ["cast", "statements", "visit"]


@pytest.fixture(autouse=True)
def texts(app):
    """What every instance starts with."""
    with transaction():
        load_reasons()


@pytest.fixture
def lived(cast):
    """A topic of the lived-experience space, which "moderator" moderates."""
    return make.topic(make.space("lived-experience"), cast["lived"])


@pytest.fixture
def report():
    """``report(who, post, reason)``: in a transaction, as the page does."""

    def make_report(who, post, reason="other", words=""):
        with transaction():
            return reports.report(who.viewer, make.seen(who, post), reason, words)

    return make_report


@pytest.fixture
def decide():
    """``decide(who, matter, "hide", …)``: with a text that is told."""

    def make_act(who, matter, act, **more):
        with transaction():
            said = {"reason": "other", "text": "other-place", **more}
            found = queries.matter_seen(who.viewer, matter.key)
            return acting.decide(who.viewer, found, Ruling(act=act, **said))

    return make_act
