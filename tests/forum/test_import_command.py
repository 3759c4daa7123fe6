"""``flask forum import``: threads, authors, dates, kept answers, twice, stopped, and by the line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from markupsafe import escape
from sqlalchemy import func, select

from community.accounts.models import Persona
from community.core import publish
from community.core.db import db, transaction
from community.core.errors import Invalid
from community.core.jobs import Job
from community.core.sealing import write_keyring
from community.core.text import MAX_BODY
from community.forum import cli
from community.forum.cli import TOGETHER
from community.forum.importing import writeup
from community.forum.models import Post, PostSource, Space, Topic
from community.forum.services.posts import recount
from community.forum.services.spaces import load_first_spaces
from config import ROOT
from ground.sharing import DONE_ELSEWHERE
from tests.conftest import RING, build_app
from tests.forum.test_import_rows import PAIR, answer, comment, question, write
from tests.reference import reference_data as reference_data

Where = Any


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``run(path, "--json")``: the command, into the public square, where nobody else waits to write."""
    monkeypatch.setattr(cli, "BREATH", 0)
    with transaction():
        load_first_spaces()

    def run(path: Path, *words: str, space: str = "public-square") -> Result:
        result = app.test_cli_runner().invoke(args=["forum", "import", str(path), "--space", space, *words])
        db.session.expire_all()
        return result

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A question with two answers, one accepted, and two comments, by three people."""
    at = "2015-03-0{}T10:00:00.5".format
    write(
        tmp_path,
        "posts.jsonl",
        question(1, accepted_answer_id=3, created_at=at(1), closed_at=at(8), tags=["x"], score=9),
        answer(2, 1, created_at=at(2), author_id=1, edited_at=at(5)),
        answer(3, 1, created_at=at(4), body_html='<p>See <a href="/q/9">nine</a>.</p>'),
    )
    write(
        tmp_path,
        "comments.jsonl",
        comment(1, 1, created_at=at(3), author_id=None, author_name="Ce*s"),
        comment(2, 3, created_at=at(6), author_id=None),
    )
    write(tmp_path, "users.jsonl", {"id": 1, "display_name": "Ann"}, {"id": 2, "display_name": "Bo"})
    return tmp_path


def the_posts() -> list[Post]:
    return list(db.session.scalars(select(Post).order_by(Post.topic_id, Post.number)))


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def figures(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_thread_arrives_with_its_dates_its_people_and_its_kept_answer(run: Where, folder: Path) -> None:
    said = figures(run(folder, "--json", "--site", "https://forum.example.org"))
    assert {
        name: said[name] for name in ("threads", "posts", "answers", "comments", "accepted", "authors")
    } == {
        "threads": 1,
        "posts": 5,
        "answers": 2,
        "comments": 2,
        "accepted": 1,
        "authors": 4,
    }
    topic = db.session.scalars(select(Topic)).one()
    assert (topic.title, topic.kind, topic.state, topic.lang) == ("Question 1", "question", "closed", "en")
    assert topic.created_at == datetime(2015, 3, 1, 10, 0, 0, 500_000, UTC)
    assert topic.last_post_at == datetime(2015, 3, 6, 10, 0, 0, 500_000, UTC)
    assert (topic.post_count, topic.last_number, topic.accepted_count) == (5, 5, 1)
    # Ann asked and wrote the second post; the first of somebody else is the comment.
    assert topic.answered_at == datetime(2015, 3, 3, 10, 0, 0, 500_000, UTC)
    posts = the_posts()
    assert [post.number for post in posts] == [1, 2, 3, 4, 5]
    kept = posts[3]
    assert kept.accepted_at == kept.created_at
    assert (kept.accepted_by, kept.jurisdiction, str(kept.valid_until)) == (
        topic.author_id,
        None,
        "2017-03-04",
    )
    assert kept.body == "See [nine](https://forum.example.org/q/9)."
    assert posts[1].edited_at is not None


def test_comments_are_replies_that_say_what_they_answer(run: Where, folder: Path) -> None:
    run(folder)
    posts = the_posts()
    assert posts[2].body == f"> [Ann](/posts/{posts[0].key})\n\nHm."
    assert posts[4].body == f"> [Bo](/posts/{posts[3].key})\n\nHm."
    assert f'href="/posts/{posts[0].key}"' in posts[2].html


def test_authors_are_imported_names_without_a_member_and_who_left_has_none(run: Where, folder: Path) -> None:
    run(folder)
    people = {row.name: row for row in db.session.scalars(select(Persona).where(Persona.kind == "imported"))}
    assert set(people) == {"Ann", "Bo", "Ce*s", ""}
    assert {row.state for name, row in people.items() if name} == {"active"}
    assert people[""].state == "former"
    assert all(row.skeleton is None and row.imported_from for row in people.values())


def test_the_source_and_its_licence_stand_under_the_first_post(run: Where, folder: Path) -> None:
    run(folder, "--site", "https://forum.example.org")
    source = db.session.scalars(select(PostSource)).one()
    assert source.post_id == the_posts()[0].id
    assert (source.kind, source.ref) == ("url", "https://forum.example.org/questions/1")
    assert source.label == "forum.example.org, question 1, CC BY-SA 3.0"


def test_an_unknown_source_is_named_after_its_folder(run: Where, folder: Path) -> None:
    run(folder)
    source = db.session.scalars(select(PostSource)).one()
    assert (source.kind, source.ref) == ("guideline", "")
    assert source.label == f"{folder.name}, question 1, CC BY-SA 3.0"


def test_a_second_run_changes_nothing(run: Where, folder: Path) -> None:
    run(folder)
    before = [(post.key, post.html) for post in the_posts()]
    said = figures(run(folder, "--json", space="policy"))
    assert (said["threads"], said["authors"], said["here_already"]) == (0, 0, 1)
    assert [(post.key, post.html) for post in the_posts()] == before


def test_a_dry_run_reports_the_same_and_writes_nothing(run: Where, folder: Path) -> None:
    dry = figures(run(folder, "--json", "--dry-run"))
    assert (count(Topic), count(Post), count(Persona)) == (0, 0, 0)
    assert dry == figures(run(folder, "--json"))


def test_the_counters_are_those_that_a_recount_finds(run: Where, folder: Path) -> None:
    write(folder, "pairs.jsonl", PAIR)
    run(folder)
    run(folder / "pairs.jsonl")
    names = ("post_count", "last_post_at", "answered_at", "accepted_count", "review_by")
    for topic in db.session.scalars(select(Topic)):
        before = [getattr(topic, name) for name in names]
        with transaction():
            recount(topic)
        assert [getattr(topic, name) for name in names] == before


def test_an_unknown_space_is_a_sentence_and_an_exit_code(run: Where, folder: Path) -> None:
    result = run(folder, space="nowhere")
    assert result.exit_code == 2
    assert "There is no space called nowhere. There are: public-square" in result.stderr
    assert count(Topic) == 0


def test_a_folder_without_posts_is_a_sentence_and_an_exit_code(run: Where, tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "is neither a file nor a folder with posts.jsonl" in result.stderr


def test_a_path_that_is_not_there_is_a_usage_error(run: Where, tmp_path: Path) -> None:
    assert run(tmp_path / "gone").exit_code == 2


def test_bad_lines_are_named_on_standard_output_and_the_rest_loads(run: Where, folder: Path) -> None:
    with (folder / "posts.jsonl").open("a") as file:
        file.write('{"id": 4\n' + json.dumps(question(5, title="x" * 301, created_at="2015-01-01")) + "\n")
    result = run(folder)
    assert "  refused posts.jsonl:4 not JSON:" in result.stdout
    assert "  notice posts.jsonl:5 title cut at 300 characters" in result.stdout
    assert "threads: 2\n" in result.stdout
    titles = sorted(db.session.scalars(select(Topic.title)), key=len)
    assert len(titles[1]) <= 300
    assert titles[1].endswith("…")


def test_a_text_over_the_limit_becomes_several_posts_in_a_row(run: Where, folder: Path) -> None:
    long = "".join(f"<p>{'word ' * 500}{n}.</p>" for n in range(20))
    write(folder, "posts.jsonl", question(1, accepted_answer_id=2), answer(2, 1, body_html=long))
    said = figures(run(folder, "--json"))
    parts = [post for post in the_posts() if post.body.startswith("(")]
    assert [part.body[:5] for part in parts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert [part.number for part in parts] == [2, 3, 4]
    assert [part.accepted_at is not None for part in parts] == [True, False, False]
    assert all(len(part.body) <= MAX_BODY for part in parts)
    assert (said["split"], said["answers"], said["posts"]) == (1, 1, 5)
    assert said["notices"][0]["words"] == "too long for one post: split into 3"


def test_a_text_of_which_nothing_is_left_is_refused_and_a_question_keeps_its_title(
    run: Where, folder: Path
) -> None:
    picture = '<p><img src="https://x.org/a.png" alt="enter image description here"></p>'
    write(folder, "posts.jsonl", question(1, body_html=picture), answer(3, 1, body_html=picture))
    said = figures(run(folder, "--json"))
    assert the_posts()[0].body == "Question 1"
    assert {row["file"]: row["words"] for row in said["refused"]} == {
        "posts.jsonl": "nothing is left of its text but pictures or empty lines",
        "comments.jsonl": "what it is about was refused",
    }


def test_what_stands_between_an_import_and_storage_is_asked(
    run: Where, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def guard(text: publish.Text) -> None:
        asked.append((text.place, text.imported, text.author_id))
        if "nine" in text.words:
            raise Invalid("body", "It names somebody.")

    monkeypatch.setattr(publish, "_checks", [guard])
    said = figures(run(folder, "--json"))
    assert set(asked) == {("post", True, None), ("topic", True, None)}
    assert {(row["line"], row["words"]) for row in said["refused"]} == {
        (3, "It names somebody."),
        (2, "what it is about was refused"),
    }
    assert said["posts"] == 3


def test_it_is_announced_by_the_topic_and_in_the_slowest_lane(run: Where, folder: Path) -> None:
    run(folder)
    jobs = list(db.session.scalars(select(Job).where(Job.name.notlike("core.%"))))
    assert all(job.lane == 20 for job in jobs if "topic_ids" in job.arguments)
    assert not [job for job in jobs if "post_id" in job.arguments]


def test_a_foreign_text_is_in_its_own_language(run: Where, tmp_path: Path) -> None:
    french = "La buprénorphine est-elle offerte dans cette région, et qui peut la prescrire aujourd’hui ?"
    write(tmp_path, "pairs.jsonl", {"question": french, "answer": "Oui, dans la plupart des pharmacies."})
    run(tmp_path / "pairs.jsonl")
    assert db.session.scalars(select(Topic.lang)).one() == "fr"
    assert {post.lang for post in the_posts()} == {"fr"}


def test_pairs_of_unknown_age_are_due_for_review_and_the_operator_may_date_them(
    run: Where, tmp_path: Path
) -> None:
    pair = {"question": "Is it known?", "answer": "It is."}
    write(tmp_path, "pairs.jsonl", pair)
    write(tmp_path, "dated.jsonl", {**pair, "question": "And when?"})
    run(tmp_path / "pairs.jsonl")
    run(tmp_path / "dated.jsonl", "--dated", "2020-05-31", "--licence", "CC BY 4.0")
    undated, dated = (post for post in the_posts() if post.accepted_at)
    assert undated.valid_until == undated.created_at.date()
    assert str(dated.valid_until) == "2022-05-31"
    labels = set(db.session.scalars(select(PostSource.label)))
    assert labels == {"pairs", "dated, CC BY 4.0"}


def test_killed_and_started_again_it_goes_on(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    own = build_app(instance, "passerelle_killed_import")
    write_keyring(instance / "keys" / "passerelle.keys", RING.secrets)
    write(tmp_path, "pairs.jsonl", *({**PAIR, "question": f"What is number {n}?"} for n in range(400)))
    with own.app_context():
        with transaction():
            load_first_spaces()
        address = own.config["SQLALCHEMY_DATABASE_URI"]
        db.session.remove()
        db.engine.dispose()
    environment = {
        **os.environ,
        "PASSERELLE_ENV": "test",
        "INSTANCE_DIR": str(instance),
        "DATABASE_URL": address,
        "JOBS": "none",
    }
    command = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "wsgi",
        "forum",
        "import",
        str(tmp_path / "pairs.jsonl"),
    ]
    command += ["--space", "public-square", "--json"]
    first = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert first.stderr is not None
    assert first.stderr.readline().startswith(f"{TOGETHER} threads read")
    first.send_signal(signal.SIGKILL)
    first.communicate()
    with own.app_context():
        whole = count(Topic)
        assert TOGETHER <= whole < 400
        assert whole % TOGETHER == 0
        assert count(Post) == whole * 2
        db.session.remove()
        db.engine.dispose()
    second = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    said = json.loads(second.stdout)
    assert (said["threads"], said["here_already"]) == (400 - whole, whole)
    with own.app_context():
        assert (count(Topic), count(Post)) == (400, 800)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def written_up_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a text looks like, and whether it may be kept, is found before it is kept: by the run on one
    engine. The others keep the same texts."""
    if os.environ.get(DONE_ELSEWHERE):
        monkeypatch.setattr(writeup, "render", lambda body: str(escape(body)))
        monkeypatch.setattr(publish, "_checks", [])


