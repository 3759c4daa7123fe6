"""Of very much that is found a part is ranked: the newest, what says most, what has it in its title."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from community.core import clock
from community.search import postgres_newest, postgres_search, postgres_standing
from community.search.index import Document, Filters, SearchIndex
from community.search.postgres_index import PostgresIndex
from community.search.postgres_standing import STANDS, Standing
from tests.make.search import NOW, ask, document, keys, put

MANY = 300


@pytest.fixture(autouse=True)
def little_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if three hundred were a million."""
    for name, value in (("MOST", 20), ("ENOUGH", 15), ("TITLED", 5), ("TELLING", 30), ("SURE", 2)):
        monkeypatch.setattr(postgres_search, name, value)
    none_stands(monkeypatch)


def none_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier test told of its words is not of these."""
    fresh = Standing()
    for module in (postgres_search, postgres_newest):
        monkeypatch.setattr(module, "standing", lambda: fresh)


def filled(index: SearchIndex) -> Iterator[Document]:
    """Two common words, the newest first; one rare one; one old title."""
    for n in range(MANY):
        words = "sevrage et naloxone" if n % 50 == 7 else "sevrage" if n % 2 else "naloxone"
        said = f"{words}, {'grossesse' if n == 250 else 'et rien'} {'de plus ' * 50}"
        yield document(f"k{n:03}", said, space_id=1 + n % 2, created_at=NOW - timedelta(days=n))
    yield document(
        "title", "rien de plus " * 40, title="Sevrage, naloxone", created_at=NOW - timedelta(days=900)
    )


@pytest.fixture
def large(index: SearchIndex) -> SearchIndex:
    put(index, filled(index))
    return index


def test_the_number_of_results_is_a_least_one_where_not_all_were_ranked(large: SearchIndex) -> None:
    hits = ask(large, "sevrage", 1, 2)
    assert hits.at_least is isinstance(large, PostgresIndex)
    assert hits.total >= 15
    rare = ask(large, "grossesse", 1, 2)
    assert (keys(rare), rare.total, rare.at_least) == (["k250"], 1, False)


def test_of_texts_alike_the_newest_are_ranked(large: SearchIndex) -> None:
    assert keys(ask(large, "naloxone", 1, 2))[1:3] == ["k000", "k002"]


def test_what_has_every_word_or_a_rare_one_is_ranked_whatever_its_age(large: SearchIndex) -> None:
    both = keys(ask(large, "sevrage naloxone", 1, 2))
    assert both[:3] == ["title", "k007", "k057"]
    assert keys(ask(large, "sevrage grossesse", 1, 2))[0] == "k250"


def test_without_words_the_newest_come_first_and_pages_follow_each_other(large: SearchIndex) -> None:
    pages = [keys(ask(large, "", 1, 2, offset=offset)) for offset in (0, 20, 40)]
    assert [key for page in pages for key in page] == [f"k{n:03}" for n in range(60)]
    later = Filters(after=NOW - timedelta(days=30), before=NOW - timedelta(days=20))
    assert keys(ask(large, "sevrage", 1, 2, filters=later))[0] == "k021"


def test_what_one_may_not_see_changes_nothing_of_what_is_ranked(index: SearchIndex) -> None:
    asked = ["sevrage", "sevrage naloxone", "grossesse", "sevrage grossesse", ""]
    put(index, [one for one in filled(index) if one.space_id == 1])
    alone = [ask(index, text) for text in asked]
    put(index, [one for one in filled(index) if one.space_id == 2])
    assert [ask(index, text) for text in asked] == alone


def test_texts_of_one_day_are_bounded_too(index: SearchIndex) -> None:
    put(index, [document(f"k{n}", "sevrage", created_at=NOW) for n in range(MANY)])
    hits = ask(index, "sevrage")
    assert 5 <= len(hits.hits) <= 20


@pytest.mark.parametrize("text", ["sevrage naloxone", "naloxone"])
def test_a_question_may_say_how_many_are_ranked_and_the_best_stay_the_best(
    large: SearchIndex, text: str
) -> None:
    every, few = ask(large, text, 1, 2), ask(large, text, 1, 2, ranked=20)
    assert keys(few)[:1] == keys(every)[:1]
    assert few.at_least
    assert ask(large, "grossesse", 1, 2, ranked=20) == ask(large, "grossesse", 1, 2)


def test_what_was_told_of_common_words_stands_for_a_while_and_what_is_found_does_not(
    large: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what is new nor what is gone waits for it; rare words are counted each time."""
    for module in (postgres_search, postgres_newest):
        monkeypatch.setattr(module, "MANY", 100)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert keys(ask(large, "sevrage naloxone", 1, 2))[:3] == ["title", "k007", "k057"]
    later = NOW + timedelta(hours=1)
    put(large, [document("new", "sevrage et naloxone de plus", space_id=1, created_at=later)])
    assert "new" in keys(ask(large, "sevrage naloxone", 1, 2))
    assert keys(ask(large, "grossesse", 1, 2)) == ["k250"]
    monkeypatch.setattr(clock, "now", lambda: NOW + STANDS)
    assert {"title", "new"} <= set(keys(ask(large, "sevrage naloxone", 1, 2))[:2])


def test_what_stands_ends_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_standing, "MOST", 2)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    known = Standing()
    for number in range(3):
        known.put(number, number)
    assert [known.get(number) for number in range(3)] == [None, 1, 2]
    monkeypatch.setattr(clock, "now", lambda: NOW + STANDS)
    assert [known.get(number) for number in range(3)] == [None, None, None]
