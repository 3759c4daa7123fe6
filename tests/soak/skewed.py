"""gunicorn's settings for a site whose clock can be set: each process asks a file how many seconds to add.

The clock of the machine is everybody's; what is set here is what Python's ``time.time`` and the
program's own ``clock.now`` say in the processes of the site.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

FILE = "CLOCK_IS_OFF_BY"


def post_fork(_server: Any, _worker: Any) -> None:
    """Set the clock of a worker before it loads the program."""
    file = Path(os.environ[FILE])
    true_time = time.time

    def off() -> float:
        with suppress(OSError, ValueError):
            return float(file.read_text())
        return 0.0

    time.time = lambda: true_time() + off()

    from community.core import clock

    true_now = clock.now
    clock.now = lambda: true_now() + timedelta(seconds=off())
