"""Starting the community on this machine: its database, its key, its people, its web server."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from config import Settings, read_settings
from ground.console import ROOT, Command, hand_over, say, stop, work, works
from ground.environment import PYTHON
from ground.steps import fingerprint, keep

FLASK: Command = (PYTHON, "-m", "flask", "--app", "wsgi")
MIGRATIONS = ROOT / "migrations" / "versions"
DEMONSTRATION = ROOT / "community" / "demo"
# One process keeps live updates and rate limits whole without Redis. Each page that is kept up to date
# while it is open takes a thread, at most LIVE_SEATS (60) of them: the others are for pages.
WORKERS = ("--workers", "1", "--worker-class", "community.core.patient.PatientWorker", "--threads", "100")

_REVISION = re.compile(r"""^revision(?:: str)? = ["'](\w+)["']""", re.MULTILINE)
_DOWN_REVISION = re.compile(r"""^down_revision(?:: [^=]+)? = ["'](\w+)["']""", re.MULTILINE)


def environment_of_run(host: str, port: int, empty: bool) -> dict[str, str]:
    """Return the environment ``run`` gives to the program; what the person has set wins."""
    return {
        "PASSERELLE_ENV": "development" if empty else "demo",
        "BASE_URL": f"http://{_shown(host)}:{port}",
        "MALLOC_ARENA_MAX": "2",  # heaps of all threads together: one each would keep what the others free
        **os.environ,
    }


def stop_if_taken(host: str, port: int) -> None:
    """Say at once, not after the set-up, that something else listens on this port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = f"Cannot listen on {host} port {port} ({error.strerror})."
            stop(f"{why} Try: python3 dev.py run --port {port + 1}")


def ensure_database(environment: Mapping[str, str]) -> None:
    """Bring the tables up to date and see that there is a key file."""
    settings = read_settings(environment)
    database = _sqlite_file(settings)
    behind = database is None or not is_up_to_date(database)
    if behind:
        work("Bringing the database up to date", [*FLASK, "db", "upgrade"], environment)
    if behind or not settings.key_file.exists():
        work("Preparing the community", [*FLASK, "setup"], environment)


def ensure_small_database(environment: Mapping[str, str]) -> None:
    """Do the same for an operators' command, where no operator would rather decide on it."""
    settings = read_settings(environment)
    if settings.sqlite and not settings.production:
        ensure_database(environment)


def ensure_demonstration(environment: Mapping[str, str]) -> None:
    """Load the demonstration community, which changes nothing where it is already."""
    settings = read_settings(environment)

    def load() -> None:
        work("Loading the demonstration community", [*FLASK, "demo", "load"], environment)

    if database := _sqlite_file(settings):
        # A database that was deleted or replaced is another file: its people have to come again.
        key = fingerprint(DEMONSTRATION, also=f"{database}:{database.stat().st_ino}")
        keep(settings.instance_dir / "demonstration.loaded", key, load)
    else:
        load()


def serve(host: str, port: int, environment: Mapping[str, str]) -> int:
    """Become the web server, which prints the address once it answers."""
    if not works([PYTHON, "-c", "import gunicorn.app.wsgiapp"]):
        say(
            "gunicorn does not run on this system: this is Werkzeug's own server, good enough to look around."
        )
        announce(host, port, read_settings(environment))
        start = f"from wsgi import app; app.run({host!r}, {port}, threaded=True)"
        return hand_over([PYTHON, "-c", start], environment)
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return hand_over([*web_server(bind), "--config", "python:ground.when_ready"], environment)


def web_server(bind: str) -> Command:
    """Return the command that serves the community; the journeys of the tests start the same one."""
    quiet = ("--log-level", "warning", "--no-control-socket", "--graceful-timeout", "3")
    return [PYTHON, "-m", "gunicorn", "wsgi:app", "--bind", bind, *WORKERS, *quiet]


def announce(host: str, port: int, settings: Settings) -> None:
    """Print where the community is, and where its mail goes."""
    print(f"Passerelle: http://{_shown(host)}:{port}/", flush=True)
    if not settings.mail_url:
        print(f"Mail is not sent; read it in {settings.instance_dir / 'mail'}", flush=True)
    print("Stop with Ctrl+C.", flush=True)


def newest_revisions(migrations: Path) -> set[str]:
    """Return the revisions that no other one follows: one, as long as history is a straight line."""
    texts = [file.read_text(encoding="utf-8") for file in migrations.glob("*.py")]
    made = {name for text in texts for name in _REVISION.findall(text)}
    followed = {name for text in texts for name in _DOWN_REVISION.findall(text)}
    return made - followed


def is_up_to_date(database: Path) -> bool:
    """Ask a small database directly, which saves the seconds it takes to start Flask for it."""
    if not database.exists():
        return False
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return {row[0] for row in rows} == newest_revisions(MIGRATIONS)


def _sqlite_file(settings: Settings) -> Path | None:
    return Path(settings.database_url.removeprefix("sqlite:///")) if settings.sqlite else None


def _shown(host: str) -> str:
    """Return the host a browser on this machine can open."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - nothing is bound here
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
