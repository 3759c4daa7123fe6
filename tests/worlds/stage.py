"""A process in which nothing is left to chance: one clock, and the same dice for the same act.

What differs between two worlds then differs because of the one fact that was changed, and not
because a key, a salt or a second fell out otherwise. Each world is played in a process of its own,
so that no cache can carry what was true in one into the other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask, url_for

from community.core.db import db
from ground import mutant
from tests.conftest import Browser, build_app
from tests.worlds.dice import Dice, loaded

ROOT = Path(__file__).resolve().parents[2]
MORNING = datetime(2026, 3, 2, 14, 7, 41, 912_000, tzinfo=UTC)


class Stage:
    """An application with its clock and its dice; ``act`` begins something new."""

    def __init__(self, app: Flask, clock: Any, dice: Dice) -> None:
        self.app = app
        self._clock = clock
        self._dice = dice
        self._now = MORNING
        self._acts: set[str] = set()

    def act(self, name: str, **later: float) -> None:
        """Begin an act: its dice, and how much later it is. No two have the same name, or they would
        throw the same."""
        if name in self._acts:
            raise AssertionError(f"two acts are called {name}")
        self._acts.add(name)
        self._now += timedelta(**later)
        self._clock.move_to(self._now, tick=False)
        self._dice.begin(name)

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """What happens inside takes no time of what comes after."""
        now = self._now
        try:
            yield
        finally:
            self._now = now

    def send(self, browser: Any, act: str, endpoint: str, thing: dict[str, Any], /, **form: Any) -> Any:
        """Send a form a little later; it must be taken."""
        self.act(act, minutes=7, seconds=13)
        with self.app.test_request_context():
            address = url_for(endpoint, lang="en", **thing)
        answer = browser.post(address, data=form)
        if answer.status_code >= 400:
            raise AssertionError(
                f"{act}: {address} answered {answer.status}\n{answer.get_data(as_text=True)}"
            )
        return answer

    def browser(self) -> Any:
        """A browser that nobody has signed in."""
        return self.app.test_client()


@contextmanager
def staged(name: str) -> Iterator[Stage]:
    """An application in which time stands still and chance repeats itself."""
    with (
        tempfile.TemporaryDirectory() as folder,
        time_machine.travel(MORNING, tick=False) as clock,
        loaded() as dice,
    ):
        app = build_app(Path(folder), f"passerelle_{name}_{os.getpid()}")
        app.test_client_class = Browser
        with app.app_context():
            try:
                yield Stage(app, clock, dice)
            finally:
                db.session.remove()
                db.engine.dispose()


def played(module: str, *worlds: str) -> list[dict[str, Any]]:
    """Play these worlds of a module at the same time, each in its own process; what each one found."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, world) for world in worlds]
        running = [
            subprocess.Popen(
                [sys.executable, "-m", module, world, str(path)],
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for world, path in zip(worlds, paths, strict=True)
        ]
        for world, process in zip(worlds, running, strict=True):
            printed, _ = process.communicate()
            assert process.returncode == 0, f"{module} {world} ended early:\n{printed}"
        return [json.loads(path.read_text("utf-8")) for path in paths]


def play(worlds: dict[str, Callable[[Stage], dict[str, Any]]]) -> None:
    """Play the world that the command line names and write down what was found."""
    mutant.from_environment()
    world, path = sys.argv[1:]
    with staged(world.replace("-", "_")) as stage:
        found = worlds[world](stage)
    Path(path).write_text(json.dumps(found), "utf-8")
