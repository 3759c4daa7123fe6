"""What a bad line costs: itself, with its reason, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from community.forum.importing import questions, stackexchange
from community.forum.importing.plan import Thread
from community.forum.importing.report import Report
from community.forum.importing.rows import LONGEST_LINE, read_rows

AT = "2015-03-01T10:00:00"


def write(folder: Path, name: str, *rows: dict[str, Any] | str | bytes) -> Path:
    lines = [row if isinstance(row, str | bytes) else json.dumps(row) for row in rows]
    file = folder / name
    file.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\n")
    return file


def question(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "question",
        "title": f"Question {number}",
        "body_html": "<p>Why?</p>",
        "author_id": 1,
        "created_at": AT,
        **more,
    }


def answer(number: int, parent: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "answer",
        "parent_id": parent,
        "body_html": "<p>So.</p>",
        "author_id": 2,
        "created_at": AT,
        **more,
    }


def comment(number: int, post: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "post_id": post, "text": "Hm.", "author_id": 1, "created_at": AT, **more}


def threads(
    folder: Path,
    posts: list[Any],
    comments: Sequence[Any] = (),
) -> tuple[list[Thread], Report]:
    """What the reader makes of these rows."""
    write(folder, "posts.jsonl", *posts)
    write(folder, "comments.jsonl", *comments)
    write(folder, "users.jsonl", {"id": 1, "display_name": "Ann"}, {"id": 2, "display_name": "Bo"})
    report = Report()
    return list(stackexchange.read(folder, stackexchange.site_of(folder), report)), report


def refusals(report: Report) -> list[tuple[str, int, str]]:
    return [(said.file, said.line, said.words) for said in report.refused]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"id": 1,', "not JSON"),
        ("[1, 2]", "not an object"),
        ("NaN NaN", "not JSON"),
        (b'{"id": "\xff\xfe"}', "not UTF-8"),
        (b'{"id": "a\x00b"}', "not JSON"),
        ("[" * 100_000, "not JSON that can be read"),
        ('{"id": ' + "9" * 5_000 + "}", "not JSON that can be read"),
        (question(1, id=None), "id is missing"),
        (question(1, id=[1]), "id is neither a number nor a text"),
        (question(1, id="x" * 300), "id is empty or longer than 200 characters"),
        (question(1, type=None), "type is missing"),
        (question(1, title=None), "title is missing"),
        (question(1, title=" a "), "title is too short"),
        (question(1, title=5), "title is not a text"),
        (question(1, body_html=""), "body_html is missing"),
        (question(1, body_html="\u0000 "), "body_html is empty"),
        (question(1, created_at=None), "created_at is missing"),
        (question(1, created_at="yesterday"), "created_at is not a date: yesterday"),
        (question(1, created_at=12), "created_at is not a date: 12"),
        (question(1, created_at="0001-01-01T00:00:00"), "created_at cannot be right"),
        (question(1, created_at="2999-01-01T00:00:00"), "created_at cannot be right"),
        (question(1, created_at="0001-01-01T00:00:00+14:00"), "created_at is not a date"),
        (answer(9, 77), "answers question 77, which is not here"),
        (answer(9, 0, parent_id=None), "parent_id is missing"),
        (answer(2, 2), "id 2 stands in line 1 already"),
    ],
)
def test_a_bad_post_is_refused_with_its_line_and_the_others_load(
    tmp_path: Path, row: Any, reason: str
) -> None:
    found, report = threads(tmp_path, [question(2), row, answer(3, 2)])
    assert [len(thread.entries) for thread in found] == [2]
    ((file, line, words),) = refusals(report)
    assert (file, line) == ("posts.jsonl", 2)
    assert words.startswith(reason)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "not JSON"),
        (comment(1, 2, text=""), "text is missing"),
        (comment(1, 77), "is about post 77, which is not here"),
        (comment(8, 2), "id 8 stands in line 1 already"),
        (comment(1, 2, created_at="2999-01-01"), "created_at cannot be right"),
    ],
)
def test_a_bad_comment_is_refused_with_its_line(tmp_path: Path, row: Any, reason: str) -> None:
    found, report = threads(tmp_path, [question(2)], [comment(8, 2), row])
    assert len(found[0].entries) == 2
    ((file, line, words),) = refusals(report)
    assert (file, line) == ("comments.jsonl", 2)
    assert words.startswith(reason)


def test_an_answer_may_stand_before_its_question(tmp_path: Path) -> None:
    found, report = threads(tmp_path, [answer(3, 2), question(2)])
    assert [entry.kind for entry in found[0].entries] == ["question", "answer"]
    assert not report.refused


def test_answers_to_a_refused_question_are_refused_too(tmp_path: Path) -> None:
    found, report = threads(tmp_path, [question(2, title=None), answer(3, 2)], [comment(1, 3)])
    assert found == []
    assert [words for _, _, words in refusals(report)] == [
        "title is missing",
        "answers question 2, which is not here",
        "is about post 3, which is not here",
    ]


def test_other_types_are_skipped_and_counted(tmp_path: Path) -> None:
    other = {"id": 9, "type": "other:4", "body_html": ""}
    _, report = threads(tmp_path, [question(2), other, {**other, "id": 10}])
    assert dict(report.skipped) == {"other:4": 2}
    assert not report.refused


def test_characters_that_cannot_be_stored_are_left_out_with_a_notice(tmp_path: Path) -> None:
    found, report = threads(tmp_path, [question(2, title="A\u0000 title", body_html="<p>a\ud800b</p>")])
    assert found[0].title == "A title"
    assert found[0].question.words == "<p>ab</p>"
    assert {said.words.split(":")[0] for said in report.notices} == {"title", "body_html"}


def test_optional_facts_that_are_wrong_are_left_out_with_a_notice(tmp_path: Path) -> None:
    row = question(2, edited_at="soon", closed_at="2999-01-01", accepted_answer_id=5)
    found, report = threads(tmp_path, [row])
    assert (found[0].question.edited_at, found[0].closed) == (None, False)
    assert len(report.notices) == 3
    assert not report.refused


def test_a_missing_file_of_users_leaves_names_to_the_rows(tmp_path: Path) -> None:
    write(tmp_path, "posts.jsonl", question(2, author_name="Ann"), answer(3, 2))
    report = Report()
    (thread,) = stackexchange.read(tmp_path, stackexchange.site_of(tmp_path), report)
    assert [entry.author.name for entry in thread.entries] == ["Ann", "user2"]
    assert {said.file for said in report.notices} == {"users.jsonl", "comments.jsonl"}


def test_who_is_no_longer_there_is_one_shared_author(tmp_path: Path) -> None:
    gone = {"author_id": None}
    named = {"author_id": None, "author_name": "user77"}
    found, _ = threads(tmp_path, [question(2, **gone), answer(3, 2, **gone), answer(4, 2, **named)])
    first, second, third = (entry.author for entry in found[0].entries)
    assert first == second
    assert first.name == ""
    assert third.name == "user77"


def test_everything_stands_in_the_order_of_its_dates(tmp_path: Path) -> None:
    at = "2015-03-0{}T10:00:00".format
    posts = [question(2, created_at=at(2)), answer(3, 2, created_at=at(4)), answer(4, 2, created_at=at(6))]
    comments = [
        comment(1, 4, created_at=at(7)),
        comment(2, 2, created_at=at(3)),
        comment(3, 3, created_at=at(5)),
        comment(4, 4, created_at=at(1)),  # an absurd one never stands before what it is about
    ]
    found, _ = threads(tmp_path, posts, comments)
    order = [entry.key.rsplit(":", 2)[1:] for entry in found[0].entries]
    assert [f"{kind} {number}" for kind, number in order] == [
        "post 2",
        "comment 2",
        "post 3",
        "comment 3",
        "post 4",
        "comment 4",
        "comment 1",
    ]


def test_the_folder_s_name_says_where_it_comes_from_unless_the_operator_does(tmp_path: Path) -> None:
    folder = tmp_path / "history-meta-stackexchange"
    folder.mkdir()
    assert stackexchange.site_of(folder).address == "https://history.meta.stackexchange.com"
    assert stackexchange.site_of(folder, "https://Cooking.example.org/x").name == "cooking.example.org"
    assert stackexchange.site_of(tmp_path).address == ""


def test_a_line_without_end_is_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path, "a.jsonl", b"x" * (LONGEST_LINE * 2), {"id": 1}, "", "\ufeff")
    report = Report()
    assert [row.line for row in read_rows(file, report)] == [2]
    assert refusals(report) == [("a.jsonl", 1, "longer than 4,000,000 bytes")]


PAIR = {
    "id": "1-1",
    "source": "GARD",
    "url": "https://example.org/a",
    "question": "What is it ?",
    "answer": "This.",
}


def pairs(folder: Path, *rows: Any) -> tuple[list[Thread], Report]:
    file = write(folder, "medquad_some.jsonl", *rows)
    report = Report()
    return list(questions.read(file, questions.collection_of(file), report)), report


def test_a_pair_becomes_a_question_of_the_collection_with_a_kept_answer_of_its_source(tmp_path: Path) -> None:
    ((thread,), report) = pairs(tmp_path, {**PAIR, "synonyms": ["That", "Those"], "focus": "It"})
    asked, kept = thread.entries
    assert thread.title == "What is it?"
    assert asked.words == "What is it?\n\n(That; Those)"
    assert (asked.author.name, kept.author.name) == ("MedQuAD", "MedQuAD: GARD")
    assert [source.label for source in asked.sources] == ["MedQuAD, CC BY 4.0"]
    assert [(source.ref, source.label) for source in kept.sources] == [("https://example.org/a", "GARD, It")]
    assert kept.accepted
    assert str(kept.valid_until) == "2021-01-01"
    assert not report.refused


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({**PAIR, "answer": ""}, "answer is missing"),
        ({**PAIR, "answer": {}}, "answer is not a text"),
        ({**PAIR, "question": None}, "question is missing"),
        (PAIR, "the same question stands in line 1 already"),
        ("", None),
    ],
)
def test_a_bad_pair_is_refused_with_its_line(tmp_path: Path, row: Any, reason: str | None) -> None:
    found, report = pairs(tmp_path, PAIR, row)
    assert len(found) == 1
    assert [words for _, _, words in refusals(report)] == ([reason] if reason else [])


def test_ids_that_two_questions_share_are_no_trouble(tmp_path: Path) -> None:
    found, report = pairs(tmp_path, PAIR, {**PAIR, "question": "What else?"}, {**PAIR, "source": "CDC"})
    assert len({thread.key for thread in found}) == 3
    assert not report.refused


def test_an_odd_address_leaves_the_name_of_the_source(tmp_path: Path) -> None:
    ((thread,), _) = pairs(tmp_path, {**PAIR, "url": "javascript:alert(1)"})
    assert [(source.kind, source.ref, source.label) for source in thread.entries[1].sources] == [
        ("guideline", "", "GARD")
    ]
