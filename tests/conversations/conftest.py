"""The cast, and a browser that fills forms as one of them."""

from __future__ import annotations

from tests.forum.conftest import Visit, cast, statements, visit  # noqa: F401
