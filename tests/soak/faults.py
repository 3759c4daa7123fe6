"""A machine that fails for a while, and is well again: nothing promised is lost, nobody starts anything.

People write without pause. Each fault lasts some seconds; meanwhile every refusal is a neutral 503 (or a
429) that says when to come back; afterwards the same processes serve again by themselves. What a fault
needs is not given everywhere: one that cannot be made on this machine is named in the table as not run.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from community.core.db import db
from community.core.worker import LOOKS
from ground.console import ROOT, say
from tests.journeys.site import ENGINE
from tests.soak import checks, skewed
from tests.soak.site import Siege, _children
from tests.soak.storm import Plan, Report, Storm
from tests.starting import Process

WELL_WITHIN = 40.0  # seconds until somebody may write again
LASTS = 8.0
AROUND = 2.0  # seconds of writing before and after each fault
ROOM = 128 * 1024 * 1024  # of the disk that is filled; ready says no below 50


class NotHere(Exception):
    """This machine does not let us make the fault."""


Fault = Callable[["Frail"], AbstractContextManager[None]]


@dataclass
class Frail(Siege):
    """A site whose disk, handles and clock can be made to fail."""

    small_disk: bool = field(default=False)

    @property
    def clock_file(self) -> Path:
        """How many seconds its clock is off by."""
        return self.folder.with_name(f"{self.folder.name}.clock")

    @property
    def log(self) -> Path:
        """Not on the disk that is filled."""
        return self.folder.with_name(f"{self.folder.name}.log")

    def prepare(self, models: Path | None = None) -> None:
        """On SQLite, on a small disk of its own where that can be had."""
        if ENGINE == "sqlite":
            self.folder.mkdir(parents=True, exist_ok=True)
            mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(self.folder)]
            with contextlib.suppress(OSError):
                self.small_disk = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        super().prepare(models)

    def environment(self) -> Mapping[str, str]:
        """With a clock that can be set."""
        return {**super().environment(), skewed.FILE: str(self.clock_file)}

    def command(self) -> list[str]:
        """With a clock that can be set."""
        return [*super().command(), "--config", "python:tests.soak.skewed"]

    def started(self, command: Sequence[str], log: IO[bytes]) -> Process:
        """The ordinary way: its clock is set before the program is loaded."""
        environment = self.environment()
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )

    def stop(self) -> None:
        """End it, and give the small disk back."""
        super().stop()
        if self.small_disk:
            unmount = ["umount", "-l", str(self.folder)]
            subprocess.run(unmount, capture_output=True, check=False)
            self.small_disk = False

    def serving(self) -> list[int]:
        """The processes that serve pages."""
        assert self.process is not None
        return _children(self.process.pid)


# The faults


@contextlib.contextmanager
def disk_full(site: Frail) -> Iterator[None]:
    """Not a byte is left."""
    if ENGINE != "sqlite":
        with _refusing(site, "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'"):
            yield
        return
    _needs_disk(site)
    ballast = site.folder / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"\0" * 4096):
            pass
    try:
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def read_only(site: Frail) -> Iterator[None]:
    """What is there can be read; nothing can be written."""
    if ENGINE != "sqlite":
        with _set(site, "default_transaction_read_only = on", "default_transaction_read_only = off"):
            yield
    else:
        # A file system with files open for writing cannot be made read-only from outside.
        raise NotHere("SQLite's files are open; the full disk stands for it")


@contextlib.contextmanager
def no_handles(site: Frail) -> Iterator[None]:
    """No process that serves pages may open anything more."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in site.serving()}
    for pid, (_, most) in before.items():
        used = len(os.listdir(f"/proc/{pid}/fd"))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 1, most))
    try:
        yield
    finally:
        for pid, limits in before.items():
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)


