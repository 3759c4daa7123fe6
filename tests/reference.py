"""The folder of outside reference data, which is not part of the project.

``REFERENCE_DATA`` names it (``.ci/run`` sets it). Without it the tests on real sets are red where
``CI`` is true, and a printed "not run" elsewhere.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder, or no test."""
    named = os.environ.get("REFERENCE_DATA", "")
    if named and Path(named).is_dir():
        return Path(named)
    why = "not run: REFERENCE_DATA does not name the folder of reference data"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def rows_of(file: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
