"""The directory of a large region: how fast its file comes in, and how fast it answers.

``flask directory grow`` writes the file; ``flask directory import`` brings it into an empty database, as an
operator would; then the site is served on one core and asked what clinicians ask, each question once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import sqlalchemy as sa

from ground.bench import client, questions, report
from ground.bench.database import database, large_server
from ground.bench.measures import SERVICES_PAGE, Bench, Lengths, limit_of
from ground.bench.serving import HOST, Served, cores, served
from ground.bench.sizes import settings_in
from ground.console import ROOT, say, stop, work
from ground.serving import FLASK

SERVICES = 100_000
# What is to be reached: table rows a second while they come in, at each size; the time within which 95 % of
# the questions are answered; the share of the bare route of the same bytes.
ROWS_SMALL, ROWS_LARGE = 3_000, 6_000
ANSWER_MS = 50
SHARE = report.SERVICES["hsds_services"]
ASKED = 200  # questions of each kind
_PROGRESS = re.compile(r"\d+ (rows read|records written up)")


@dataclass(frozen=True)
class Place:
    """Where a run keeps its file and its site."""

    folder: Path
    services: int

    @property
    def file(self) -> Path:
        """The file of grown services: it stays for the next run."""
        return self.folder / f"services-{self.services}.ndjson"

    @property
    def site(self) -> Path:
        """The data of the site that is begun anew."""
        return self.folder / "site"


def main(words: Sequence[str]) -> int:
    """Bring a directory in and ask it; the result goes to standard output, progress to standard error."""
    asked = _read(words)
    size = "large" if asked.large else "small"
    place = Place(Path(asked.folder) / f"directory-{size}-{asked.services}", asked.services)
    place.folder.mkdir(parents=True, exist_ok=True)
    with _empty_site(place, large=asked.large) as environment:
        _write_file(place, environment)
        result = {"services": asked.services, "large": asked.large, "import": _bring_in(place, environment)}
        result |= _ask(place, environment, asked.seconds)
    print(json.dumps(result) if asked.json else table(result))
    return 0


def _read(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench --directory")
    parser.add_argument("--directory", action="store_true", help="measure the directory of services alone")
    parser.add_argument("--json", action="store_true", help="print the figures for programs")
    parser.add_argument("--large", action="store_true", help="on PostgreSQL, as durable as it is by itself")
    parser.add_argument("--services", type=int, default=SERVICES, help="how many (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each measure at eight connections")
    parser.add_argument("--folder", default=str(ROOT / "instance" / "bench"), help="where the file stays")
    asked = parser.parse_args(list(words))
    if asked.services < 1:
        stop("A directory has at least one service: --services 1.")
    return asked


@contextlib.contextmanager
def _empty_site(place: Place, *, large: bool) -> Iterator[dict[str, str]]:
    """The settings of a site that knows no service yet, its database running as long as the block lasts."""
    if place.site.exists():
        shutil.rmtree(place.site)
    place.site.mkdir()
    with large_server(place.folder, growing=False) if large else contextlib.nullcontext("") as server:
        environment = settings_in(place.site, _emptied(server, place.folder) if large else "")
        quiet = {**environment, "JOBS": "none"}
        work("Bringing the database up to date", [*FLASK, "db", "upgrade"], quiet)
        work("Preparing the community", [*FLASK, "setup"], quiet)
        work("Doing what is due", [*FLASK, "worker", "--until-idle"], quiet)
        yield environment


def _emptied(server: str, folder: Path) -> str:
    """The address of this folder's database, without anything in it."""
    address = database(server, folder)
    name = sa.make_url(address).database
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}"'))
    engine.dispose()
    return database(server, folder)


def _write_file(place: Place, environment: Mapping[str, str]) -> None:
    if place.file.exists():
        return
    made = place.file.with_suffix(".part")
    words = [*FLASK, "directory", "grow", str(place.services), "--output", str(made)]
    work("Growing the services", words, {**environment, "JOBS": "none"})
    made.rename(place.file)


def _bring_in(place: Place, environment: Mapping[str, str]) -> dict[str, Any]:
    """Import the file, write documents up, build lists and index: seconds by the clock since the start."""
    say("import")
    quiet = {**environment, "JOBS": "none"}
    began = time.monotonic()
    ended, told = _watched([*FLASK, "directory", "import", str(place.file), "--json"], quiet)
    seconds = {
        "rows": ended["rows read"] - began,
        "written_up": ended["records written up"] - began,
    }
    work("Building the lists and the index", [*FLASK, "worker", "--until-idle"], quiet)
    seconds["indexed"] = time.monotonic() - began
    # Rows that stand in the tables now: what a file says again and again is counted once.
    rows = sum(kinds.get("new", 0) for kinds in told["tables"].values())
    return {
        "rows": rows,
        "seconds": {name: round(one, 2) for name, one in seconds.items()},
        "rows_per_second": {name: round(rows / one) for name, one in seconds.items()},
    }


