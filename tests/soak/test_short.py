"""The short soak; ``python3 dev.py soak`` runs long ones, with many more people and kills."""

from __future__ import annotations

import pytest

from tests.soak.site import Siege
from tests.soak.storm import Plan, Storm

# A machine that runs other tests meanwhile is slower to start a program than one that serves.
PLAN = Plan(rounds=1, writers=6, kills=1, longest_up=4.0, back_within=60.0)


@pytest.mark.timeout(240)
def test_nothing_is_lost_doubled_or_half_made_when_the_site_is_killed(siege: Siege):
    report = Storm(siege, PLAN).run()
    assert report.figures["answered"], "nobody wrote anything"
    assert not report.violations, "\n".join(report.violations)
