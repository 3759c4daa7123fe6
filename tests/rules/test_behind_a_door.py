"""Rules that stand behind another one: no page would show at once that they fail, so they are asked alone.

A page of a committee's meeting first asks for its committee. Were only the rule on meetings lost, every
page would still answer as before, until the day somebody lists meetings elsewhere.
"""

from __future__ import annotations

import pytest

from community.core.db import db
from community.forum.queries.committees import decisions_seen_by, meetings_seen_by
from tests import cast as people

# Who belongs to the committee of the small world.
OF_IT = {"physician"}


@pytest.mark.parametrize("rule", [meetings_seen_by, decisions_seen_by])
@pytest.mark.parametrize("who", people.NAMES)
def test_the_work_of_a_committee_exists_for_its_members_alone(place, rule, who):
    with place.app.app_context():
        found = db.session.scalars(rule(place.world.cast[who].viewer)).unique().all()
        db.session.remove()
    assert bool(found) == (who in OF_IT)
