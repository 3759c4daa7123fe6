"""What leads to who is listed no longer is led to by nothing, and stays its parties' to end."""

from __future__ import annotations

import pytest

from community.accounts.viewer import OPERATOR, VISITOR
from community.core.db import transaction
from community.directory.finding.finder import Situation
from community.directory.queries import arrangements as queries
from community.directory.queries import ways
from community.directory.services.withdrawing import set_state
from tests.directory.test_arrangements import here, kept
from tests.make import arrangements as make
from tests.make import directory

__all__ = ["here"]


def listed(viewer, kind):
    return [one.key for one in queries.listed(viewer, kind, Situation(), "", 1, "en").found]


def of_region(viewer):
    return [one.key for one in queries.of_region(viewer, "qc-06", "en", 20)]


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        ("corridor", ("service", make.HERE)),
        ("corridor", ("organization", "organization")),
        ("corridor", ("organization", "other organization")),
        ("corridor", ("service", make.BEYOND)),
        ("liaison", ("service", make.HERE)),
        ("mechanism", ("organization", "organization")),
    ],
)
def test_a_party_that_is_listed_no_longer_is_led_to_by_nothing(here, kind, gone):
    key = make.arranged(kind, **({"public": True} if kind == "liaison" else {})).key
    assert listed(VISITOR, kind) == of_region(VISITOR) == [key]
    what, name = gone
    with transaction():
        set_state(OPERATOR, what, directory.uuid(name), "hidden")
    assert listed(VISITOR, kind) == of_region(VISITOR) == []
    assert ways.windows(VISITOR, Situation(), "qc-06", "en") == []
    assert [
        one.key for one in queries.due(here["Ada"], "", kept(key).review_on.replace(year=2099), "en")
    ] == [key]
    assert listed(here["Ada"], kind) == [key]
