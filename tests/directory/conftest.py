"""What the tests of the directory share."""

from __future__ import annotations

from tests.forum.conftest import cast, statements, visit
from tests.reference import reference_data

__all__ = ["cast", "reference_data", "statements", "visit"]
