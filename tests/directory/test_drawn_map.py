"""A map drawn from positions: numbers stay apart, within the frame, and nothing else is in it."""

from __future__ import annotations

from math import hypot

import pytest

from community.directory.drawing import maps as drawn_map
from community.directory.drawing.maps import BADGE, HIGH, WIDE
from community.directory.finding import places


def drawing(*positions, around="", named=lambda code: code):
    numbered = [(number, position) for number, position in enumerate(positions, start=1)]
    return drawn_map.drawn(numbered, places.understood(around), named)


MONTREAL, QUEBEC, WHITEHORSE, ST_JOHNS = (45.51, -73.56), (46.81, -71.21), (60.72, -135.06), (47.56, -52.71)


def test_nothing_to_place_is_no_map():
    assert drawing() is None


def test_the_projection_is_the_one_of_the_manual():
    """Positions of a grid of Canada, computed apart from the same formulas with mpmath's digits."""
    east, south = drawn_map.projected(63.390675, -91.866667)
    assert (east, south) == pytest.approx((0, 0), abs=1e-6)
    east, south = drawn_map.projected(49.0, -91.866667)
    assert east == pytest.approx(0, abs=1e-9)
    assert 1500 < south < 1640  # 14.4 degrees of latitude, a little stretched between the parallels
    west, _ = drawn_map.projected(60.0, -100.0)
    assert west == pytest.approx(-drawn_map.projected(60.0, -83.733334)[0], abs=1e-6)


@pytest.mark.parametrize("many", [2, 7, 20])
def test_numbers_of_one_house_stay_apart_and_inside(many):
    made = drawing(*[MONTREAL] * many)
    assert [badge.number for badge in made.badges] == list(range(1, many + 1))
    for one in made.badges:
        assert BADGE <= one.x <= WIDE - BADGE
        assert BADGE <= one.y <= HIGH - BADGE
        for other in made.badges[: one.number - 1]:
            assert hypot(one.x - other.x, one.y - other.y) > 2 * BADGE - 1


def test_the_whole_country_fits_and_is_light():
    made = drawing(WHITEHORSE, ST_JOHNS, MONTREAL)
    assert made.land
    assert sum(map(len, made.land)) < 18_000
    west, east = made.badges[0], made.badges[1]
    assert west.of_x < east.of_x
    assert "on" in [name.words for name in made.names]


def test_a_town_shows_its_surroundings_the_area_asked_and_a_round_length():
    made = drawing(MONTREAL, (45.53, -73.6), around="H2X")
    assert made.here is not None
    assert made.bar[1] == 10
    assert made.bar[0] <= WIDE / 4


def test_a_province_has_no_middle_that_is_marked():
    assert drawing(MONTREAL, QUEBEC, around="qc").here is None
    assert drawing(MONTREAL, QUEBEC, around="qc-06").here is None


def test_names_stand_free_of_numbers():
    made = drawing(MONTREAL, QUEBEC, named=lambda code: f"Region {code}")
    assert made.names
    for name in made.names:
        for badge in made.badges:
            assert abs(name.x - badge.x) > BADGE or abs(name.y - badge.y) > BADGE - 4


def test_the_same_list_is_drawn_the_same_way():
    assert drawing(MONTREAL, QUEBEC, MONTREAL) == drawing(MONTREAL, QUEBEC, MONTREAL)


def test_near_quebec_is_drawn_by_its_regions_and_far_away_as_one():
    near, far = drawing(MONTREAL, QUEBEC), drawing(WHITEHORSE, ST_JOHNS)
    assert "qc-04" in [name.words for name in near.names]
    assert "qc" in [name.words for name in far.names]


def test_the_towns_of_services_are_named_beside_their_numbers():
    numbered = [(number, MONTREAL) for number in range(1, 8)]
    made = drawn_map.drawn(numbered, None, lambda code: code, {"Montréal": MONTREAL})
    assert made is not None
    (name,) = [name for name in made.names if name.words == "Montréal"]
    assert abs(name.y - made.badges[0].of_y) < 80
