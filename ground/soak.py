"""Long runs of many writers on a site that is killed and started again: is anything lost, doubled, half made?

Runs inside ``.venv``. Each soak has a process and a site of its own: on SQLite and on a real
PostgreSQL, with the jobs in a thread of the web server and with two ``flask worker`` processes. What a
soak does and looks at is in ``tests/soak``; a short one runs with the ordinary tests.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from ground.console import ROOT, say
from ground.suite import ENGINES
from tests.servers import postgresql

# How many workers run the jobs; none: a thread of the web server does.
FORMS = {"thread": 0, "workers": 2}
PASSED_ON = ("rounds", "writers", "processes", "seed", "back")

Report = dict[str, Any]


def main(words: list[str]) -> int:
    """Soak each engine and form asked for; print one table; 1 when anything promised was not kept."""
    # So that the servers are stopped as well when somebody ends this command.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asked = _read(words)
    reports: dict[str, Report] = {}
    with contextlib.ExitStack() as servers:
        environment = dict(os.environ)
        if "postgresql" in asked.engine:
            environment["TEST_DATABASE_URL"] = servers.enter_context(postgresql())
        for engine in asked.engine:
            for form in asked.form:
                name = f"{ENGINES[engine]}, {form}"
                say(f"\n{name}")
                reports[name] = _soak(FORMS[form], asked, {**environment, "TEST_ENGINE": engine})
    print("\n" + table(reports), flush=True)
    return 1 if any(report["violations"] for report in reports.values()) else 0


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py soak")
    parser.add_argument("--rounds", type=int, default=10, help="each with two kills, and a third at its end")
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--engine", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument(
        "--form", nargs="+", choices=list(FORMS), default=list(FORMS), help="who runs the jobs"
    )
    parser.add_argument("--processes", type=int, default=1, help="of the web server")
    parser.add_argument("--seed", type=int, default=1, help="another one kills at other moments")
    parser.add_argument("--back", type=float, default=5.0, help="seconds in which the site must be back")
    return parser.parse_args(words)


def _soak(workers: int, asked: argparse.Namespace, environment: Mapping[str, str]) -> Report:
    command = [sys.executable, "-m", "tests.soak", f"--workers={workers}"]
    command += [f"--{name}={getattr(asked, name)}" for name in PASSED_ON]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        return {"figures": {}, "violations": [f"the soak itself ended with {done.returncode}"]}
    report: Report = json.loads(done.stdout.splitlines()[-1])
    return report


def table(reports: Mapping[str, Report]) -> str:
    """The figures of each soak side by side, then what was violated, in words."""
    names = list(dict.fromkeys(name for report in reports.values() for name in report["figures"]))
    rows = [["", *reports]]
    for name in names:
        rows.append([name, *(str(report["figures"].get(name, "-")) for report in reports.values())])
    rows.append(["violations", *(str(len(report["violations"])) for report in reports.values())])
    lines = _aligned(rows)
    for soak, report in reports.items():
        lines += [f"{soak}: {violation}" for violation in report["violations"]]
    return "\n".join(lines)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
