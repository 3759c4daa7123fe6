"""Grow a community, serve it on one core, ask it from another, and print what it reaches.

Runs inside ``.venv``. What was grown stays in ``instance/bench`` for the next run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ground.bench import client, report
from ground.bench.database import large_database
from ground.bench.measures import SERVICES_PAGE, Bench, Lengths, limit_of, measure
from ground.bench.serving import HOST, cores, served
from ground.bench.words import SEARCHES
from ground.console import ROOT, say, stop, work
from ground.environment import PYTHON
from ground.serving import FLASK

TOPICS, POSTS = 2_000, 40_000
LARGE_TOPICS, LARGE_POSTS = 50_000, 1_000_000
SERVICES = 1_000  # of the directory; a page of the interface for programs holds a hundred


def main(words: list[str]) -> int:
    """Run a bench; the result goes to standard output, progress to standard error."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped as well
    asked = _read(words)
    folder = Path(asked.folder) / (f"large-{asked.topics}" if asked.large else f"small-{asked.topics}")
    folder.mkdir(parents=True, exist_ok=True)
    with _environment(folder, large=asked.large, growing=True) as environment:
        grown = _grow(asked, folder, environment)
    if asked.grow:
        return 0
    with _environment(folder, large=asked.large) as environment:
        result = _run(asked, folder, environment, grown)
    if asked.json:
        print(json.dumps(result))
    else:
        print(_heading(asked, grown))
        print(report.table(result, large=asked.large))
    return 0


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("--json", action="store_true", help="print the figures for programs")
    parser.add_argument("--large", action="store_true", help="a million posts, on PostgreSQL")
    parser.add_argument("--grow", action="store_true", help="grow the community, and measure nothing")
    parser.add_argument("--topics", type=int, help=f"how many (default: {TOPICS})")
    parser.add_argument("--posts", type=int, help=f"how many in all (default: {POSTS})")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each measure at eight connections")
    parser.add_argument(
        "--folder", default=str(ROOT / "instance" / "bench"), help="where what is grown stays"
    )
    asked = parser.parse_args(words)
    asked.topics = asked.topics or (LARGE_TOPICS if asked.large else TOPICS)
    asked.posts = asked.posts or asked.topics * POSTS // TOPICS
    if asked.posts < asked.topics:
        stop("Each topic has at least one post.")
    return asked


@contextlib.contextmanager
def _environment(folder: Path, *, large: bool, growing: bool = False) -> Iterator[dict[str, str]]:
    """The settings of the site: those of production, its data in the folder."""
    settings = {
        "PASSERELLE_ENV": "production",
        "INSTANCE_DIR": str(folder),
        "KEY_FILE": "",
        "BASE_URL": f"https://{HOST}",
        "MAIL_URL": "smtp://127.0.0.1:9",  # nobody listens: nothing is sent
        "PRIVACY_CONTACT": "nobody",
        "REDIS_URL": "",
        "FILES_URL": "",
        "JOBS": "thread",
        "DATABASE_URL": "",
        "MALLOC_ARENA_MAX": "2",  # as in deploy/
    }
    environment = {**os.environ, **settings}
    if not large:
        yield environment
        return
    with large_database(folder, growing=growing) as address:
        yield {**environment, "DATABASE_URL": address}


def _grow(asked: argparse.Namespace, folder: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    quiet = {**environment, "JOBS": "none"}
    work("Bringing the database up to date", [*FLASK, "db", "upgrade"], quiet)
    work("Preparing the community", [*FLASK, "setup"], quiet)
    command = [str(PYTHON), "-m", "ground.bench.growth", str(asked.topics), str(asked.posts)]
    _call(command, quiet)
    if not (folder / "services").exists():
        work("Growing the directory", [*FLASK, "directory", "grow", str(SERVICES)], quiet)
        (folder / "services").touch()
    # What comes back each hour or day is due: it would all be done while the first page is measured.
    work("Doing what is due", [*FLASK, "worker", "--until-idle"], quiet)
    grown: dict[str, Any] = json.loads((folder / "grown.json").read_text())
    return grown


def _call(command: list[str], environment: Mapping[str, str]) -> None:
    if subprocess.run(command, cwd=ROOT, env=dict(environment), check=False).returncode:
        stop("Growing the community failed.")


def _run(
    asked: argparse.Namespace, folder: Path, environment: Mapping[str, str], grown: Mapping[str, Any]
) -> dict[str, Any]:
    server_core, driver_core = cores()
    if driver_core:
        os.sched_setaffinity(0, driver_core)
    lengths = Lengths(asked.seconds, asked.seconds / 2, min(asked.seconds / 3, 2.0))
    log = folder / "server.log"
    log.unlink(missing_ok=True)
    with served("ground.bench.site:app", environment, server_core, log, "/healthz") as site:
        page = client.once(site.address, client.get(f"/en/topics/{grown['public_topics'][0]}", HOST))
        (folder / "page.gz").write_bytes(client.body_of(page))
        beside = {**environment, "BENCH_PAGE": str(folder / "page.gz")}
        with served("ground.bench.limit:app", beside, server_core, log, "/") as bare:
            say("the limit")
            limit = limit_of(bare, lengths)
            result = measure(Bench(site, grown, lengths, limit["rps"]), say)
            say("the limit again")
            limit = max(limit, limit_of(bare, lengths), key=lambda one: one["rps"])
        _take_share(result, limit["rps"])
        say("services")
        page = client.once(site.address, client.get(SERVICES_PAGE, HOST))
        (folder / "services.gz").write_bytes(client.body_of(page))
        beside = {**environment, "BENCH_PAGE": str(folder / "services.gz")}
        with served("ground.bench.limit:app", beside, server_core, log, "/") as bare:
            most = limit_of(bare, lengths)
        services = Bench(site, grown, lengths, most["rps"]).page([SERVICES_PAGE], signed_in=False)
    result["pages"]["hsds_services"] = services.figures()
    result["more"]["hsds_limit"] = most
    return {"limit": limit, **result}


def _take_share(result: Mapping[str, Any], limit: float) -> None:
    """Each page's share of the limit: what the bare route reached at its best, before and after the pages."""
    for figures in (*result["pages"].values(), *result["more"].values()):
        if isinstance(figures, dict) and "ratio" in figures:
            figures["ratio"] = round(figures["rps"] / limit, 3)


def _heading(asked: argparse.Namespace, grown: Mapping[str, Any]) -> str:
    size = f"{grown['topics']} topics, {grown['posts']} posts, {len(grown['people'])} members"
    where = "PostgreSQL" if asked.large else "SQLite and Whoosh"
    questions = ", ".join(f"“{one}”" for one in SEARCHES)
    visited = len(grown["public_topics"])
    return (
        f"{report.machine()}\n{size}; {where}; one worker on one core, the driver on another;\n"
        f"one reply a second while pages are asked; {visited} topics visited.\nSearched: {questions}.\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