@contextlib.contextmanager
def database_gone(site: Frail) -> Iterator[None]:
    """PostgreSQL hangs up on everybody and takes no call; SQLite's file belongs to somebody else."""
    if ENGINE == "sqlite":
        engine = sa.create_engine(site.database_url)
        with engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout = 20000")
            other.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                other.exec_driver_sql("ROLLBACK")
        engine.dispose()
        return
    name = sa.make_url(site.database_url).database
    with _set(site, None, None, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {{}}'):
        yield


@contextlib.contextmanager
def clock_ahead(site: Frail) -> Iterator[None]:
    """The clock jumps an hour ahead, and back."""
    with _off_by(site, 3600):
        yield


@contextlib.contextmanager
def clock_behind(site: Frail) -> Iterator[None]:
    """The clock jumps an hour back, and ahead again."""
    with _off_by(site, -3600):
        yield


FAULTS: dict[str, Fault] = {
    "disk full": disk_full,
    "disk read-only": read_only,
    "no handles left": no_handles,
    "database gone": database_gone,
    "clock an hour ahead": clock_ahead,
    "clock an hour behind": clock_behind,
}


@contextlib.contextmanager
def _off_by(site: Frail, seconds: int) -> Iterator[None]:
    site.clock_file.write_text(str(seconds))
    try:
        yield
    finally:
        site.clock_file.unlink()


def _needs_disk(site: Frail) -> None:
    if not site.small_disk:
        raise NotHere("a disk of its own needs an administrator's rights")


@contextlib.contextmanager
def _set(site: Frail, on: str | None, off: str | None, template: str = "") -> Iterator[None]:
    """Change the database for every connection, which is cut so that each notices."""
    url = sa.make_url(site.database_url)
    template = template or f'ALTER DATABASE "{url.database}" SET {{}}'
    engine = sa.create_engine(os.environ["TEST_DATABASE_URL"], isolation_level="AUTOCOMMIT")
    cut = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(template.format(on or "false"))
            connection.execute(cut, {"name": url.database})
        yield
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(template.format(off or "true"))
            connection.execute(cut, {"name": url.database})
        engine.dispose()


@contextlib.contextmanager
def _refusing(site: Frail, what: str) -> Iterator[None]:
    """Every new row is refused, as PostgreSQL refuses it on a full disk."""
    engine = sa.create_engine(site.database_url, isolation_level="AUTOCOMMIT")
    tables = ("post", "topic", "job", "once", "draft", "reaction", "revision")
    with engine.connect() as connection:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger AS $$ BEGIN {what}; END $$ "
            "LANGUAGE plpgsql"
        )
        for table in tables:
            connection.exec_driver_sql(
                f'CREATE TRIGGER disk_full BEFORE INSERT ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION disk_full()"
            )
    try:
        yield
    finally:
        # One table after the other: whoever reads two of them must not wait for us, and we for them.
        with engine.connect() as connection:
            for table in tables:
                connection.exec_driver_sql(f'DROP TRIGGER disk_full ON "{table}"')
            connection.exec_driver_sql("DROP FUNCTION disk_full")
        engine.dispose()


# The soak


class Faults(Storm):
    """One round for each fault."""

    def __init__(
        self, site: Frail, plan: Plan, names: Sequence[str], lasts: float = LASTS, around: float = AROUND
    ) -> None:
        super().__init__(site, plan)
        self.frail, self.lasts, self.around = site, lasts, around
        self.left = list(names)
        self.told: dict[str, str] = {}
        self.pids = site.serving()

    def run(self) -> Report:
        """Every fault, then the last look at everything."""
        for writer in self.writers:
            writer.sign_in()
        while self.left:
            name = self.left.pop(0)
            known = len(self.ledger.known())
            try:
                self._fail(name)
            except NotHere as why:
                self.told[name] = f"not run: {why}"
            self._wait_for_the_clock(name)
            self._check(self.report.rounds + 1, known)
            self.report.rounds += 1
            say(f"{name}: {self.told[name]}; {len(self.report.violations)} violations")
        self.report.violations += [f"{count} times {fault}" for fault, count in self.gauge.faults.items()]
        self.report.figures = {"writers": self.plan.writers, **self.told}
        return self.report

    def _fail(self, name: str) -> None:
        stop = threading.Event()
        threads = [threading.Thread(target=writer.work, args=(stop,)) for writer in self.writers]
        for thread in threads:
            thread.start()
        try:
            time.sleep(self.around)
            before = self.gauge.statuses[503]
            with FAULTS[name](self.frail):
                time.sleep(self.lasts)
            well = self._well_after()
            time.sleep(self.around)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        refused = self.gauge.statuses[503] - before
        same = "" if self.frail.serving() == self.pids else ", by a new process that the master started"
        self.pids = self.frail.serving()
        self.told[name] = f"{refused} answers 503, well after {well:.1f} s{same}"
        if well > WELL_WITHIN:
            self.report.violations.append(f"{name}: not well again after {WELL_WITHIN:.0f} s")

    def _wait_for_the_clock(self, name: str) -> None:
        """What was being sent when the clock was set back has jobs that wait for its hour, until the next of
        the looks by which they are found: the last is half a minute later."""
        end = time.monotonic() + LOOKS[-1] + 5
        with self.app.app_context():
            while name == "clock an hour ahead" and checks.by_a_clock_ahead() and time.monotonic() < end:
                time.sleep(0.1)
            db.session.remove()

    def _well_after(self) -> float:
        """Seconds until somebody was answered that a post is there."""
        started = time.monotonic()
        promised = self._promised()
        while self._promised() == promised and time.monotonic() - started <= WELL_WITHIN:
            time.sleep(0.1)
        return time.monotonic() - started

    def _promised(self) -> int:
        return sum(written.promised for written in list(self.ledger.written))
