"""What Whoosh ranks of very much that is found, beside a reference that looks at each document by itself."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

import pytest

from community.search import plan, whoosh_chosen, whoosh_worth
from community.search.index import Document, Filters
from community.search.whoosh_index import WhooshIndex
from community.search.whoosh_parts import bits_of, numbers_in
from tests.make.search import NOW, ask, document, keys, put

MOST, ENOUGH, TITLED, TELLING = 20, 15, 5, 30
WORDS = ("brume", "caillou", "dune", "falaise", "galet")  # without synonyms, each a stem of its own
OFTEN = (0.5, 0.4, 0.1, 0.04, 0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def little_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if some hundreds were half a million."""
    for name, value in (("MOST", MOST), ("ENOUGH", ENOUGH), ("TITLED", TITLED), ("TELLING", TELLING)):
        monkeypatch.setattr(whoosh_chosen, name, value)


def drawn(dice: random.Random, many: int) -> list[Document]:
    """Documents of two spaces, out of the order of their times, many of them of the same second."""
    found = []
    for number in dice.sample(range(many), many):
        said = [word for word, often in zip(WORDS, OFTEN, strict=True) if dice.random() < often]
        found.append(
            document(
                f"k{number:04}",
                " ".join(said) or "rien",
                title=" ".join(said) if dice.random() < 0.05 else "",
                space_id=1 + dice.randrange(2),
                topic_key=f"t{number:04}",
                topic_kind=dice.choice(("question", "story")),
                created_at=NOW - timedelta(days=dice.randrange(60)),
            )
        )
    return found


def filled(folder: Path, documents: Sequence[Document], dice: random.Random) -> WhooshIndex:
    """In parts of many sizes; some documents were taken away and put back."""
    index, at = WhooshIndex(folder), 0
    while at < len(documents):
        size = dice.choice((1, 7, 40, 150))
        put(index, documents[at : at + size])
        at += size
    again = dice.sample(documents, 20)
    index.replace([one.id for one in again], [])
    put(index, again)
    return index


def says(one: Document, *words: str) -> bool:
    return set(words) <= set(one.body.split())


def newest(documents: Iterable[Document], most: int) -> set[Document]:
    """Of those of one second the greatest topics, then the greatest ids."""
    return set(sorted(documents, key=lambda one: (one.created_at, one.group, one.id), reverse=True)[:most])


def reference(seen: Sequence[Document], words: Sequence[str], kept: Sequence[Document]) -> list[str]:
    """The keys of what is shown, best first: every document looked at one by one, by the stated rule."""
    often = {word: sum(says(one, word) for one in seen) for word in words}
    rarity = {
        word: math.log(1 + (len(seen) - many + 0.5) / (many + 0.5)) for word, many in often.items() if many
    }
    asked = sorted(rarity, key=rarity.__getitem__, reverse=True)
    answered = {one: sum(rarity[word] for word in asked if says(one, word)) for one in kept}
    least = plan.least_answered(len(asked)) * sum(rarity.values())
    enough = next(
        n for n in range(1, len(asked) + 1) if sum(rarity[word] for word in asked[n:]) < least - 1e-9
    )
    among = [one for one in kept if any(says(one, word) for word in asked[:enough])]
    ranked = chosen(among, asked, rarity)
    if max((answered[one] for one in ranked), default=0.0) < least - 1e-9:
        ranked = chosen([one for one in kept if answered[one]], asked, rarity)
    bound = min(least, max((answered[one] for one in ranked), default=0.0)) - 1e-9
    shown = [one for one in ranked if answered[one] >= bound]
    return [one.key for one in sorted(shown, key=lambda one: order(one, rarity))]


def order(one: Document, rarity: dict[str, float]) -> tuple[float, float, str]:
    """BM25 over fields, the newer a little more; the best come first, of two alike the newer."""
    score = 0.0
    stretch = 1 - plan.B + plan.B * len(one.body.split()) / plan.USUAL_LENGTH
    for word, says_much in rarity.items():
        value = plan.TITLE * one.title.split().count(word) + one.body.split().count(word) / stretch
        score += says_much * value / (value + plan.K1)
    days = (NOW - one.created_at).days
    score *= 1 + plan.RECENT_BONUS * 0.5 ** (days / plan.RECENT_DAYS)
    return -round(score, 5), -one.created_at.timestamp(), one.group


