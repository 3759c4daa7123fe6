"""Somebody outside cannot tell whether a private space exists at all (SECURITY section 6.3, case 2)."""

from __future__ import annotations

import pytest

from tests.worlds import crawl, private_space
from tests.worlds.stage import played


@pytest.fixture(scope="module")
def worlds():
    return played("tests.worlds.private_space", "empty", "busy")


@pytest.mark.parametrize("who", private_space.WALKERS)
@pytest.mark.timeout(300)
def test_nobody_outside_can_tell_that_it_is_there(worlds, who):
    empty, busy = worlds
    assert len(busy[who]) > 20, "hardly anything was looked at"
    assert not crawl.differences(empty[who], busy[who])[:5]


@pytest.mark.parametrize("kept", ["told", "archives"])
def test_neither_open_pages_nor_archives_of_others_tell_it(worlds, kept):
    empty, busy = worlds
    assert busy[kept] == empty[kept]
    assert all(busy["told"].values()), "nothing was told to anybody"


@pytest.mark.parametrize("who", private_space.WALKERS)
def test_not_a_word_of_it_is_anywhere(worlds, who):
    for address, page in worlds[1][who].items():
        asked = any(words in address for words in private_space.SECRETS)
        assert asked or private_space.SECRET[:20] not in page["body"], address
