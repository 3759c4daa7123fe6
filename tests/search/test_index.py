"""Both engines: what is found, in which order, and that nothing unseen changes it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from community.search.index import Document, Filters, SearchIndex
from tests.make.search import NOW, ask, document, keys, put

TEXTS = [
    document("bup", "Commencer la buprénorphine au cabinet, en trois jours.", lang="fr"),
    document("bup-en", "Starting buprenorphine in the office over three days.", lang="en"),
    document("metha", "Doses de méthadone manquées pendant une fin de semaine.", lang="fr"),
    document("deces", "Un décès par surdose dans la famille, et le cœur lourd.", lang="fr"),
    document("epuise", "Les infirmières sont épuisées ; leur épuisement se voit.", lang="fr"),
    document("refuge", "L’hébergement d’urgence ferme à minuit.", lang="fr"),
    document("oat", "OAT in detention: who prescribes on release?", lang="en"),
    document("scs", "Ouvrir un site de consommation supervisée à la campagne.", lang="fr"),
    document("loi", "Le projet de loi C-24 et la possession simple.", lang="fr"),
    document("hepc", "Hepatitis C treatment beside naloxone kits.", lang="en"),
]


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    put(index, TEXTS)
    return index


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("décès", "deces"),
        ("deces", "deces"),
        ("DECES", "deces"),
        ("coeur", "deces"),
        ("cœurs", "deces"),
        ("épuisement", "epuise"),
        ("epuise", "epuise"),
        ("l'hébergement", "refuge"),
        ("l’hebergement", "refuge"),
        ("hebergement d urgence", "refuge"),
        ("urgences", "refuge"),
        ("C-24", "loi"),
        ("c24", "loi"),
        ("methadone", "metha"),
        ("méthadones", "metha"),
        ("prescribing", "oat"),
        ("hépatite C", "hepc"),
        ('"hepatitis c"', "hepc"),
        ("Comment ouvrir un SCS ?", "scs"),
        ("supervised consumption site", "scs"),
        ("TAO en détention", "oat"),
        ("traitement par agonistes opioïdes", "oat"),
        ("Narcan", "hepc"),
        ("overdose", "deces"),
    ],
)
def test_what_is_asked_in_many_ways_is_found(filled: SearchIndex, text: str, found: str) -> None:
    assert keys(ask(filled, text))[0] == found


def test_a_brand_finds_the_substance_in_both_languages(filled: SearchIndex) -> None:
    assert set(keys(ask(filled, "Suboxone"))) == {"bup", "bup-en"}


@pytest.mark.parametrize(
    ("text", "found", "suggestion"),
    [
        ("metadonne", "metha", "méthadone"),
        ("bupernorfine au cabinet", "bup", "buprénorphine au cabinet"),
        ("lhebergement", "refuge", "hébergement"),
        ("surdoze familiale", "deces", "surdose familiale"),
        ("suprevisée", "scs", "supervisée"),
        ("Detention: prescribing on relase", "oat", "Detention: prescribing on release"),
    ],
)
def test_a_misspelt_word_finds_what_was_meant_and_says_so(
    filled: SearchIndex, text: str, found: str, suggestion: str
) -> None:
    hits = ask(filled, text)
    assert keys(hits)[0] == found
    assert hits.suggestion == suggestion


def test_a_word_that_is_found_gets_no_suggestion(filled: SearchIndex) -> None:
    assert ask(filled, "naloxone").suggestion == ""


def test_a_word_of_no_kind_finds_nothing(filled: SearchIndex) -> None:
    hits = ask(filled, "zzyzxqwk")
    assert (hits.hits, hits.total, hits.suggestion) == ((), 0, "")


HOSTILE = [
    "'",
    '"x',
    "AND",
    "OR OR OR",
    "NOT",
    "(((",
    "*:*",
    "body:naloxone^100",
    "naloxone~9",
    "%' OR 1=1 --",
    "\\",
    "' | '!&",
    "\x00naloxone",
    "a" * 50_000,
    "naloxone " * 10_000,
    " ".join(f"mot{n}" for n in range(10_000)),
    "💊 ᐃᓄᒃ 你好",
    "l'",
    "'''",
    "=naloxone ^naloxone",
    "1" * 500,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_any_text_is_a_question(filled: SearchIndex, text: str) -> None:
    hits = ask(filled, text)
    assert hits.total >= len(hits.hits)


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()], ids=lambda text: repr(text[:12]))
def test_any_text_can_be_indexed_and_found_by_it(index: SearchIndex, text: str) -> None:
    put(index, [document("odd", text, lang=""), document("other", "rien de tel")])
    assert "odd" in keys(ask(index, text)) or not any(c.isalnum() for c in text)


@pytest.mark.parametrize("text", ["", "   ", "!?", "\n\t"])
def test_an_empty_question_gives_everything_newest_first(index: SearchIndex, text: str) -> None:
    put(index, [document(f"k{day}", "texte", created_at=NOW - timedelta(days=day)) for day in (3, 1, 2)])
    hits = ask(index, text)
    assert keys(hits) == ["k1", "k2", "k3"]
    assert hits.total == 3


def test_nothing_was_put_in_yet(index: SearchIndex) -> None:
    assert ask(index, "naloxone").total == 0
    assert ask(index, "").total == 0
    assert index.size() == 0
    assert not index.ready()


# Order


def test_a_title_says_more_than_a_body(index: SearchIndex) -> None:
    put(
        index,
        [
            document("body", "On parle ici de sevrage et puis de bien autre chose."),
            document("title", "On parle ici de bien autre chose.", title="Sevrage à domicile"),
        ],
    )
    assert keys(ask(index, "sevrage")) == ["title", "body"]


def test_the_rarer_word_counts_more(index: SearchIndex) -> None:
    put(index, [document(f"c{n}", "traitement du patient") for n in range(8)])
    put(index, [document("rare", "maison et la naloxone"), document("both", "traitement et la naloxone")])
    assert keys(ask(index, "traitement naloxone"))[:1] == ["both"]


def test_of_two_equal_texts_the_newer_comes_first(index: SearchIndex) -> None:
    put(
        index,
        [
            document("old", "sevrage à domicile", created_at=NOW - timedelta(days=900)),
            document("new", "sevrage à domicile", created_at=NOW - timedelta(days=9)),
        ],
    )
    assert keys(ask(index, "sevrage")) == ["new", "old"]


def test_an_old_text_that_says_more_still_comes_first(index: SearchIndex) -> None:
    put(
        index,
        [
            document("old", "Le sevrage.", title="Sevrage à domicile", created_at=NOW - timedelta(days=2000)),
            document("new", "Un mot sur le sevrage, en passant, dans un long message " + "sans suite " * 40),
        ],
    )
    assert keys(ask(index, "sevrage")) == ["old", "new"]


def test_the_word_itself_comes_before_its_synonym(index: SearchIndex) -> None:
    put(index, [document("syn", "Suboxone ce matin"), document("own", "buprénorphine ce matin")])
    assert keys(ask(index, "buprénorphine")) == ["own", "syn"]
    assert keys(ask(index, "Suboxone")) == ["syn", "own"]


# Topics


def test_a_topic_is_shown_once_under_its_best_post(index: SearchIndex) -> None:
    put(
        index,
        [
            document("t1", "Question", title="Doses manquées", kind="topic", topic_key="T"),
            document("p2", "Rien à dire", topic_key="T", context="Doses manquées"),
            document("p3", "naloxone, naloxone et naloxone", topic_key="T", context="Doses manquées"),
        ],
    )
    hits = ask(index, "naloxone")
    assert [(hit.key, hit.group) for hit in hits.hits] == [("p3", "T")]
    assert hits.total == 1
    assert keys(ask(index, "doses manquées")) == ["t1"]


def test_pages_follow_each_other_without_gap_or_repeat(index: SearchIndex) -> None:
    put(index, [document(f"k{n:02d}", "sevrage") for n in range(45)])
    pages = [ask(index, "sevrage", offset=offset) for offset in (0, 20, 40, 60)]
    found = [key for page in pages for key in keys(page)]
    assert len(found) == len(set(found)) == 45
    assert {page.total for page in pages} == {45}


# What one sees


def test_only_the_spaces_one_sees_are_searched(index: SearchIndex) -> None:
    put(index, [document("mine", "sevrage", space_id=1), document("theirs", "sevrage", space_id=2)])
    assert keys(ask(index, "sevrage", 1)) == ["mine"]
    assert set(keys(ask(index, "sevrage", 1, 2))) == {"mine", "theirs"}
    assert ask(index, "sevrage", 3).total == 0
    assert ask(index, "", 1).total == 1


def test_an_invited_guest_finds_that_topic_and_nothing_else_of_its_space(index: SearchIndex) -> None:
    put(
        index,
        [
            document("in", "sevrage", space_id=2, topic_key="T"),
            document("out", "sevrage", space_id=2, topic_key="U"),
        ],
    )
    assert keys(ask(index, "sevrage", 1, topic_keys=frozenset({"T"}))) == ["in"]


def test_what_changed_since_it_was_indexed_is_left_out(index: SearchIndex) -> None:
    put(index, [document("a", "sevrage", topic_key="T"), document("b", "sevrage"), document("c", "sevrage")])
    hits = ask(index, "sevrage", but=frozenset({"T", "post:b"}))
    assert keys(hits) == ["c"]
    assert hits.total == 1


def world(rng: random.Random, space: int, many: int, words: list[str]) -> list[Document]:
    return [
        document(
            f"s{space}n{n}",
            " ".join(rng.choices(words, k=rng.randint(3, 60))),
            title=" ".join(rng.choices(words, k=3)),
            space_id=space,
            topic_key=f"T{space}-{n // 3}",
            created_at=NOW - timedelta(days=rng.randint(1, 900)),
        )
        for n in range(many)
    ]


SEEN_WORDS = "sevrage naloxone dose patient refuge équipe méthadone grossesse tao suivi douleur".split()  # noqa: SIM905
UNSEEN_WORDS = [
    *SEEN_WORDS,
    "buprénorphine",
    "surdose",
    "fentanyl",
    "metadone",
    "naloxonne",
    "opioïde",
    "SCS",
]
QUESTIONS = [
    "sevrage",
    "naloxone dose",
    "metadonne",  # a misspelling whose likeliest word differs in the unseen world
    "naloxonne",
    "buprenorphine",
    "fentanil grossesse",
    "surdoze",
    "OAT et suivi de la douleur en refuge",
    "",
    "zzz",
]


def test_what_one_may_not_see_changes_nothing(index: SearchIndex) -> None:
    rng = random.Random(7)  # noqa: S311 - the same two worlds each time
    seen = world(rng, 1, 30, SEEN_WORDS)
    unseen = world(rng, 2, 60, UNSEEN_WORDS)
    put(index, seen)
    alone = [ask(index, text) for text in QUESTIONS]
    index.clear()
    put(index, unseen[:30])
    mixed = [*seen, *unseen[30:]]
    rng.shuffle(mixed)
    put(index, mixed)
    together = [ask(index, text) for text in QUESTIONS]
    assert together == alone
    assert alone[0].total > 0


# Filters


FILTERED = [
    document(
        "on-q",
        "sevrage",
        region="on",
        theme="opioids",
        topic_kind="question",
        answered=False,
        lang="en",
        created_at=datetime(2026, 5, 1, tzinfo=UTC),
    ),
    document(
        "mtl-q",
        "sevrage",
        region="qc-06",
        theme="alcohol",
        topic_kind="question",
        answered=True,
        created_at=datetime(2026, 6, 1, tzinfo=UTC),
    ),
    document(
        "qc-d", "sevrage", region="qc", topic_kind="discussion", created_at=datetime(2026, 7, 1, tzinfo=UTC)
    ),
    document(
        "two", "sevrage", space_id=2, topic_kind="announcement", created_at=datetime(2026, 8, 1, tzinfo=UTC)
    ),
]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), {"on-q", "mtl-q", "qc-d", "two"}),
        (Filters(space_id=2), {"two"}),
        (Filters(space_id=3), set()),
        (Filters(region="qc"), {"mtl-q", "qc-d"}),
        (Filters(region="qc-06"), {"mtl-q"}),
        (Filters(region="xx"), set()),
        (Filters(theme="opioids"), {"on-q"}),
        (Filters(topic_kind="question"), {"on-q", "mtl-q"}),
        (Filters(lang="en"), {"on-q"}),
        (Filters(answered=True), {"mtl-q"}),
        (Filters(answered=False), {"on-q"}),
        (Filters(after=datetime(2026, 6, 1, tzinfo=UTC)), {"mtl-q", "qc-d", "two"}),
        (Filters(before=datetime(2026, 6, 1, tzinfo=UTC)), {"on-q"}),
        (Filters(region="qc", topic_kind="question", answered=True), {"mtl-q"}),
        (Filters(theme="' OR 1=1"), set()),
    ],
)
@pytest.mark.parametrize("text", ["sevrage", ""])
def test_filters_narrow(index: SearchIndex, text: str, filters: Filters, found: set[str]) -> None:
    put(index, FILTERED)
    hits = ask(index, text, 1, 2, filters=filters)
    assert set(keys(hits)) == found
    assert hits.total == len(found)


# Writing


def test_putting_again_replaces(index: SearchIndex) -> None:
    first = document("a", "sevrage", title="Ancien titre")
    put(index, [first])
    put(index, [replace(first, body="grossesse", title="Nouveau", space_id=2)])
    assert ask(index, "sevrage").total == 0
    assert keys(ask(index, "grossesse", 2)) == ["a"]
    assert index.size() == 1
    assert index.ids() == {"post:a"}


def test_the_same_document_twice_in_one_batch_is_one(index: SearchIndex) -> None:
    put(index, [document("a", "sevrage"), document("a", "grossesse")])
    assert index.size() == 1
    assert keys(ask(index, "grossesse")) == ["a"]


def test_what_is_dropped_is_found_no_more(index: SearchIndex) -> None:
    put(index, [document("a", "sevrage"), document("b", "sevrage")])
    index.replace(["post:a", "post:unknown"], [])
    assert keys(ask(index, "sevrage")) == ["b"]
    assert index.size() == 1


def test_a_dropped_word_is_no_longer_suggested(index: SearchIndex) -> None:
    put(index, [document("a", "méthadone"), document("b", "sevrage")])
    index.replace(["post:a"], [])
    assert ask(index, "metadone").suggestion == ""


def test_an_index_is_ready_once_it_was_completed_and_until_it_is_cleared(index: SearchIndex) -> None:
    put(index, TEXTS)
    assert not index.ready()
    index.complete()
    assert index.ready()
    put(index, [document("more", "sevrage")])
    assert index.ready()
    index.clear()
    assert not index.ready()
    assert index.size() == 0


def test_putting_nothing_and_dropping_nothing_is_harmless(index: SearchIndex) -> None:
    put(index, [])
    index.replace([], [])
    put(index, [document("a", "sevrage")])
    index.replace([], [])
    assert index.size() == 1
