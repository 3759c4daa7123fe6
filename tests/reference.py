"""The folder of outside reference data, which is not part of the project.

``REFERENCE_DATA`` names it; ``.ci/run`` sets it where the folder lies beside the checkout. A folder that is
named must be there: without it the tests on real sets are red. Where none is named, as on a machine that has
nothing but Python and git, they are not run, and the last lines of the run say so.
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
    if not named:
        pytest.skip("not run: REFERENCE_DATA names no folder of reference data")
    if not Path(named).is_dir():
        pytest.fail("REFERENCE_DATA names a folder that is not there")
    return Path(named)


def rows_of(file: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
