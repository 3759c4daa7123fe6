"""The running site of the journeys, itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from ground.console import ROOT

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
        program.wait(timeout=20)
    with pytest.raises(ProcessLookupError):
        os.kill(site, 0)
