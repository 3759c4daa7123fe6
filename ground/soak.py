"""Long runs on a site that is killed, starved, crowded or flooded: is anything lost, doubled, late?

Runs inside ``.venv``. Each soak has a process and a site of its own, on SQLite and on a real PostgreSQL.
What a soak does and looks at is in ``tests/soak``; a short form of each runs with the ordinary tests.
The table is Markdown, on standard output: ``python3 dev.py soak > table.md``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ground.console import ROOT, say
from ground.suite import ENGINES
from tests.servers import postgresql

# What is soaked, and what it shows.
WHAT = {
    "kills": "Kills: web server and workers are killed at random while people write",
    "faults": "Faults: disk, handles, database and clock fail for a while, and are well again",
    "crowd": "Crowd: slow clients and open sockets, and how long everybody else waits",
    "finding": "Finding: posts are looked for while an import runs",
    "mail": "Mail: a thousand recipients, the worker killed twice in the middle",
}
# The suite runs this one with fewer.
MAIL = (
    "tests/notifications/test_delivery.py"
    "::test_each_gets_one_mail_though_workers_are_killed_at_the_worst_moments"
)
RECIPIENTS = 1000
# How many workers run the jobs; none: a thread of the web server does. Only kills make a difference.
FORMS = {"thread": 0, "workers": 2}
PASSED_ON = ("rounds", "writers", "processes", "seed", "back", "seconds", "rate", "lasts", "slow", "sockets")

Report = dict[str, Any]


def main(words: list[str]) -> int:
    """Soak whatever is asked for; print a table for each; 1 when anything promised was not kept."""
    # So that the servers are stopped as well when somebody ends this command.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asked = _read(words)
    broken = False
    with contextlib.ExitStack() as servers:
        environment = dict(os.environ)
        if "postgresql" in asked.engine:
            environment["TEST_DATABASE_URL"] = servers.enter_context(postgresql())
        print(_where(words), flush=True)
        for what in asked.what:
            reports = _each(what, asked, environment)
            print(f"\n### {WHAT[what]}\n\n{table(reports)}", flush=True)
            broken = broken or any(report["violations"] for report in reports.values())
    return int(broken)


def _each(what: str, asked: argparse.Namespace, environment: Mapping[str, str]) -> dict[str, Report]:
    reports: dict[str, Report] = {}
    for engine in asked.engine:
        for form in asked.form if what == "kills" else ["thread"]:
            name = f"{ENGINES[engine]}, {form}" if what == "kills" else ENGINES[engine]
            say(f"\n{what}: {name}")
            beside = {**environment, "TEST_ENGINE": engine}
            reports[name] = _mail(beside) if what == "mail" else _soak(what, FORMS[form], asked, beside)
    return reports


def _mail(environment: Mapping[str, str]) -> Report:
    """Every recipient is told once, by a test that kills the worker before and after a letter is taken."""
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", MAIL]
    asked = {**environment, "RECIPIENTS": str(RECIPIENTS)}
    done = subprocess.run(command, cwd=ROOT, env=asked, stdout=sys.stderr, check=False)
    figures = {"recipients": RECIPIENTS, "seconds in all": f"{time.monotonic() - started:.0f}"}
    return {
        "figures": figures,
        "violations": ["not one mail each: see the test's words"] if done.returncode else [],
    }


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py soak")
    parser.add_argument(
        "what", nargs="*", metavar="kills|faults|crowd|finding|mail", help="without: all of them"
    )
    parser.add_argument("--engine", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument(
        "--form", nargs="+", choices=list(FORMS), default=list(FORMS), help="kills: who runs the jobs"
    )
    parser.add_argument("--rounds", type=int, default=10, help="kills: each with three, and a check after it")
    parser.add_argument("--writers", type=int, default=10)
    parser.add_argument("--processes", type=int, default=1, help="of the web server")
    parser.add_argument("--seed", type=int, default=1, help="another one kills at other moments")
    parser.add_argument("--back", type=float, default=5.0, help="seconds in which the site must be back")
    parser.add_argument("--lasts", type=float, default=10.0, help="faults: seconds of each")
    parser.add_argument("--slow", type=int, default=200, help="crowd: slow clients")
    parser.add_argument("--sockets", type=int, default=500, help="crowd: open sockets asked for")
    parser.add_argument("--seconds", type=float, default=60.0, help="finding: how long people post")
    parser.add_argument("--rate", type=float, default=10.0, help="finding: posts a second")
    asked = parser.parse_args(words)
    if unknown := set(asked.what) - set(WHAT):
        parser.error(f"nothing is called {', '.join(sorted(unknown))}")
    asked.what = asked.what or list(WHAT)
    return asked


def _soak(what: str, workers: int, asked: argparse.Namespace, environment: Mapping[str, str]) -> Report:
    command = [sys.executable, "-m", "tests.soak", f"--what={what}", f"--workers={workers}"]
    command += [f"--{name}={getattr(asked, name)}" for name in PASSED_ON]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        return {"figures": {}, "violations": [f"the soak itself ended with {done.returncode}"]}
    report: Report = json.loads(done.stdout.splitlines()[-1])
    return report


def _where(words: list[str]) -> str:
    """What was run, when and on what: a figure without its machine says nothing."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    return (
        f"`{' '.join(['python3 dev.py soak', *words])}` on {datetime.now(UTC):%d %B %Y, %H:%M} UTC; "
        f"{os.cpu_count()} cores, {_processor()}, {platform.system()}, Python {platform.python_version()}; "
        f"load of the machine as it began (1, 5, 15 minutes): {load}."
    )


def _processor() -> str:
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def table(reports: Mapping[str, Report]) -> str:
    """The figures of each soak side by side, as Markdown, then what was violated, in words."""
    names = list(dict.fromkeys(name for report in reports.values() for name in report["figures"]))
    lines = [_row("", *reports), _row("---", *("---" for _ in reports))]
    for name in names:
        lines.append(_row(name, *(str(report["figures"].get(name, "-")) for report in reports.values())))
    lines.append(_row("violations", *(str(len(report["violations"])) for report in reports.values())))
    broken = [
        f"- {soak}: {violation}" for soak, report in reports.items() for violation in report["violations"]
    ]
    return "\n".join([*lines, *(["", *broken] if broken else [])])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
