"""Each test of accounts starts with an empty post box."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def _empty_post_box(built_app: Flask) -> None:
    built_app.extensions["mailman"].outbox = []
