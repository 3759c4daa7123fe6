"""The site under siege: the real web server on either engine, with or without workers of its own.

A kill is a kill -9. ``all`` ends the web server, master and worker, as one; ``worker`` leaves the
master, which starts another one by itself; ``master`` leaves the worker for a moment, as the system's
killer of memory hogs may do.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ground.serving import FLASK
from tests.journeys.site import NotRunning, Site
from tests.starting import Process

LINES_SHOWN = 5
# What the program itself calls a fault in its log.
FAULTS = (
    '"event": "unexpected"',
    "Traceback (most recent call last)",
    "QueuePool limit",
    "database is locked",
)


@dataclass
class Siege(Site):
    """An instance that is killed and started again.

    :param processes: how many serve pages; each runs jobs too, unless workers do.
    :param workers: how many ``flask worker`` processes run the jobs; 0: the web server does.
    :param mail_port: where its mail server would listen; 0: mail goes to a folder.
    """

    demonstration: bool = False
    processes: int = 1
    workers: int = 0
    mail_port: int = 0
    aides: list[Process] = field(default_factory=list)

    def environment(self) -> Mapping[str, str]:
        """As for any site; with workers, the web server leaves the jobs to them."""
        mail = {"MAIL_URL": f"smtp://127.0.0.1:{self.mail_port}"} if self.mail_port else {}
        return {**super().environment(), **mail, "JOBS": "none" if self.workers else "thread"}

    def command(self) -> list[str]:
        """As for any site, with more processes."""
        words = super().command()
        words[words.index("--workers") + 1] = str(self.processes)
        return words

    def start(self) -> None:
        """Start what is not running, and wait until the site can serve."""
        while len(self.aides) < self.workers:
            self.aides.append(self._worker())
        super().start()

    def stop(self) -> None:
        """End everything, as an operator would."""
        for aide in self.aides:
            _end(aide, signal.SIGTERM)
        self.aides.clear()
        super().stop()

    def indexer(self) -> Process:
        """A worker that ends when no job is due."""
        return self._worker("--until-idle")

    def _worker(self, *words: str) -> Process:
        command = [*map(str, FLASK), "worker", *words]
        with self.log.open("ab") as log:
            return self.started(command, log)

    def start_again(self) -> float:
        """Start the web server after a kill. Returns the seconds until it could serve."""
        started = time.monotonic()
        super().start()
        return time.monotonic() - started

    def kill_worker(self) -> float:
        """Kill the worker of the web server; its master starts another. Returns the seconds that took."""
        assert self.process is not None
        killed = time.monotonic()
        victims = _children(self.process.pid)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        while set(_children(self.process.pid)) & set(victims) or not self._ready():
            if time.monotonic() - killed > 60:
                raise NotRunning(self._last_words())
            time.sleep(0.02)
        return time.monotonic() - killed

    def kill_master(self) -> float:
        """Kill the master first, then, a moment later, the worker it leaves; start again."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        time.sleep(0.3)
        self.kill()
        return self.start_again()

    def kill_all(self) -> float:
        """Kill the web server whole and start it again."""
        self.kill()
        return self.start_again()

    def kill_aide(self, which: int) -> None:
        """Kill one of the workers and start another in its place."""
        _end(self.aides[which], signal.SIGKILL)
        self.aides[which] = self._worker()

    def faults(self) -> list[str]:
        """What the program itself reported as a fault, each kind once."""
        lines = self.log.read_text(errors="replace").splitlines()
        found = [line for line in lines if any(mark in line for mark in FAULTS)]
        return [f"in the log, {len(found)} times such as: {line[:300]}" for line in found[:LINES_SHOWN]]


def _children(pid: int) -> list[int]:
    file = Path(f"/proc/{pid}/task/{pid}/children")
    if file.exists():
        return [int(word) for word in file.read_text().split()]
    printed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout  # noqa: S607 - of the system
    return [int(word) for word in printed.split()]


def _end(process: Process, how: signal.Signals) -> None:
    """End a process with whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    process.wait(timeout=60)
