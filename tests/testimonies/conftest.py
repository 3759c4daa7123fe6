"""The cast and the browser of the forum's tests."""

from __future__ import annotations

import pytest

from tests.forum.conftest import cast, statements, visit
from tests.make import forum

__all__ = ["cast", "statements", "visit"]


@pytest.fixture
def lived(cast):
    """The space whose people keep testimonies; "moderator" answers for it."""
    return forum.space("lived-experience")
