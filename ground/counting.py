"""A pytest plugin that writes down how many tests passed, for the totals at the end of ``dev.py test``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

WHERE = "TEST_COUNTS"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write the counts; with several workers, only the process that reports is asked."""
    seen = {name: len(reports) for name, reports in terminalreporter.stats.items()}
    counts = {
        "passed": seen.get("passed", 0) + seen.get("xfailed", 0),
        "failed": seen.get("failed", 0) + seen.get("error", 0),
        "skipped": seen.get("skipped", 0),
    }
    Path(os.environ[WHERE]).write_text(json.dumps(counts))
