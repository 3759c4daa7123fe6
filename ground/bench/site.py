"""The site as the bench serves it: rate limits off, and the statements of a request told to who asks.

A request with the header ``X-Count-Statements`` is answered with ``Server-Timing: sql;desc=…`` and with the
hits and misses of the cache.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from community.app import create_app, start
from community.core.changes import stamps
from config import read_settings

_sent = threading.local()
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


class Counting:
    """Counts the statements that a request sends to the database, when asked to."""

    def __init__(self, site: Callable[..., Iterable[bytes]]) -> None:
        self.site = site
        event.listen(Engine, "before_cursor_execute", _count)
        stamps.listeners.append(lambda statement: _count(None, None, statement))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """A WSGI application around another."""
        if "HTTP_X_COUNT_STATEMENTS" not in environ:
            return self.site(environ, start_response)
        _sent.count = 0
        kept = app.extensions["cache"]

        def telling(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told = f"sql;desc={_sent.count}, hits;desc={kept.hits}, misses;desc={kept.misses}"
            return start_response(status, [*headers, ("Server-Timing", told)], *rest)

        return self.site(environ, telling)


def _count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    if not statement.startswith(_FRAME):
        _sent.count = getattr(_sent, "count", 0) + 1


app = start(create_app(read_settings(), RATELIMIT_ENABLED=False))
app.wsgi_app = Counting(app.wsgi_app)  # type: ignore[method-assign]
