"""Rate limits, by persona when there is one, else by address; shared through Redis when it is set.

Redis lost: each process counts for itself until it is back. Nobody is locked out, and nobody gets
more than their share from one process.
"""

from __future__ import annotations

from flask import Flask, g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address


def who() -> str:
    """Whom a limit counts: the acting persona, never the member behind it; else the address."""
    viewer = getattr(g, "viewer", None)
    if viewer is not None and viewer.persona_id:
        return f"p:{viewer.persona_id}"
    return f"a:{get_remote_address()}"


limiter = Limiter(key_func=who, strategy="sliding-window-counter", headers_enabled=False)


def init_app(app: Flask) -> None:
    """Wire the limiter; tests and benchmarks may switch it off by ``RATELIMIT_ENABLED``."""
    shared = app.extensions["redis"]
    app.config.setdefault("RATELIMIT_STORAGE_URI", "redis://" if shared else "memory://")
    if shared is not None:
        # The same connections, with their short patience: a page never waits long for a count.
        app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", {"connection_pool": shared.connection_pool})
    # A limiter whose store is away lets people through rather than lock them out.
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", shared is not None)
    limiter.init_app(app)
