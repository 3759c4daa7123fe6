"""The cast for the tests of routing, and the fixtures of the forum's."""

from __future__ import annotations

from tests.forum.conftest import cast, statements, visit

__all__ = ["cast", "statements", "visit"]
