"""Processes of the program that need not load it: each is a copy of one that has, and has done nothing else.

The tests start some hundred of them: web servers, workers, operator's commands. Of the two seconds of a
processor that a start takes, nearly all are spent on loading. ``ground.suite`` lets one process load the
program (``python -m tests.starting SOCKET``); whoever asks at its socket gets a copy of it, which becomes
``python -m MODULE ARGUMENTS`` with an environment and files of its own. Everything that is asked of a real
process can be asked of it: it is its own session, is killed, and leaves a code. Where nobody loaded the
program, as for a single test, the process is an ordinary one.

What looks at the start itself, or changes what is loaded, starts the ordinary way: ``subprocess``.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn, Protocol

from ground.console import ROOT

# Names the socket at which copies are to be had.
STARTER = "TEST_STARTER"
# What is loaded besides the program itself: what its processes begin with.
ALSO = ("alembic", "flask.cli", "flask_migrate", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread")
LONGEST = 1 << 20
# What a library asks of its environment while it is loaded, and never again.
READ_WHILE_LOADED = ("PROMETHEUS_MULTIPROC_DIR",)


class Process(Protocol):
    """As much of ``subprocess.Popen`` as the tests use."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None:
        """Its code if it has ended."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; its code. :raises subprocess.TimeoutExpired: it goes on."""


class Copy:
    """A process that is somebody else's child; who started it tells its end over a socket."""

    def __init__(self, words: Sequence[str], line: socket.socket) -> None:
        self.words, self._line = words, line
        self.pid = int(_told(line))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its code if it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; its code. :raises subprocess.TimeoutExpired: it goes on."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                self.returncode = int(_told(self._line))
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(list(self.words), timeout or 0.0) from None
            self._line.close()
        return self.returncode


def started(
    module: str,
    *words: str,
    environment: Mapping[str, str],
    output: IO[bytes],
    errors: IO[bytes] | None = None,
) -> Process:
    """Start ``python -m module words`` as a session of its own.

    :param output: an open file that takes what it says; ``errors``: another for what it says of errors.
    """
    files = (output.fileno(), (errors or output).fileno())
    where = os.environ.get(STARTER, "")
    if where and not any(name in environment for name in READ_WHILE_LOADED):
        return _copy([module, *words], environment, where, files)
    command = [sys.executable, "-m", module, *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=files[0], stderr=files[1], start_new_session=True
    )


def _copy(words: Sequence[str], environment: Mapping[str, str], where: str, files: Sequence[int]) -> Copy:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.connect(where)
    # Its own processes are as ordinary as those of an operator.
    own = {name: value for name, value in environment.items() if name != STARTER}
    socket.send_fds(line, [json.dumps([list(words), own]).encode()], list(files))
    return Copy(words, line)


def _told(line: socket.socket) -> bytes:
    """What the other end says. :raises ConnectionError: it has ended without a word."""
    if said := line.recv(100):
        return said
    raise ConnectionError("the process that starts others is gone")


# ── The process that is copied ───────────────────────────────────────────────


@contextlib.contextmanager
def starter() -> Iterator[str]:
    """Give the socket at which copies of the program are to be had, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
        where = Path(folder, "starter")
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
            listening.bind(str(where))
            listening.listen(64)
            command = [sys.executable, "-m", "tests.starting", str(listening.fileno())]
            first = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, pass_fds=[listening.fileno()], process_group=0
            )
        with first:  # which closes what it is held by
            try:
                yield str(where)
            finally:
                first.kill()


def main(number: str) -> None:
    """Load the program once somebody asks; become whatever is asked for, until whoever started this ends."""
    loaded = False
    with socket.socket(fileno=int(number)) as listening:
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            line, _ = listening.accept()
            if not loaded:
                load()
                loaded = True
            if os.fork() == 0:
                listening.close()
                os._exit(watch(line))
            line.close()


def load() -> None:
    """Import every module of the program; build and start nothing."""
    gc.disable()  # as at the beginning of wsgi.py
    importlib.import_module("community.app")  # the first, which says what libraries do without
    package = importlib.import_module("community")
    for found in pkgutil.walk_packages(package.__path__, "community."):
        importlib.import_module(found.name)
    for name in ALSO:
        importlib.import_module(name)
    importlib.import_module("sqlalchemy.orm").configure_mappers()
    gc.freeze()  # a copy need not look through it, and shares the memory it lies in
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who watch over copies


def watch(line: socket.socket) -> int:
    """Make the copy that is asked for; tell its number, and its code once it has ended.

    As with any child, its number stays its own until whoever started it has heard that.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked, files, _, _ = socket.recv_fds(line, LONGEST, 2)
    words, environment = json.loads(asked)
    pid = os.fork()
    if pid == 0:
        os.setsid()  # before its number is known: whoever knows it may end the session
        line.send(str(os.getpid()).encode())
        line.close()
        become(words, environment, files)
    for file in files:
        os.close(file)
    end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert end is not None
    with contextlib.suppress(OSError):  # nobody may want to know any more
        line.send(str(end.si_status if end.si_code == os.CLD_EXITED else -end.si_status).encode())
        line.recv(1)
    os.waitpid(pid, 0)
    return 0


def become(words: Sequence[str], environment: Mapping[str, str], files: Sequence[int]) -> NoReturn:
    """Be ``python -m MODULE ARGUMENTS`` to the end."""
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for stream, file in enumerate(files, 1):
        os.dup2(file, stream)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(words)
    gc.enable()
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    main(*sys.argv[1:])
