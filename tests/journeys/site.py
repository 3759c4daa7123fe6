"""The real program, as ``dev.py run`` starts it, on a port and in a folder of its own.

Nothing is mocked: the web server, the job thread, the index and the mail folder are those of an
instance on one machine; ``TEST_ENGINE`` chooses the database, as for every other test.
"""

from __future__ import annotations

import contextlib
import email
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import IO, TypeVar

import sqlalchemy as sa

from ground.serving import FLASK, web_server
from ground.steps import one_at_a_time
from tests.doors import free_port
from tests.starting import Process, started

ENGINE = os.environ.get("TEST_ENGINE", "sqlite")
START_SECONDS = 60.0
# What the machine of whoever runs the tests may have set is not meant for this instance.
OURS = ("DATABASE_URL", "REDIS_URL", "MAIL_URL", "KEY_FILE", "JOBS", "SITE_NAME", "TIME_ZONE", "INSTANCE_DIR")
# What is done once in the life of each. What is due is done last, or each start would begin with it; what is
# due once a day finds the people of the demonstration there.
EMPTY = (("db", "upgrade"), ("setup",), ("worker", "--until-idle"))
DEMONSTRATION = (("db", "upgrade"), ("setup",), ("demo", "load"), ("worker", "--until-idle"))
# Between two letters of one file of the mail folder.
RULE = b"-" * 79 + b"\n"

Found = TypeVar("Found")


class NotRunning(RuntimeError):
    """The program did not start; the message holds what it printed."""


@dataclass(frozen=True)
class Letter:
    """A mail as its reader sees it."""

    to: str
    subject: str
    text: str

    def link(self, containing: str = "") -> str:
        """The first address in the text that holds some words."""
        for found in re.findall(r"https?://[^\s<>\"]+", self.text):
            if containing in found:
                return str(found)
        raise AssertionError(f"No link with {containing!r} in:\n{self.text}")