def _watched(command: Sequence[str | Path], environment: Mapping[str, str]) -> tuple[dict[str, float], Any]:
    """When each kind of progress was last told, and what was printed at the end."""
    ended: dict[str, float] = {}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=dict(environment), **pipes) as running:
        told, result = cast(IO[str], running.stderr), cast(IO[str], running.stdout)
        for line in told:  # the result is printed after the last of these
            if found := _PROGRESS.match(line):
                ended[found[1]] = time.monotonic()
            else:
                say(line.rstrip())
        printed = result.read()
    if running.returncode or len(ended) < 2:
        stop(f"The import failed: {printed[-2000:]}")
    return ended, json.loads(printed)


def _ask(place: Place, environment: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """Serve what was brought in, and ask it."""
    server_core, driver_core = cores()
    lengths = Lengths(seconds, seconds / 2, min(seconds / 3, 2.0))
    log = place.folder / "server.log"
    log.unlink(missing_ok=True)
    if driver_core:
        os.sched_setaffinity(0, driver_core)
    with served("ground.bench.site:app", environment, server_core, log, "/healthz") as site:
        found: dict[str, Any] = {"answers": {}}
        for name, paths in questions.of(site, ASKED).items():
            say(name)
            found["answers"][name] = _each_once(site, paths)
        page = client.once(site.address, client.get(SERVICES_PAGE, HOST))
        body = place.folder / "services.gz"
        body.write_bytes(client.body_of(page))
        beside = {**environment, "BENCH_PAGE": str(body)}
        with served("ground.bench.limit:app", beside, server_core, log, "/") as bare:
            say("services")
            return found | _beside_bare(site, bare, lengths)


def _beside_bare(site: Served, bare: Served, lengths: Lengths) -> dict[str, Any]:
    """A page of a hundred services, and the bare route at its best, before and after."""
    before = limit_of(bare, lengths)
    figures = Bench(site, {}, lengths).page([SERVICES_PAGE], signed_in=False).figures()
    limit = max(before, limit_of(bare, lengths), key=lambda one: one["rps"])
    return {"limit": limit, "page": {**figures, "ratio": round(figures["rps"] / limit["rps"], 3)}}


def _each_once(site: Served, paths: Sequence[str]) -> dict[str, Any]:
    """Each address once, one after the other over one connection; the first tenth only warms up."""
    first = len(paths) // 10
    for path in paths[:first]:
        client.once(site.address, client.get(path, HOST))
    load = client.each(site.address, [client.get(path, HOST) for path in paths[first:]])
    return {
        "asked": len(load.times),
        "median_ms": round(load.median_ms, 1),
        "p95_ms": round(load.percentile_ms(0.95), 1),
        "most_ms": round(max(load.times) * 1000, 1),
        "bytes": load.bytes,
    }


def table(result: Mapping[str, Any]) -> str:
    """The figures as Markdown tables, then what falls short."""
    where = "PostgreSQL" if result["large"] else "SQLite and Whoosh"
    said = f"{result['services']} services, {result['import']['rows']} table rows; {where}."
    page, limit = result["page"], result["limit"]
    share = (
        f"- `{SERVICES_PAGE}`: {page['rps']:.0f} a second at eight connections, {page['ratio']:.1%} of a bare"
        f" route of the same {limit['bytes']} bytes ({limit['rps']:.0f} a second; to reach: {SHARE:.0%})"
    )
    parts = [report.machine(), said, "", *_import_table(result), "", *_answer_table(result), "", share, ""]
    return "\n".join([*parts, *short_of(result)])


def _import_table(result: Mapping[str, Any]) -> Iterator[str]:
    yield "| import, by the clock from the start of the command | seconds | table rows/s | to reach |"
    yield "| --- | --- | --- | --- |"
    brought = result["import"]
    for name, words in _STEPS.items():
        reach = str(_least(result)) if name == "rows" else ""
        pace, seconds = brought["rows_per_second"][name], brought["seconds"][name]
        yield f"| {words} | {seconds:.1f} | {pace} | {reach} |"


def _answer_table(result: Mapping[str, Any]) -> Iterator[str]:
    yield "| one connection, one core | asked | median ms | 95 % within ms | longest | to reach | bytes |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name, one in result["answers"].items():
        times = f"{one['median_ms']} | {one['p95_ms']} | {one['most_ms']} | {ANSWER_MS}"
        yield f"| {questions.NAMES[name]} | {one['asked']} | {times} | {one['bytes']} |"


def _least(result: Mapping[str, Any]) -> int:
    return ROWS_LARGE if result["large"] else ROWS_SMALL


_STEPS = {
    "rows": "rows in their tables, with their history",
    "written_up": "… and documents written up",
    "indexed": "… and lists and index built",
}


def short_of(result: Mapping[str, Any]) -> list[str]:
    """What was not reached, each as a sentence; one sentence when everything was."""
    least = _least(result)
    pace, share = result["import"]["rows_per_second"]["rows"], result["page"]["ratio"]
    found = [f"import: {pace} table rows a second, not {least}"] if pace < least else []
    found += [
        f"{questions.NAMES[name]}: 95 % within {one['p95_ms']} ms, not {ANSWER_MS}"
        for name, one in result["answers"].items()
        if one["p95_ms"] > ANSWER_MS
    ]
    found += [f"services: {share:.1%} of the bare route, not {SHARE:.0%}"] if share < SHARE else []
    return [f"Falls short: {one}." for one in found] or ["Everything to be reached was reached."]
