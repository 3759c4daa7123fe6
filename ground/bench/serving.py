"""The two web servers of a bench, pinned on one core: the site, and beside it the limit."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ground.bench import client
from ground.console import ROOT
from ground.serving import FLASK, web_server

START_SECONDS = 60.0
HOST = "bench.invalid"


@dataclass(frozen=True)
class Served:
    """A running web server."""

    address: tuple[str, int]
    master: int

    def memory_mb(self) -> float:
        """What its worker holds in memory (resident), in megabytes."""
        return sum(_resident(pid) for pid in _children(self.master)) / 1024


def cores() -> tuple[set[int], set[int]]:
    """The core of the server and that of the driver; the same one where there is no other."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    allowed = sorted(os.sched_getaffinity(0))
    return {allowed[-1]}, {allowed[0]}


@contextlib.contextmanager
def served(
    application: str, environment: Mapping[str, str], core: set[int], log: Path, ready: str
) -> Iterator[Served]:
    """Serve an application as ``dev.py run`` does, on this core, for as long as the block lasts."""
    port = _free_port()
    words = [str(word) for word in web_server(f"127.0.0.1:{port}")]
    words[words.index("wsgi:app")] = application
    with log.open("ab") as output:
        process = subprocess.Popen(
            words, cwd=ROOT, env=dict(environment), stdout=output, stderr=output, start_new_session=True
        )
    if core:
        os.sched_setaffinity(process.pid, core)
    found = Served(("127.0.0.1", port), process.pid)
    try:
        _wait_until_ready(found, process, log, ready)
        for pid in _children(process.pid) if core else ():
            for task in Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), core)
        yield found
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


@contextlib.contextmanager
def working(environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """A worker of its own, as the large size has them, on the core of the driver.

    Without one (``JOBS`` is not ``none``), the web process does what is due.
    """
    if environment["JOBS"] != "none":
        yield
        return
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in (*FLASK, "worker")],
            cwd=ROOT,
            env=dict(environment),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield
        if process.poll() is not None:
            raise client.Refused(f"the worker stopped: {log.read_text(errors='replace')[-2000:]}")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait_until_ready(found: Served, process: subprocess.Popen[bytes], log: Path, path: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, client.Refused):
            if client.once(found.address, client.get(path, HOST))[9:12] == b"200":
                return
        time.sleep(0.1)
    raise client.Refused(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    file = Path(f"/proc/{pid}/task/{pid}/children")
    if file.exists():
        return [int(word) for word in file.read_text().split()]
    printed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(word) for word in printed.split()]


def _resident(pid: int) -> int:
    """Kilobytes of a process in memory."""
    words = ["ps", "-o", "rss=", "-p", str(pid)]
    printed = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    return int(printed.strip() or 0)