def chosen(among: Sequence[Document], asked: Sequence[str], rarity: dict[str, float]) -> set[Document]:
    """Which are ranked: see the page of results."""
    if len(among) <= MOST:
        return set(among)
    totals = list(accumulate(sum(says(one, word) for one in among) for word in asked))
    telling = [word for word, total in zip(asked, totals, strict=True) if total <= TELLING]
    common = asked[len(telling) :]
    found = most_telling(among, telling, rarity)
    if not common:
        return found
    picked = len(found)
    found |= newest((one for one in among if set(asked) <= set(one.title.split())), TITLED)
    if len(common) == 1:
        return found | newest((one for one in among if says(one, *common)), max(MOST - picked, TITLED))
    if picked < MOST:
        found |= newest((one for one in among if says(one, *common)), MOST - picked // 2)
    half = common[: max(len(common) // 2, 2)]
    if len(half) < len(common) and len(found) < MOST:
        found |= newest((one for one in among if says(one, *half)), MOST - len(found) // 2)
    if len(found) < ENOUGH:
        some = (one for one in among if any(says(one, word) for word in common))
        found |= newest(some, max(MOST - len(found), TITLED))
    return found


def most_telling(
    among: Iterable[Document], telling: Sequence[str], rarity: dict[str, float]
) -> set[Document]:
    """Those that have most of the rarer words, counted by how much each says; the newer of two alike."""
    said = {one: round(sum(rarity[word] for word in telling if says(one, word)), 9) for one in among}
    some = [one for one, much in said.items() if much]
    best = sorted(some, key=lambda one: (said[one], one.created_at, one.group, one.id), reverse=True)
    return set(best[:MOST])


QUESTIONS = [
    ("brume",),
    ("galet",),
    ("brume", "caillou"),
    ("brume", "galet"),
    ("falaise", "galet"),
    ("brume", "caillou", "dune"),
    WORDS,
]


@pytest.mark.parametrize("many", [24, 600])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.usefixtures("little_is_much")
def test_what_is_shown_is_what_a_reference_shows_that_looks_at_each_document(
    folder: Path, seed: int, many: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - not a secret
    documents = drawn(dice, many)
    index = filled(folder, documents, dice)
    first = [one for one in documents if one.space_id == 1]
    for words in QUESTIONS:
        text = " ".join(words)
        for seen, spaces in ((first, (1,)), (documents, (1, 2))):
            if any(says(one, word) for one in seen for word in words):
                assert keys(ask(index, text, *spaces, size=5_000)) == reference(seen, words, seen)


@pytest.mark.usefixtures("little_is_much")
def test_filters_narrow_what_is_ranked_before_it_is_chosen(folder: Path) -> None:
    dice = random.Random(7)  # noqa: S311 - not a secret
    documents = drawn(dice, 600)
    index = filled(folder, documents, dice)
    since, until = NOW - timedelta(days=50), NOW - timedelta(days=30)
    between = [one for one in documents if since <= one.created_at < until]
    for words in QUESTIONS:
        for filters, kept in (
            (Filters(space_id=2), [one for one in documents if one.space_id == 2]),
            (Filters(topic_kind="story"), [one for one in documents if one.topic_kind == "story"]),
            (Filters(after=since, before=until), between),
        ):
            hits = ask(index, " ".join(words), 1, 2, size=5_000, filters=filters)
            assert keys(hits) == reference(documents, words, kept)


@pytest.mark.usefixtures("little_is_much")
def test_it_says_that_there_is_more_only_where_not_all_was_ranked(folder: Path) -> None:
    index = WhooshIndex(folder)
    put(index, [document(f"k{n:02}", "brume" if n < MOST else "brume dune") for n in range(MOST + 5)])
    assert ask(index, "brume").at_least
    few = ask(index, "dune")
    assert (few.total, few.at_least) == (5, False)
    put(index, [document(f"k{n:02}", "rien") for n in range(5)])
    exact = ask(index, "brume")
    assert (exact.total, exact.at_least) == (MOST, False)


@pytest.mark.usefixtures("little_is_much")
def test_what_one_may_not_see_changes_no_score_order_or_count(folder: Path) -> None:
    """Neither where a part ends nor which document came first in it may be told."""
    dice = random.Random(11)  # noqa: S311 - not a secret
    documents = drawn(dice, 500)
    alone = filled(folder, [one for one in documents if one.space_id == 1], dice)
    beside = filled(folder.with_name("beside"), documents, dice)
    for words in [*QUESTIONS, ()]:
        text = " ".join(words)
        assert ask(alone, text, size=5_000) == ask(beside, text, size=5_000)


@pytest.mark.usefixtures("little_is_much")
def test_without_words_the_newest_topics_come_first_however_much_one_of_them_says(folder: Path) -> None:
    index = WhooshIndex(folder)
    much = [document(f"m{n}", "dune", topic_key="much", created_at=NOW) for n in range(400)]
    put(index, much)
    others = [document(f"k{n:02}", "dune", created_at=NOW - timedelta(days=1 + n)) for n in range(30)]
    put(index, reversed(others))
    assert [hit.group for hit in ask(index, "", size=20).hits] == ["much", *(one.key for one in others[:19])]
    assert [hit.group for hit in ask(index, "", size=20, offset=20).hits] == [one.key for one in others[19:]]


@pytest.mark.usefixtures("little_is_much")
def test_of_one_topic_in_one_second_the_same_are_ranked_wherever_they_stand(folder: Path) -> None:
    documents = [document(f"k{n:03}", "brume", topic_key="one", created_at=NOW) for n in range(60)]
    found = []
    for seed in range(3):
        random.Random(seed).shuffle(documents)  # noqa: S311 - not a secret
        index = WhooshIndex(folder.with_name(f"index{seed}"))
        for at in range(0, 60, 17):
            put(index, documents[at : at + 17])
        found.append(ask(index, "brume"))
    assert found[0] == found[1] == found[2]
    assert keys(found[0]) == ["k059"]


@pytest.mark.usefixtures("little_is_much")
def test_what_is_not_in_the_index_yet_is_left_out_before_anything_is_counted(
    folder: Path,
) -> None:
    dice = random.Random(5)  # noqa: S311 - not a secret
    documents = drawn(dice, 300)
    index = filled(folder, documents, dice)
    gone = dice.sample(documents, 30)
    but = frozenset({*(one.id for one in gone[:15]), *(one.group for one in gone[15:])})
    left = [one for one in documents if one not in gone]
    for words in QUESTIONS:
        hits = ask(index, " ".join(words), 1, 2, size=5_000, but=but)
        assert keys(hits) == reference(left, words, left)


@pytest.mark.parametrize("size", [1, 7, 64, 1_000])
def test_bits_say_which_numbers_they_were_made_of(size: int) -> None:
    dice = random.Random(size)  # noqa: S311 - not a secret
    for many in {0, 1, size // 2, size}:
        numbers = sorted(dice.sample(range(size), many))
        bits = bits_of(size, [numbers[: many // 2], numbers[many // 2 :]])
        assert bits == sum(1 << number for number in numbers)
        assert list(numbers_in(bits)) == numbers


def test_what_is_kept_of_words_goes_with_the_parts_it_is_of(folder: Path) -> None:
    index = WhooshIndex(folder)
    for n in range(300):
        put(index, [document(f"k{n}", "brume")])
        assert ask(index, "brume").total == n + 1
    kept = [len(one) for one in index._worths._bits.values()]
    assert max(kept) <= len(index._open()._segments()) + 17
    counted = sum(whoosh_worth._bytes(one) for of in index._worths._bits.values() for one in of.values())
    assert index._worths.bytes_of_bits == counted


def test_threads_that_ask_the_same_at_once_count_what_is_kept_once(folder: Path) -> None:
    index = WhooshIndex(folder)
    for n in range(60):
        put(index, [document(f"k{n}-{m}", "brume dune galet") for m in range(3)])
    found: list[int] = []

    def read() -> None:
        found.extend(ask(index, word, size=size).total for size in range(20, 30) for word in WORDS[:3])

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(set(found)) == [0, 180]
    counted = sum(whoosh_worth._bytes(one) for of in index._worths._bits.values() for one in of.values())
    assert index._worths.bytes_of_bits == counted
