"""The whole test suite, once for each database engine. Runs inside ``.venv``.

The servers are started once for all tests; ``tests/conftest.py`` reads from the environment which
engine (``TEST_ENGINE``) and which servers (``TEST_DATABASE_URL``, ``TEST_REDIS_URL``) it is to use.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ground.console import ROOT, attempt, say
from ground.counting import WHERE
from ground.sharing import DONE_ELSEWHERE
from tests.servers import postgresql, valkey
from tests.starting import STARTER, starter

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# Tests of one file stay in one process, which then starts its browser and its site once; the order of
# the files is that of ground.sharing. One process more than cores: they often wait for a browser or a site.
ALL_AT_ONCE = ("-n", str(min(9, 1 + (os.cpu_count() or 1))), "--dist", "loadfile", "--no-loadscope-reorder")
# A file in which the last words are left too, for whoever has more to say before them.
LAST_WORDS = "TEST_LAST_WORDS"
# Of one message: an engine may quote a whole page.
MOST_LINES = 40


@dataclass(frozen=True)
class Outcome:
    """How a run on one engine ended."""

    code: int
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list[list[str]] = field(default_factory=list)  # each: which test, its message

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def main(words: list[str]) -> int:
    """Run pytest on the engines asked for; print each count, then the total; 0 only if all is well."""
    # So that the servers are stopped as well when somebody ends this command.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # The tests start some hundred processes; where Python keeps no compiled modules, each would compile all.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    engines, arguments = read(words)
    outcomes: dict[str, Outcome] = {}
    if arguments == list(ALL_AT_ONCE):
        _compile_once()
    with contextlib.ExitStack() as servers:
        environment = {**os.environ, "TEST_REDIS_URL": servers.enter_context(valkey())}
        if sys.platform == "linux":  # elsewhere each process loads the program
            environment[STARTER] = servers.enter_context(starter())
        if "postgresql" in engines:
            environment["TEST_DATABASE_URL"] = servers.enter_context(postgresql())
        for engine in engines:
            say(f"\nTests on {ENGINES[engine]}")
            before = {DONE_ELSEWHERE: ",".join(outcomes)} if outcomes else {}
            outcomes[engine] = _run(arguments, {**environment, **before, "TEST_ENGINE": engine})
    last = "\n".join([*failures(outcomes), summary(outcomes)])
    print("\n" + last, flush=True)
    if where := os.environ.get(LAST_WORDS, ""):
        Path(where).write_text(last + "\n", "utf-8")
    return max(outcome.code for outcome in outcomes.values())


def read(words: list[str]) -> tuple[list[str], list[str]]:
    """Tell ``--engine`` from what pytest gets; a whole run is spread over two processes."""
    parser = argparse.ArgumentParser(prog="dev.py test", add_help=False, allow_abbrev=False)
    parser.add_argument("--engine", choices=list(ENGINES))
    asked, arguments = parser.parse_known_args(words)
    return [asked.engine] if asked.engine else list(ENGINES), arguments or list(ALL_AT_ONCE)


def failures(outcomes: Mapping[str, Outcome]) -> list[str]:
    """Each test that failed, with its message: of both engines together, where nobody has to look for it."""
    found = []
    for engine, outcome in outcomes.items():
        for test, message in outcome.failures:
            lines = message.splitlines()
            cut = [f"… {len(lines) - MOST_LINES} more lines further up"] if len(lines) > MOST_LINES else []
            found.append("\n    ".join([f"{ENGINES[engine]}: {test}", *lines[:MOST_LINES], *cut]))
    return found


def summary(outcomes: Mapping[str, Outcome]) -> str:
    """Return a line for each engine, and last the plain line with the totals."""
    total = Outcome(
        code=0,
        passed=sum(outcome.passed for outcome in outcomes.values()),
        failed=sum(outcome.failed for outcome in outcomes.values()),
        skipped=sum(outcome.skipped for outcome in outcomes.values()),
    )
    return "\n".join([*(f"{ENGINES[engine]}: {outcome}" for engine, outcome in outcomes.items()), str(total)])


def _compile_once() -> None:
    """Let one process compile the tests and what they import; in a fresh clone each of the three would."""
    if not any(ROOT.glob("tests/__pycache__/*-pytest-*.pyc")):
        words = ["--collect-only", "-qq", "-p", "no:cacheprovider"]
        # What is wrong with a test is told by the run itself.
        attempt("Compiling the tests", [sys.executable, "-m", "pytest", *words])


def _run(arguments: list[str], environment: Mapping[str, str]) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder, "counts.json")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "ground.counting",
            "-p",
            "ground.sharing",
            *arguments,
        ]
        answer = subprocess.run(command, cwd=ROOT, env={**environment, WHERE: str(counts)}, check=False)
        # Without counts pytest ended before any test, and its exit code says that this is no success.
        seen = json.loads(counts.read_text()) if counts.exists() else {}
    return Outcome(code=answer.returncode, **seen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
