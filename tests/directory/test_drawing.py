"""Who is linked to whom, as circles and lines."""

from __future__ import annotations

from itertools import combinations

from community.directory.drawing import links as drawing
from community.directory.drawing.links import Line


def lines(many):
    pairs = combinations([f"o{n:03d}" for n in range(many)], 2)
    return [Line(one, other, n * 7 % 5 + 1, n % 3 == 0) for n, (one, other) in enumerate(pairs)]


def test_without_links_there_is_nothing_to_draw():
    assert drawing.drawing([]) is None


def test_the_same_links_give_the_same_drawing_whatever_their_order():
    given = lines(9)
    assert drawing.drawing(given) == drawing.drawing(list(reversed(given)))


def test_everything_lies_inside_the_square_and_no_two_circles_touch():
    for many in (2, 3, 8, 40):
        drawn = drawing.drawing(lines(many))
        assert drawn is not None
        assert len(drawn.dots) == many
        for dot in drawn.dots:
            assert drawn.radius <= dot.x <= drawing.SIZE - drawn.radius
            assert drawn.radius <= dot.y <= drawing.SIZE - drawn.radius
        for one, other in combinations(drawn.dots, 2):
            assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > (2 * drawn.radius) ** 2


def test_who_works_closely_together_stands_side_by_side():
    drawn = drawing.drawing([Line("a", "b", 1, True), Line("a", "d", 5, True), Line("b", "c", 4, True)])
    assert drawn is not None
    assert abs(drawn.numbers["a"] - drawn.numbers["d"]) == 1


def test_a_closer_link_is_a_thicker_line_and_an_unconfirmed_one_says_so():
    drawn = drawing.drawing([Line("a", "b", 1, True), Line("b", "c", 5, False)])
    assert drawn is not None
    thin, thick = drawn.strokes
    assert thin.width < thick.width
    assert (thin.confirmed, thick.confirmed) == (True, False)


def test_more_than_a_drawing_holds_is_left_to_the_table():
    drawn = drawing.drawing(lines(drawing.MOST + 3))
    assert drawn is not None
    assert len(drawn.dots) == drawing.MOST
    assert drawn.left_out == 3
