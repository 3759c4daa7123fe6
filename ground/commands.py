"""The commands of ``dev.py``. To add one: write its function, and name it in ``COMMANDS``."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Callable, Iterator

from ground import browser, checks, locks, serving
from ground.console import ROOT, hand_over, say
from ground.environment import PYTHON, Lock, ensure_packages
from ground.frontend import ensure_assets, ensure_catalogue
from ground.steps import one_at_a_time

USAGE = """usage: python3 dev.py COMMAND

  run [--port 8000] [--host 127.0.0.1] [--empty]
                  start the community with its demonstration people, or empty
  test [--engine sqlite|postgresql] [pytest's arguments]
                  run the tests on SQLite and on a real PostgreSQL
  soak [kills|faults|crowd|finding] [--rounds N] [--writers N] [--engine …] [--form …] [--seed N]
                  let many people write while the site is killed, starved, crowded or flooded;
                  nothing promised may be lost
  bench [--json] [--large|--ten] [--compare] [--topics N] [--posts N] [--seconds S]
                  measure how fast pages, searches and replies are, beside a bare Flask route
  bench --directory [--json] [--large] [--services N] [--seconds S]
                  measure how fast services come in from a file, and how fast the directory answers
  mutate [rules]  make each rule of who sees what fail in turn; the tests must notice
  timing [--tries 200] [--only WORD]
                  measure whether the time of an answer tells who has an account, or what one may not see
  lint [--fix]    run every check that is not a test
  pictures [--out FOLDER] [--check] [--readme] [--who … --lang … --only WORD]
                  take pictures of every page for each kind of person, or look for what is wrong with them
  shell           open Python inside the program
  flask ...       run a command for operators, e.g. flask --help
  assets          build the style sheet and the scripts
  catalogue [check|missing]
                  compile the translations; look for holes; list what is not yet translated
  lock [--upgrade]
                  write the locks again after a change in requirements/*.in
"""


def main(words: list[str]) -> int:
    """Run one command; return its exit code."""
    name, rest = (words[0], words[1:]) if words else ("", [])
    if name in COMMANDS:
        return COMMANDS[name](rest)
    if name in {"", "help", "--help", "-h"}:
        print(USAGE, end="")
        return 0
    say(f"There is no command {name!r}.\n\n{USAGE}")
    return 2


def run(words: list[str]) -> int:
    """Start the community."""
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument("--port", type=_port, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--empty", action="store_true", help="structure only, no demonstration people")
    asked = parser.parse_args(words)
    serving.stop_if_taken(asked.host, asked.port)
    environment = serving.environment_of_run(asked.host, asked.port, asked.empty)
    with _set_up("run"):
        ensure_assets()
        serving.ensure_database(environment)
        if not asked.empty:
            serving.ensure_demonstration(environment)
    return serving.serve(asked.host, asked.port, environment)


def _port(word: str) -> int:
    """Return the port; argparse says the sentence when there is none of that number."""
    if not word.isdecimal() or not 1 <= int(word) <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(word)


def test(words: list[str]) -> int:
    """Run the tests; pytest gets every argument but ``--engine``."""
    with _set_up("dev"):
        ensure_assets()
        environment = {**os.environ, "CHROMIUM": browser.ensure_chromium()}
    return hand_over([PYTHON, "-m", "ground.suite", *words], environment)


def mutate(words: list[str]) -> int:
    """Show that the tests turn red when a rule gives everything to everybody."""
    with _set_up("dev"):
        ensure_assets()
    return hand_over([PYTHON, "-m", "ground.mutate", *words])


def timing(words: list[str]) -> int:
    """Measure whether the time of an answer tells what the answer does not say."""
    with _set_up("dev"):
        ensure_assets()
    return hand_over([PYTHON, "-m", "tests.timing", *words])


def soak(words: list[str]) -> int:
    """Kill the site again and again while many people write, and look for what was lost."""
    with _set_up("dev"):
        ensure_assets()
    return hand_over([PYTHON, "-m", "ground.soak", *words])


def bench(words: list[str]) -> int:
    """Measure how fast the program is on this machine, beside the limit of its framework."""
    with _set_up("dev"):
        ensure_assets()
    return hand_over([PYTHON, "-m", "ground.bench", *words])


def lint(words: list[str]) -> int:
    """Run the checks."""
    parser = argparse.ArgumentParser(prog="dev.py lint")
    parser.add_argument("--fix", action="store_true", help="first mend what can be mended by machine")
    asked = parser.parse_args(words)
    with _set_up("dev"):
        ensure_assets()
    if asked.fix:
        checks.mend()
    return checks.run_all()


def pictures(words: list[str]) -> int:
    """Take pictures of every page of the demonstration community, or check them all."""
    with _set_up("dev"):
        ensure_assets()
        environment = {**os.environ, "CHROMIUM": browser.ensure_chromium()}
    return hand_over([PYTHON, "-m", "ground.pictures", *words], environment)


def shell(words: list[str]) -> int:
    """Open Python inside the program."""
    return flask(["shell", *words])


def flask(words: list[str]) -> int:
    """Run an operators' command; nothing but its own result goes to standard output."""
    with _set_up("run"):
        if words[:1] not in (["db"], ["migrate"], ["setup"], ["restore"]):
            serving.ensure_small_database(os.environ)
    return hand_over([*serving.FLASK, *words])


def assets(words: list[str]) -> int:
    """Build the style sheet and the scripts."""
    with _set_up("run"):
        ensure_assets()
    return 0


def catalogue(words: list[str]) -> int:
    """Compile the translations, or do with them what is asked."""
    with _set_up("run"):
        pass
    return hand_over([PYTHON, "-m", "ground.catalogue", *words]) if words else 0


def lock(words: list[str]) -> int:
    """Write the locks again."""
    with _set_up("run"):
        return locks.write(upgrade="--upgrade" in words)


@contextlib.contextmanager
def _set_up(lock: Lock) -> Iterator[None]:
    """Make what every command needs, and what follows in the block, while no other command does."""
    with one_at_a_time(ROOT / ".dev.lock"):
        ensure_packages(lock)
        ensure_catalogue()
        yield


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "soak": soak,
    "bench": bench,
    "mutate": mutate,
    "timing": timing,
    "lint": lint,
    "pictures": pictures,
    "shell": shell,
    "flask": flask,
    "assets": assets,
    "catalogue": catalogue,
    "lock": lock,
}
