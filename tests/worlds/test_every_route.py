"""Who is behind a name changes nothing at any address that there is (SECURITY section 6.3, case 1).

``test_two_personas`` follows every link; this asks for every line of the rules table, so that a route that
is made tomorrow, and must stand there, is held against it too.
"""

from __future__ import annotations

import pytest

from tests.worlds import crawl, every_route
from tests.worlds.stage import played


@pytest.fixture(scope="module")
def worlds():
    return played("tests.worlds.every_route", "first", "second")


@pytest.mark.parametrize("who", every_route.READERS)
@pytest.mark.timeout(400)
def test_no_address_tells_who_is_behind_a_name(worlds, who):
    first, second = worlds
    assert not crawl.differences(first[who], second[who])[:5]


def test_the_name_really_did_what_names_do(worlds):
    """Otherwise the comparison proves nothing."""
    first, second = worlds
    assert first["taken"] == second["taken"]
    done = {line.split()[1] for line in first["taken"]}
    assert done >= {
        *("forum.reply", "forum.new_topic", "forum.react", "forum.report", "forum.bookmark"),
        *("conversations.start", "corrections.suggest", "corrections.report", "testimonies.write"),
    }


def test_it_was_really_looked_at(worlds):
    for who in set(every_route.READERS) - {"coordinator"}:
        pages = [page["body"] for page in worlds[0][who].values()]
        assert sum("Quiet-Heron" in page for page in pages) > 3, who
        assert sum(every_route.SAYS in page for page in pages) > 1, who