@pytest.mark.usefixtures("written_up_elsewhere")
def test_the_stack_exchange_set_arrives_whole(run: Where, reference_data: Path) -> None:
    source = reference_data / "forum" / "history-meta-stackexchange"
    said = figures(run(source, "--json"))
    assert {
        name: said[name] for name in ("threads", "answers", "comments", "accepted", "authors", "split")
    } == {
        "threads": 556,
        "answers": 1095,
        "comments": 3454,
        "accepted": 181,
        "authors": 403,  # 384 users, and 19 names without an account
        "split": 0,
    }
    assert said["skipped"] == {"other:4": 3, "other:5": 3}
    assert said["refused"] == []
    assert (count(Topic), count(Post)) == (556, 556 + 1095 + 3454)
    square = db.session.scalars(select(Space.id).where(Space.slug == "public-square")).one()
    assert set(db.session.scalars(select(Topic.space_id))) == {square}
    again = figures(run(source, "--json"))
    assert (again["threads"], again["here_already"], again["authors"]) == (0, 556, 0)


def test_the_two_thousand_pairs_arrive_whole(run: Where, reference_data: Path) -> None:
    said = figures(run(reference_data / "forum" / "medquad_qa_2000.jsonl", "--json"))
    assert (said["threads"], said["accepted"], said["split"], said["authors"]) == (2000, 2000, 2, 10)
    assert said["refused"] == []
    assert count(Post) == 4002
