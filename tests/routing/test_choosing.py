"""Whom to ask: fair, within what each gave, and never somebody who may not be asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from community.routing.choosing import AT_ONCE, Candidate, Question, choose, fits, in_turn

THEMES = ("opioids", "alcohol", "youth")
DAY = date(2026, 11, 2)
QUESTION = Question("asker", "fr", frozenset({"opioids"}), frozenset({"qc-06", "qc"}))


def some(codes):
    return st.frozensets(st.sampled_from(codes), max_size=2)


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        persona_id=st.sampled_from(["asker", *"abcdefgh"]),
        weekly=st.integers(0, 20),
        themes=some(THEMES),
        regions=some(("qc", "qc-06", "on")),
        langs=some(("fr", "en")),
        paused=st.booleans(),
        lately=st.integers(0, 25),
        month=st.integers(0, 90),
        last_on=st.none() | st.dates(date(2026, 10, 1), DAY),
    ),
    unique_by=lambda one: one.persona_id,
    max_size=9,
)


@settings(max_examples=80, deadline=None)
@given(CANDIDATES, st.frozensets(st.sampled_from("abcdefgh")), st.frozensets(st.sampled_from("abcdefgh")))
def test_nobody_is_asked_who_may_not_be(candidates, asked, muted):
    by_id = {one.persona_id: one for one in candidates}
    found = choose(candidates, QUESTION, seed="one", asked=asked, may=lambda who: who not in muted)
    assert len(found) == len(set(found)) <= AT_ONCE
    for who in found:
        assert who != "asker"
        assert who not in asked | muted
        assert by_id[who].lately < by_id[who].weekly
        assert not by_id[who].paused
        assert fits(by_id[who], QUESTION)


@settings(max_examples=50, deadline=None)
@given(CANDIDATES, st.randoms())
def test_the_same_seed_chooses_the_same_people_in_whatever_order_they_are_read(candidates, shuffle):
    mixed = list(candidates)
    shuffle.shuffle(mixed)
    assert choose(candidates, QUESTION, seed="s") == choose(mixed, QUESTION, seed="s")


@settings(max_examples=50, deadline=None)
@given(CANDIDATES)
def test_whoever_is_passed_over_had_no_smaller_load_than_who_is_asked(candidates):
    found = choose(candidates, QUESTION, seed="s")
    able = [one for one in candidates if one.free and fits(one, QUESTION) and one.persona_id != "asker"]
    if len(found) < AT_ONCE:
        assert {one.persona_id for one in able} == set(found)
    asked = [one.load for one in able if one.persona_id in found]
    left = [one.load for one in able if one.persona_id not in found]
    assert not asked or not left or max(asked) <= min(left)


def rounds(people, many, *, a_day=1):
    """Ask about many questions, some a day, and count what each was asked within any seven days."""
    asked: dict[str, list[date]] = {one.persona_id: [] for one in people}
    for number in range(many):
        day = DAY + timedelta(days=number // a_day)
        now = [
            replace(
                one,
                lately=sum(on > day - timedelta(days=7) for on in asked[one.persona_id]),
                month=sum(on > day - timedelta(days=28) for on in asked[one.persona_id]),
                last_on=max(asked[one.persona_id], default=None),
            )
            for one in people
        ]
        for who in choose(now, QUESTION, seed=f"{number}"):
            asked[who].append(day)
    return asked


def most_in_a_week(days):
    return max((sum(day <= other < day + timedelta(days=7) for other in days) for day in days), default=0)


def test_over_many_questions_equals_are_asked_equally():
    people = [Candidate(who, 20) for who in "abcdefgh"]
    counts = Counter({who: len(days) for who, days in rounds(people, 400).items()})
    assert sum(counts.values()) == 1200
    assert max(counts.values()) - min(counts.values()) <= 0.05 * 150  # of a hundred and fifty each


def test_whoever_gives_twice_as_much_is_asked_about_twice_as_often():
    people = [Candidate(who, 10) for who in "abcd"] + [Candidate(who, 5) for who in "efgh"]
    counts = {who: len(days) for who, days in rounds(people, 300).items()}
    twice, once = sum(counts[who] for who in "abcd"), sum(counts[who] for who in "efgh")
    assert 1.7 < twice / once < 2.3
    assert max(counts[who] for who in "abcd") - min(counts[who] for who in "abcd") <= 4


def test_in_no_seven_days_is_anybody_asked_more_than_they_gave():
    people = [Candidate(who, weekly) for who, weekly in zip("abcdef", (0, 1, 2, 3, 5, 20), strict=True)]
    for who, days in rounds(people, 120, a_day=4).items():
        assert most_in_a_week(days) <= next(one.weekly for one in people if one.persona_id == who)


def test_chance_decides_between_equals_and_gives_each_a_turn():
    people = [Candidate(who, 5) for who in "abcdefgh"]
    firsts = Counter(next(iter(in_turn(people, f"{seed}"))).persona_id for seed in range(800))
    assert set(firsts) == set("abcdefgh")
    assert min(firsts.values()) > 60


def test_what_somebody_answers_is_matched_by_theme_region_and_language():
    assert fits(Candidate("a", 1), QUESTION)
    assert fits(Candidate("a", 1, themes=frozenset({"opioids", "youth"})), QUESTION)
    assert not fits(Candidate("a", 1, themes=frozenset({"youth"})), QUESTION)
    assert fits(Candidate("a", 1, regions=frozenset({"qc"})), QUESTION)
    assert not fits(Candidate("a", 1, regions=frozenset({"on"})), QUESTION)
    assert not fits(Candidate("a", 1, langs=frozenset({"en"})), QUESTION)


def test_a_question_without_theme_is_for_those_who_answer_about_any():
    plain = Question("asker", "fr")
    assert fits(Candidate("a", 1), plain)
    assert not fits(Candidate("a", 1, themes=frozenset({"opioids"})), plain)
    assert fits(Candidate("a", 1, regions=frozenset({"on"})), plain)
