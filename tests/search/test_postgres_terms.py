"""What PostgreSQL's index keeps of a document: marks to be found by, and what each word is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from community.search import plan
from community.search.index import Filters
from community.search.postgres_terms import (
    SHARES,
    Weighing,
    in_title,
    narrowed,
    one_need,
    one_of,
    parts_of,
    since,
    terms_of,
    weighing_of,
    worth_of,
)
from tests.make.search import document

WRITTEN = datetime(2026, 3, 9, 23, tzinfo=UTC)


def weighed(question: str, body: str = "", title: str = "", context: str = "") -> list[float]:
    said = document("a", body, title=title, context=context)
    return Weighing(plan.needs_of(question)).of(worth_of(parts_of(said)))


def test_a_document_is_marked_with_where_it_stands_of_what_sort_it_is_and_its_day() -> None:
    said = replace(
        document("a", "mot", title="Sevrage", created_at=WRITTEN, topic_key="T"),
        region="qc-06",
        theme="alcohol",
        topic_kind="question",
        answered=False,
    )
    found = set(terms_of(said, parts_of(said)))
    assert {"#s1", "#tT", "#rqc-06", "#rqc", "#halcohol", "#kquestion", "#lfr", "#a0"} <= found
    assert {"@2026", "@2026-03", "@2026-03-09", "=mot", "!=sevrage"} <= found
    wanted = Filters(1, "qc", "alcohol", "question", "fr", answered=False)
    assert set(narrowed(wanted)) <= found


def test_each_share_holds_the_one_before_it_and_about_so_many() -> None:
    many = 4_000
    drawn = [set(terms_of(one, parts_of(one))) for one in (document(f"k{n}", "mot") for n in range(many))]
    shares = [{n for n, found in enumerate(drawn) if one_of(share) in found} for share in SHARES]
    assert shares[0] < shares[1] < shares[2]
    for share, found in zip(SHARES, shares, strict=True):
        assert 0.5 * many / share < len(found) < 1.7 * many / share


@pytest.mark.parametrize("back", [0, 1, 30, 200, 400, 3000])
def test_marks_since_a_day_cover_every_day_after_it_and_none_before(back: int) -> None:
    last = date(2026, 11, 22)
    first = last - timedelta(days=back)
    marks = list(since(first, last))
    assert len(marks) <= 31 + 12 + 10
    for away in range(-40, back + 1):
        day = (first + timedelta(days=away)).isoformat()
        covered = {f"@{day}", f"@{day[:7]}", f"@{day[:4]}"} & set(marks)
        assert bool(covered) is (away >= 0)


def test_a_word_is_worth_more_in_a_title_said_again_and_in_a_short_text() -> None:
    usual = " chose" * 118
    (titled,), (said,) = weighed("sevrage", usual, "Sevrage"), weighed("sevrage", "sevrage" + usual)
    (under,), (again,) = (
        weighed("sevrage", usual, context="Sevrage"),
        weighed("sevrage", "sevrage " * 2 + usual),
    )
    (in_long,), (in_short,) = weighed("sevrage", "sevrage" + usual * 3), weighed("sevrage", "sevrage")
    assert titled > again > said > in_long > 0
    assert in_short > said > under > 0
    assert weighed("naloxone", "sevrage") == [0.0]


def test_the_word_itself_is_worth_more_than_its_family_and_than_what_stands_for_it() -> None:
    (own,), (family,) = weighed("méthadone", "méthadone"), weighed("méthadones", "méthadone")
    (synonym,) = weighed("Suboxone", "buprénorphine")
    assert own > family > synonym > 0


def test_words_that_stand_for_one_together_count_only_together() -> None:
    assert weighed("surdose", "drug toxicity")[0] > 0
    assert weighed("surdose", "drug") == [0.0]


def test_a_long_question_is_weighed_like_a_short_one() -> None:
    long = " ".join(["sevrage", *(f"mot{n}" for n in range(30))])
    assert weighed(long, "le sevrage")[0] == weighed("sevrage", "le sevrage")[0]


def test_what_would_end_a_question_to_the_database_is_quoted() -> None:
    (need,) = plan.needs_of("l'\\'|&!")[:1] or plan.needs_of("mot")
    assert one_need(need).count("'") % 2 == 0
    assert in_title(need).startswith("('!")


def test_what_a_document_is_worth_is_worked_out_once_for_each_of_its_records(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = weighing_of(plan.needs_of("sevrage alcool"))
    first, changed = (
        worth_of(parts_of(document("a", said))) for said in ("Le sevrage.", "Le sevrage, l’alcool.")
    )
    read: list[bytes] = []

    def of(worth: bytes) -> list[float]:
        read.append(worth)
        return Weighing.of(asked, worth)

    monkeypatch.setattr(asked, "of", of)
    found = [asked.known("a", worth) for worth in (first, first, changed, first)]
    assert read == [first, changed]
    assert found[0] == found[1] == found[3] == tuple(Weighing.of(asked, first))
    assert found[2] == tuple(Weighing.of(asked, changed)) != found[0]
    assert weighing_of(plan.needs_of("sevrage alcool")) is asked


def test_of_one_question_no_more_documents_are_remembered_than_a_thousand() -> None:
    asked = Weighing(plan.needs_of("sevrage"))
    for place in range(1_500):
        asked.known(str(place), worth_of(parts_of(document("a", "Le sevrage."))))
    assert 0 < len(asked._known) <= 1_000
