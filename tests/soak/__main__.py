"""One soak in a process of its own: ``python -m tests.soak --workers 2 …``, on the engine of ``TEST_ENGINE``.

Prints its report as JSON; ``python3 dev.py soak`` runs it for each engine and form.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.soak.finding import Finding, Pace
from tests.soak.site import Siege
from tests.soak.storm import Plan, Storm


def main() -> None:
    """Make a site in a folder that is thrown away, soak it, print what happened."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--what", choices=["kills", "finding"], default="kills")
    parser.add_argument("--seconds", type=float, default=Pace.seconds)
    parser.add_argument("--rate", type=float, default=Pace.rate)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=Plan.rounds)
    parser.add_argument("--writers", type=int, default=Plan.writers)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--back", type=float, default=Plan.back_within)
    parser.add_argument("--keep", type=Path, help="a folder to leave the site in")
    asked = parser.parse_args()
    plan = Plan(rounds=asked.rounds, writers=asked.writers, seed=asked.seed, back_within=asked.back)
    with tempfile.TemporaryDirectory(prefix="passerelle-soak-") as thrown_away:
        site = Siege(asked.keep or Path(thrown_away), processes=asked.processes, workers=asked.workers)
        site.prepare()
        try:
            site.start()
            if asked.what == "finding":
                print(Finding(site, Pace(asked.seconds, asked.rate)).run().to_json(), flush=True)
                return
            print(Storm(site, plan).run().to_json(), flush=True)
        finally:
            site.stop()


if __name__ == "__main__":
    main()
