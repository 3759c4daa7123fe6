"""The running site of the journeys, itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from ground.console import ROOT
from tests.journeys.person import Device

# A program with a site that only waits.
PROGRAM = """
import sys, time
from pathlib import Path
from tests.journeys.site import Site

class Idle(Site):
    def command(self):
        return [sys.executable, "-c", "import time; time.sleep(60)"]

    def _ready(self):
        return True

site = Idle(Path(sys.argv[1]), demonstration=False)
site.start()
try:
    print(site.process.pid, flush=True)
    time.sleep(60)
finally:
    site.stop()
"""


def test_whoever_is_told_to_end_takes_their_site_along(tmp_path):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        assert program.stdout is not None
        site = int(program.stdout.readline())
        program.send_signal(signal.SIGTERM)
        program.wait(timeout=60)
    with pytest.raises(ProcessLookupError):
        os.kill(site, 0)


def test_whoever_looks_sees_that_a_page_asks_another_host(empty_site, sit_down):
    person = sit_down(empty_site, "en", Device(390))
    person.go("/sign-in")
    person.page.evaluate("document.body.innerHTML = '<img src=https://elsewhere.example/x.png>'")
    said = "asked another host: https://elsewhere.example/x.png"
    for _ in range(100):
        if said not in person.watch.faults:
            person.page.wait_for_timeout(100)
    assert said in person.watch.faults
    person.watch.faults.clear()


def test_the_next_person_finds_nothing_of_whoever_sat_there_before(empty_site, seats):
    first = seats.take(empty_site, "en", Device(390))
    first.go("/join")
    first.page.evaluate("localStorage.setItem('left', 'behind')")
    first.context.add_cookies([{"name": "left", "value": "behind", "url": empty_site.address}])
    assert not seats.leave()
    second = seats.take(empty_site, "en", Device(390))
    assert second.page is first.page
    second.go("/sign-in")
    kept = "[localStorage.length, sessionStorage.length, history.length, document.cookie]"
    assert second.page.evaluate(kept) == [0, 0, 2, ""]
    assert not [cookie for cookie in second.context.cookies() if cookie["name"] == "left"]
    assert not seats.leave()
