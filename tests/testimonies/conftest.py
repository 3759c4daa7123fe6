"""The cast and the browser of the forum's tests."""

from __future__ import annotations

from tests.forum.conftest import cast, statements, visit

__all__ = ["cast", "statements", "visit"]
