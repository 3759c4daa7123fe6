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
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ground.bench import client, directory, report
from ground.bench.beside import LARGE_MORE, TEN_MORE, compared
from ground.bench.beside import table as compared_table
from ground.bench.measures import SERVICES_PAGE, Bench, Lengths, limit_of, measure
from ground.bench.serving import HOST, Served, cores, served, working
from ground.bench.sizes import LARGE_TOPICS, POSTS, TENFOLD, TOPICS, Size, environments, sizes
from ground.bench.words import SEARCHES
from ground.console import ROOT, say, stop, work
from ground.environment import PYTHON
from ground.serving import FLASK

SERVICES = 1_000  # of the directory; a page of the interface for programs holds a hundred


def main(words: list[str]) -> int:
    """Run a bench; the result goes to standard output, progress to standard error."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped as well
    if "--directory" in words:
        return directory.main(words)
    asked = _read(words)
    some = sizes(Path(asked.folder), asked.topics, asked.posts, large=asked.large, ten=asked.ten)
    with environments(some, large=asked.large, growing=True) as settings:
        grown = [_grow(one, environment) for one, environment in zip(some, settings, strict=True)]
    if asked.grow:
        return 0
    with environments(some, large=asked.large, growing=False) as settings:
        result = _run(asked, some, settings, grown)
    print(json.dumps(result) if asked.json else _told(asked, result, grown))
    return 0


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("--json", action="store_true", help="print the figures for programs")
    parser.add_argument(
        "--directory", action="store_true", help="the directory of services alone: bench --directory --help"
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--large", action="store_true", help="a million posts, on PostgreSQL; beside it 40,000")
    size.add_argument("--ten", action="store_true", help="ten times the topics; beside it the usual number")
    parser.add_argument("--compare", action="store_true", help="of two sizes only how they compare")
    parser.add_argument("--grow", action="store_true", help="grow the community, and measure nothing")
    parser.add_argument("--topics", type=int, help=f"how many (default: {TOPICS})")
    parser.add_argument("--posts", type=int, help=f"how many in all (default: {POSTS})")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each measure at eight connections")
    parser.add_argument(
        "--folder", default=str(ROOT / "instance" / "bench"), help="where what is grown stays"
    )
    asked = parser.parse_args(words)
    asked.topics = asked.topics or (LARGE_TOPICS if asked.large else TOPICS * (TENFOLD if asked.ten else 1))
    asked.posts = asked.posts or asked.topics * POSTS // TOPICS
    if asked.posts < asked.topics:
        stop("Each topic has at least one post.")
    if asked.compare and not (asked.large or asked.ten):
        stop("One size has nothing to be compared with: bench --large --compare, or bench --ten --compare.")
    return asked


def _grow(size: Size, environment: Mapping[str, str]) -> dict[str, Any]:
    quiet = {**environment, "JOBS": "none"}
    work("Bringing the database up to date", [*FLASK, "db", "upgrade"], quiet)
    work("Preparing the community", [*FLASK, "setup"], quiet)
    for topics, posts in size.steps:
        _call([str(PYTHON), "-m", "ground.bench.growth", str(topics), str(posts)], quiet)
    if not (size.folder / "services").exists():
        work("Growing the directory", [*FLASK, "directory", "grow", str(SERVICES)], quiet)
        (size.folder / "services").touch()
    # What comes back each hour or day is due: it would all be done while the first page is measured.
    work("Doing what is due", [*FLASK, "worker", "--until-idle"], quiet)
    grown: dict[str, Any] = json.loads((size.folder / "grown.json").read_text())
    return grown


def _call(command: list[str], environment: Mapping[str, str]) -> None:
    if subprocess.run(command, cwd=ROOT, env=dict(environment), check=False).returncode:
        stop("Growing the community failed.")


def _run(
    asked: argparse.Namespace,
    some: Sequence[Size],
    settings: Sequence[Mapping[str, str]],
    grown: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The table of the first size, and where there is a second, how they compare."""
    server_core, driver_core = cores()
    if driver_core:
        os.sched_setaffinity(0, driver_core)
    lengths = Lengths(asked.seconds, asked.seconds / 2, min(asked.seconds / 3, 2.0))
    found = {} if asked.compare else _measure(some[0], settings[0], grown[0], lengths, server_core)
    if len(some) == 1:
        return found
    with contextlib.ExitStack() as opened:
        benches = [
            Bench(opened.enter_context(_site(one, environment, server_core)), each, lengths)
            for one, environment, each in zip(some, settings, grown, strict=True)
        ]
        return {**found, "compared": compared(benches[1], benches[0], say)}


@contextlib.contextmanager
def _site(size: Size, environment: Mapping[str, str], core: set[int]) -> Iterator[Served]:
    log = size.folder / "server.log"
    log.unlink(missing_ok=True)
    with (
        served("ground.bench.site:app", environment, core, log, "/healthz") as site,
        working(environment, size.folder / "worker.log"),
    ):
        yield site


def _measure(
    size: Size,
    environment: Mapping[str, str],
    grown: Mapping[str, Any],
    lengths: Lengths,
    server_core: set[int],
) -> dict[str, Any]:
    folder, log = size.folder, size.folder / "server.log"
    with _site(size, environment, server_core) as site:
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


def _told(asked: argparse.Namespace, result: Mapping[str, Any], grown: Sequence[Mapping[str, Any]]) -> str:
    """The result in words."""
    parts = [_heading(asked, grown[0])]
    if "limit" in result:
        parts.append(report.table(result, report.LARGE if asked.large else report.SMALL))
    if "compared" in result:
        most = LARGE_MORE if asked.large else TEN_MORE
        parts.append(f"\nIn turns with {_size(grown[1])}:\n")
        parts.append(compared_table(result["compared"], report.NAMES, most))
        parts.append(_searches(asked, result["compared"]["search"]))
    return "\n".join(parts)


def _searches(asked: argparse.Namespace, found: Mapping[str, float]) -> str:
    """Within which time 95 % of the searches of either size were answered, and what was promised."""
    least = report.SEARCH_BESIDE_MS if asked.large else report.SMALL.search_ms
    most = (report.LARGE if asked.large else report.SMALL).search_ms
    beside = f"beside within {found['p95_ms_beside']} ms (to reach: {least})"
    return f"\nSearch at one connection, 95 %: {beside}, here within {found['p95_ms']} ms (to reach: {most})."


def _size(grown: Mapping[str, Any]) -> str:
    return f"{grown['topics']} topics, {grown['posts']} posts, {len(grown['people'])} members"


def _heading(asked: argparse.Namespace, grown: Mapping[str, Any]) -> str:
    where = "SQLite and Whoosh; one web process, jobs included, on one core, the driver on another"
    if asked.large:
        where = "PostgreSQL; one web process on one core, a worker and the driver on another"
    questions = ", ".join(f"“{one}”" for one in SEARCHES)
    visited = len(grown["public_topics"])
    return (
        f"{report.machine()}\n{_size(grown)}; {where};\n"
        f"one reply a second while pages are asked; {visited} topics visited.\nSearched: {questions}.\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
