"""Percentiles with questions that still wait, against figures worked out elsewhere."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.routing.survival import Wait, median, ninetieth, percentile, still_waiting


def waits(*values):
    """Numbers are answered after so long; texts with a plus still waited then."""
    return [Wait(float(str(value).strip("+")), not str(value).endswith("+")) for value in values]


# Weeks of remission of 21 children with leukaemia, as printed with the method in textbooks
# (E. J. Freireich et al., Blood 21, 1963, 699-716): a plus where it still lasted.
TREATED = waits(
    *(6, 6, 6, "6+", 7, "9+", 10, "10+", "11+", 13, 16, "17+", "19+", "20+", 22, 23),
    *("25+", "32+", "32+", "34+", "35+"),
)
PLACEBO = waits(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)


def test_the_curve_is_the_one_that_was_published():
    shares = {seconds: round(float(share), 3) for seconds, share in still_waiting(TREATED)}
    assert shares == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert median(TREATED) == 23
    assert median(PLACEBO) == 8
    assert ninetieth(TREATED) is None
    assert ninetieth(PLACEBO) == 17


def test_by_hand_ten_questions_of_which_two_still_wait():
    # 1 2 3 4 5 6 7 8 h answered, 10 h and 20 h still waiting: S falls by a tenth each hour to 0.2.
    ten = waits(1, 2, 3, 4, 5, 6, 7, 8, "10+", "20+")
    assert median(ten) == 5.5  # S(5) is exactly a half: the middle of 5 and 6
    assert percentile(ten, Fraction(3, 4)) == 8
    assert ninetieth(ten) is None


def test_by_hand_a_question_that_waits_counts_until_it_was_last_seen():
    # 2 h, 3 h waiting, 4 h, 8 h: S(2) = 3/4, S(4) = 3/4 * 1/2 = 3/8, S(8) = 0.
    four = waits(2, "3+", 4, 8)
    assert [share for _, share in still_waiting(four)] == [Fraction(3, 4), Fraction(3, 8), Fraction(0)]
    assert median(four) == 4
    assert ninetieth(four) == 8


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=80))
def test_when_every_question_has_an_answer_the_median_is_the_usual_one(values):
    assert median(waits(*values)) == statistics.median(values)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 8), st.data())
def test_the_ninetieth_percentile_is_that_of_the_standard_library(tens, data):
    """At a size of ten times something and one, the rules for it all agree."""
    many = tens * 10 + 1
    values = data.draw(st.lists(st.integers(1, 10_000), min_size=many, max_size=many, unique=True))
    assert ninetieth(waits(*values)) == statistics.quantiles(values, n=10, method="inclusive")[-1]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 500), st.booleans()), min_size=1, max_size=60))
def test_leaving_out_what_still_waits_could_only_flatter(pairs):
    known = [Wait(float(seconds), answered) for seconds, answered in pairs]
    answered = [wait for wait in known if wait.answered]
    honest, flattering = median(known), median(answered)
    assert flattering is None or honest is None or honest >= flattering


def test_nothing_is_known_of_nothing():
    assert median([]) is None
    assert median(waits("5+", "6+")) is None


@pytest.mark.parametrize("many", [1, 2, 9, 10])
def test_one_answer_is_its_own_percentile(many):
    assert ninetieth(waits(*[7] * many)) == 7
