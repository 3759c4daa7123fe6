"""Pages that everybody opens and that say more to some: closed minutes, small counts."""

from __future__ import annotations

import pytest

from tests import cast as people


@pytest.mark.parametrize("name", people.NAMES)
def test_closed_minutes_and_small_counts_are_told_to_those_they_are_for(place, name):
    more = place.world.more
    meeting = f"/en/directory/groups/{more['group']}/meetings/{more['group meeting']}"
    told = "We spoke of the pier." in place.ask(name, "GET", meeting).text
    link = place.ask(name, "GET", f"/en/directory/links/{more['organization link']}").text
    assert told is (name == "coordinator")
    assert ('<td class="r">3</td>' in link) is (name == "coordinator")
    assert '<td class="r">12</td>' in link