@dataclass
class Site:
    """One running instance.

    :param folder: where its data, key and mail live.
    :param demonstration: with the demonstration people, or only the structure of a community.
    """

    folder: Path
    demonstration: bool
    port: int = field(default_factory=free_port)
    process: Process | None = None
    unready: str = ""

    @property
    def address(self) -> str:
        """Where it is, without a final slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the web server printed."""
        return self.folder / "server.log"

    def environment(self) -> Mapping[str, str]:
        """The settings of this instance.

        One proxy is trusted so that each person of a test can come from an address of their own:
        otherwise all of them together would meet the limits that are meant for one.
        """
        others = {name: value for name, value in os.environ.items() if name not in OURS}
        return {
            **others,
            "PASSERELLE_ENV": "demo" if self.demonstration else "development",
            "INSTANCE_DIR": str(self.folder / "instance"),
            "DATABASE_URL": self.database_url,
            "BASE_URL": self.address,
            "TRUSTED_PROXIES": "1",
        }

    @property
    def database_url(self) -> str:
        """A file in the folder, or a database named after it on the server of the tests."""
        if ENGINE == "sqlite":
            return f"sqlite:///{self.folder / 'passerelle.db'}"
        server = sa.make_url(os.environ["TEST_DATABASE_URL"])
        return server.set(database=_database_name(self.folder)).render_as_string(hide_password=False)

    def prepare(self, models: Path | None = None) -> None:
        """Make its tables, its key, its first spaces and, if asked, its demonstration people.

        :param models: a folder in which the tests of one run keep a site of each kind, as it was
            before it was ever started: making one takes ten seconds, a copy takes none.
        """
        if models is None:
            self._make()
            return
        with one_at_a_time(models / "lock"):
            model = self._model(models)
        shutil.copytree(model.folder, self.folder, dirs_exist_ok=True)
        if ENGINE != "sqlite":
            _create_database(_database_name(self.folder), like=_database_name(model.folder))

    def _model(self, models: Path) -> Site:
        model = Site(models / ("demonstration" if self.demonstration else "empty"), self.demonstration)
        whole = model.folder.with_suffix(".whole")
        if not whole.exists():
            shutil.rmtree(model.folder, ignore_errors=True)
            model.folder.mkdir()
            model._make()
            whole.touch()
        return model

    def _make(self) -> None:
        if ENGINE != "sqlite":
            _create_database(_database_name(self.folder))
        self.does(DEMONSTRATION if self.demonstration else EMPTY)

    def does(self, commands: Sequence[Sequence[str]]) -> str:
        """Run operator's commands one after the other, in one process, which takes two seconds to start.

        :returns: what they say on standard output.
        """
        said = json.dumps(commands)
        return self._run([sys.executable, "-m", "tests.journeys.making", said], FLASK_RUN_FROM_CLI="true")

    def start(self) -> None:
        """Start the web server and wait until it says that it can serve.

        :raises NotRunning: with what it printed.
        """
        _stop_when_told()
        with self.log.open("ab") as log:
            self.process = self.started(self.command(), log)
        until(self._ready, START_SECONDS, self._last_words)

    def started(self, command: Sequence[str], log: IO[bytes]) -> Process:
        """Start one of its processes, as a session of its own: a kill takes its workers with it."""
        _python, _m, module, *words = command
        return started(module, *words, environment=self.environment(), output=log)

    def command(self) -> list[str]:
        """What starts its web server."""
        return [str(word) for word in web_server(f"127.0.0.1:{self.port}")]

    def stop(self) -> None:
        """End it as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would end its processes."""
        self._end(signal.SIGKILL)

    def flask(self, *words: str) -> str:
        """Run an operator's command beside the running site; return its standard output."""
        return self._run([*map(str, FLASK), *words])

    def _run(self, command: Sequence[str], **settings: str) -> str:
        _python, _m, module, *words = command
        environment = {**self.environment(), **settings}
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            code = started(module, *words, environment=environment, output=output, errors=errors).wait()
            said, complained = (_whole(file) for file in (output, errors))
        if code != 0:
            raise NotRunning(f"{' '.join(command)}:\n{said}{complained}")
        return said

    def letters(self, to: str) -> list[Letter]:
        """Every letter so far to an address, oldest first."""
        files = sorted(
            (self.folder / "instance" / "mail").glob("*"), key=lambda file: file.stat().st_mtime_ns
        )
        letters = (letter for file in files for letter in _letters(file))
        return [letter for letter in letters if to.lower() in letter.to.lower()]

    def letter(self, to: str, number: int = 1) -> Letter:
        """Wait until an address has that many letters; return the last of them."""
        waiting = f"letter {number} to {to}"
        return until(lambda: self.letters(to)[number - 1 :], START_SECONDS, lambda: waiting)[0]

    def _ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise NotRunning(self._last_words())
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:  # noqa: S310 - ours
                return bool(answer.status == 200)
        except urllib.error.HTTPError as answer:
            self.unready = answer.read().decode()
            return False
        except OSError:
            return False

    def _last_words(self) -> str:
        printed = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
        return f"{self.unready}\n{printed}"

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            # The group outlives its first process for as long as a worker does.
            os.killpg(self.process.pid, how)
        self.process.wait(timeout=START_SECONDS)
        self.process = None


def running(folder: Path, demonstration: bool, models: Path | None = None) -> Iterator[Site]:
    """A prepared and started site, for a fixture to hand out; stopped when that ends."""
    site = Site(folder, demonstration)
    site.prepare(models)
    try:
        site.start()
        yield site
    finally:
        site.stop()


def _whole(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _stop_when_told() -> None:
    """Let whoever is asked to end (SIGTERM) stop its site first: the site is a session of its own."""
    unheard = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if unheard and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def until(look: Callable[[], Found | None], seconds: float, otherwise: Callable[[], str]) -> Found:
    """Look until something is there.

    :raises NotRunning: with the words of ``otherwise`` when it never was.
    """
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise NotRunning(f"Waited {seconds:.0f} s for: {otherwise()}")
        time.sleep(0.2)


def _database_name(folder: Path) -> str:
    return "journey_" + re.sub(r"\W", "_", f"{folder.parent.name}_{folder.name}")[-50:].lower()


def _create_database(name: str, like: str = "template1") -> None:
    engine = sa.create_engine(os.environ["TEST_DATABASE_URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))
    engine.dispose()


def _letters(file: Path) -> Iterator[Letter]:
    for raw in file.read_bytes().split(RULE):
        if raw.strip():
            message = email.message_from_bytes(raw.lstrip(), policy=default)
            yield Letter(str(message["To"]), str(message["Subject"]), _text_of(message))


def _text_of(message: Message) -> str:
    part = message.get_body(("plain",)) if hasattr(message, "get_body") else None
    return str(part.get_content()) if part is not None else str(message.get_payload())
