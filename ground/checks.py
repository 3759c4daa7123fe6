"""Every check that is not a test. All of them run, so that one sees everything there is to mend."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ground import locks
from ground.console import Command, attempt, say, work
from ground.environment import PYTHON
from ground.serving import FLASK

# What a check found, as text; nothing when all is well.
Check = Callable[[str], str]

_RUFF = (PYTHON, "-m", "ruff")
_DJLINT = (PYTHON, "-m", "djlint", "templates", "--quiet")


def run_all() -> int:
    """Run the checks, show what they found, and return 1 if that is anything."""
    found = {name: answer for name, check in CHECKS.items() if (answer := check(name))}
    for name, answer in found.items():
        say(f"\n── {name}\n{answer.rstrip()}")
    say(f"\n{len(CHECKS) - len(found)} checks passed, {len(found)} failed")
    return 1 if found else 0


def mend() -> None:
    """Let ruff put right what it can: order of imports, layout of the code."""
    work("Mending what ruff can", [*_RUFF, "check", "--fix", "--exit-zero", "--quiet"])
    work("Laying out the code", [*_RUFF, "format", "--quiet"])


def _program(name: str, command: Command) -> str:
    succeeded, printed = attempt(name, command)
    return "" if succeeded else printed or "failed without a word"


def _migrations_match_models(name: str) -> str:
    """Build the tables of an empty database by the migrations, and compare them with the models."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "INSTANCE_DIR": folder, "PASSERELLE_ENV": "test", "DATABASE_URL": ""}
        environment["KEY_FILE"] = str(Path(folder, "keys"))
        for words in (["db", "upgrade"], ["db", "check"]):
            succeeded, printed = attempt(f"{name}: flask {' '.join(words)}", [*FLASK, *words], environment)
            if not succeeded:
                return printed
    return ""


def _every_column_has_a_purpose(name: str) -> str:
    """Compare the inventory of docs/privacy with the tables, and its pages with what they are made of."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "INSTANCE_DIR": folder, "PASSERELLE_ENV": "test", "DATABASE_URL": ""}
        environment |= {"KEY_FILE": str(Path(folder, "keys")), "JOBS": "none"}
        words = [*FLASK, "privacy", "documents", "--check"]
        succeeded, printed = attempt(f"{name}: flask privacy documents", words, environment)
        return "" if succeeded else printed


def _locks_name_no_host(name: str) -> str:
    say(name)
    return "\n".join(locks.hosts_named())


def _programs(**commands: Command) -> dict[str, Check]:
    return {name.replace("_", " "): partial(_program, command=command) for name, command in commands.items()}


CHECKS: dict[str, Check] = {
    **_programs(
        Code=[*_RUFF, "check"],
        Layout_of_the_code=[*_RUFF, "format", "--check"],
        Who_imports_whom=[PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        Types=[PYTHON, "-m", "mypy"],
        Templates=[*_DJLINT, "--lint"],
        Translations=[PYTHON, "-m", "ground.catalogue", "check"],
    ),
    "Migrations match models": _migrations_match_models,
    "Every column has a purpose": _every_column_has_a_purpose,
    "Locks name no host": _locks_name_no_host,
}
