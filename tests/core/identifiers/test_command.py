"""``flask identifiers scan``: lines in, lines out, whatever the lines are."""

from __future__ import annotations

import json

from click.testing import CliRunner

from community.core.identifiers.cli import identifiers_group


def run(runner, *arguments, given=None):
    return runner.invoke(identifiers_group, ["scan", *arguments], input=given)


def test_each_line_gets_its_answer_in_order(tmp_path):
    lines = [
        {"id": "a", "text": "Dose de 80 mg", "lang": "fr"},
        {"id": 7, "text": "appelez au 514-555-0142 😀", "lang": "fr"},
        {"id": "c", "text": "😀 NAS 046 454 286", "lang": "fr"},
    ]
    file = tmp_path / "posts.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    answer = run(CliRunner(), str(file))
    said = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.exit_code == 0
    assert [(one["id"], one["level"]) for one in said] == [("a", "none"), (7, "warn"), ("c", "block")]
    assert said[2]["findings"] == [{"kind": "sin", "start": 6, "end": 17}]
    assert "046" not in answer.stdout + answer.stderr


def test_bad_lines_are_told_by_number_and_the_rest_is_read():
    given = (
        b'\xef\xbb\xbf{"id": 1, "text": "ok"}\nnot json\n\n[1]\n'
        b'{"id": 2}\n\xff\xfe\n{"id": 3, "text": "ok"}\n'
    )
    answer = run(CliRunner(), given=given)
    assert [json.loads(line)["id"] for line in answer.stdout.splitlines()] == [1, 3]
    assert answer.stderr.splitlines() == [
        "line 2: not JSON",
        "line 4: not an object",
        "line 5: no text",
        "line 6: not UTF-8",
    ]
    assert answer.exit_code == 0


def test_nothing_readable_is_a_failure_and_nothing_at_all_is_not():
    assert run(CliRunner(), given="nonsense\n").exit_code == 1
    assert run(CliRunner(), given="").exit_code == 0
