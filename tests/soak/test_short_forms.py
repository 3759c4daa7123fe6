"""Short forms of the other soaks: a machine that fails, a crowd at the door, posts looked for at once.

They show that each soak runs and that nothing is lost. How fast the site is meanwhile is measured by
``python3 dev.py soak``, on a machine that does nothing else: the bounds here only catch what hangs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.soak.crowd import Crowd, Size
from tests.soak.faults import Faults, Frail
from tests.soak.finding import Finding, Pace
from tests.soak.storm import Plan

pytestmark = pytest.mark.timeout(180)
HANGS = 30.0  # seconds
STARVES = 20.0  # times
A_SECOND = 1000.0  # milliseconds


@pytest.fixture(scope="module")
def frail(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Frail]:
    """A site of the small form, whichever the database. What fails comes first: it counts every post."""
    site = Frail(tmp_path_factory.mktemp("frail"))
    try:
        site.prepare(models)
        site.start()
        yield site
    finally:
        site.stop()


def test_a_full_disk_and_a_clock_that_jumps_lose_nothing(frail: Frail):
    soak = Faults(frail, Plan(writers=3), ("disk full", "clock an hour ahead"), lasts=1.5, around=0.5)
    report = soak.run()
    assert not report.violations, "\n".join(report.violations)


def test_others_are_served_while_slow_clients_hold_the_door(frail: Frail):
    """More of them than the server has threads, of the sorts together that it once gave threads to."""
    soak = Crowd(frail, Size(slow=210, sockets=20, turns=1, pages=12))
    soak.run()
    assert not soak.gauge.faults
    assert len(soak.crowded) == 12
    # Many times a few milliseconds is another test on this machine; whoever starves waits for seconds.
    assert soak.ratio < STARVES or median(soak.crowded) < A_SECOND


def test_posts_are_found_while_an_import_runs(frail: Frail):
    soak = Finding(frail, Pace(seconds=5, rate=3, threads=300))
    report = soak.run()
    assert not report.violations, "\n".join(report.violations)
    assert soak.found, "nobody posted anything"
    assert soak.after(1) < HANGS
