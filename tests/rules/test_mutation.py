"""The command that makes rules fail, in short: one rule, the table; the tests must turn red."""

from __future__ import annotations

import os
import subprocess
import sys
from types import FunctionType

import pytest

from ground import mutate
from ground.console import ROOT
from ground.mutant import WHICH, make_blind

ONE = "tests/rules/test_routes.py"


def ask(rule, lines):
    """Ask some lines of the table in a process of its own, with a rule that fails."""
    environment = {**os.environ, WHICH: rule, "TEST_ENGINE": "sqlite"}
    environment.pop("PYTEST_XDIST_WORKER", None)  # it is nobody's worker
    command = [sys.executable, "-m", "pytest", "-rA", "--tb=line", "-p", "ground.mutant", ONE, "-k", lines]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


ANSWERS = "tests/rules/test_routes.py::test_each_of_the_cast_gets_the_answer_of_the_table"
DECIDED, LEFT = "GET forum.topic a clinical topic", "GET forum.topic a topic of the meeting place"


@pytest.mark.timeout(240)
def test_the_table_is_green_with_every_rule_and_red_without_one():
    """Red where the rule that fails decides, in the same run that is green where it does not."""
    code, printed = ask(
        "community.forum.permissions:topics_seen_by", "forum.topic and GET and (clinical or meeting)"
    )
    assert code == 1, printed
    assert f"PASSED {ANSWERS}[{LEFT}]" in printed
    assert f"FAILED {ANSWERS}[{DECIDED}]" in printed
    assert "member: 200 instead of 404" in printed


def test_the_command_finds_every_rule_by_its_name():
    found = mutate.rules()
    assert {
        "community.forum.permissions:spaces_seen_by",
        "community.forum.permissions:topics_seen_by",
        "community.forum.permissions:posts_seen_by",
        "community.accounts.permissions:personas_seen_by",
    } <= set(found)


def test_a_rule_that_answers_with_something_else_cannot_be_passed_over():
    def sentences_seen_by(viewer):
        return "everything"

    assert isinstance(sentences_seen_by, FunctionType)
    make_blind(sentences_seen_by)
    with pytest.raises(TypeError, match="cannot be made blind"):
        sentences_seen_by(None)
