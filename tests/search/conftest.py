"""A search index of each kind that the engine under test has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from community.search.index import SearchIndex
from community.search.postgres_index import PostgresIndex
from community.search.whoosh_index import WhooshIndex

KINDS = ["whoosh", "postgres"] if os.environ.get("TEST_ENGINE") == "postgresql" else ["whoosh"]


@pytest.fixture(params=KINDS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    """An empty index."""
    if request.param == "whoosh":
        return WhooshIndex(tmp_path / "index")
    return PostgresIndex(request.getfixturevalue("db_session"), schema="search_of_a_test")
