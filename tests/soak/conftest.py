"""A site of its own for the short soak and for what many people do at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doors import free_port
from tests.journeys.site import ENGINE
from tests.soak.site import Siege


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Siege]:
    """One for each file: the short soak counts every post there is.

    The small size with SQLite, the large one, with workers, on PostgreSQL. Its mail server is away.
    """
    folder: Path = tmp_path_factory.mktemp("siege")
    site = Siege(folder, workers=0 if ENGINE == "sqlite" else 2, mail_port=free_port())
    site.prepare(models)
    try:
        site.start()
        yield site
    finally:
        site.stop()
