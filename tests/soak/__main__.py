"""One soak in a process of its own, on the engine of ``TEST_ENGINE``: ``python -m tests.soak --what …``.

Prints its report as JSON; ``python3 dev.py soak`` runs it for each engine and form.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.soak.crowd import Crowd, Size
from tests.soak.faults import FAULTS, LASTS, Faults, Frail
from tests.soak.finding import Finding, Pace
from tests.soak.site import Siege
from tests.soak.storm import Plan, Report, Storm


def main() -> None:
    """Make a site in a folder that is thrown away, soak it, print what happened."""
    asked = _read()
    with tempfile.TemporaryDirectory(prefix="passerelle-soak-") as thrown_away:
        made = Frail if asked.what == "faults" else Siege
        site = made(asked.keep or Path(thrown_away), processes=asked.processes, workers=asked.workers)
        try:
            site.prepare()
            site.start()
            print(SCENARIOS[asked.what](site, asked).to_json(), flush=True)
        finally:
            site.stop()


def _read() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--what", choices=list(SCENARIOS), default="kills")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=Plan.rounds)
    parser.add_argument("--writers", type=int, default=Plan.writers)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--back", type=float, default=Plan.back_within)
    parser.add_argument("--seconds", type=float, default=Pace.seconds)
    parser.add_argument("--rate", type=float, default=Pace.rate)
    parser.add_argument("--slow", type=int, default=Size.slow)
    parser.add_argument("--sockets", type=int, default=Size.sockets)
    parser.add_argument("--faults", nargs="*", choices=list(FAULTS))
    parser.add_argument("--lasts", type=float, default=LASTS, help="seconds of each fault")
    parser.add_argument("--keep", type=Path, help="a folder to leave the site in")
    return parser.parse_args()


def _kills(site: Siege, asked: argparse.Namespace) -> Report:
    plan = Plan(rounds=asked.rounds, writers=asked.writers, seed=asked.seed, back_within=asked.back)
    return Storm(site, plan).run()


def _finding(site: Siege, asked: argparse.Namespace) -> Report:
    return Finding(site, Pace(seconds=asked.seconds, rate=asked.rate), asked.seed).run()


def _crowd(site: Siege, asked: argparse.Namespace) -> Report:
    return Crowd(site, Size(slow=asked.slow, sockets=asked.sockets)).run()


def _faults(site: Siege, asked: argparse.Namespace) -> Report:
    assert isinstance(site, Frail)
    plan = Plan(writers=asked.writers, seed=asked.seed)
    return Faults(site, plan, asked.faults or list(FAULTS), asked.lasts).run()


SCENARIOS: dict[str, Callable[[Siege, argparse.Namespace], Report]] = {
    "kills": _kills,
    "finding": _finding,
    "crowd": _crowd,
    "faults": _faults,
}


if __name__ == "__main__":
    main()
