"""A pytest plugin that writes down how many tests passed and what failed, for the end of ``dev.py test``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

WHERE = "TEST_COUNTS"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write the counts; with several workers, only the process that reports is asked."""
    stats = terminalreporter.stats
    seen = {name: len(reports) for name, reports in stats.items()}
    counts = {
        "passed": seen.get("passed", 0) + seen.get("xfailed", 0),
        "failed": seen.get("failed", 0) + seen.get("error", 0),
        "skipped": seen.get("skipped", 0),
        "failures": [
            [report.nodeid, said(report)] for kind in ("failed", "error") for report in stats.get(kind, [])
        ],
    }
    Path(os.environ[WHERE]).write_text(json.dumps(counts))


def said(report: Any) -> str:
    """The whole message of a failure, without the lines of code around it."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longreprtext)
