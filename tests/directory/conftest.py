"""What the tests of the directory share."""

from __future__ import annotations

from tests.reference import reference_data

__all__ = ["reference_data"]
