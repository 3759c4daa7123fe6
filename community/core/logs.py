"""One JSON log line an event, without personal data, with the id of its request."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from flask import Flask, Response, g, request

from community.core.ids import new_key

Count = Callable[[str, int, float], None]
_counts: list[Count] = []
_quiet: set[str] = set()  # endpoints of which neither the log nor the counters say that they were asked for
_tells = True  # as far as the level of the log goes


def keep_quiet(*endpoints: str) -> None:
    """Say nothing of requests to these pages: that somebody sent one then would itself tell something."""
    _quiet.update(endpoints)


def init_app(app: Flask) -> None:
    """Configure structlog and log each request: route, status and time, never who or what."""
    global _tells
    _tells = not app.testing
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if app.testing else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    app.before_request(_start)
    app.after_request(_end)


def _start() -> None:
    g.request_id = new_key()
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers["X-Request-Id"] = g.request_id
    if request.endpoint in _quiet:
        return response
    took = time.perf_counter() - g.started
    _count(request.endpoint or "", response.status_code, took)
    if request.endpoint not in {"static", "door.healthz"}:
        _tell(g.request_id, route=request.endpoint or "", status=response.status_code, ms=_ms(took))
    return response


def tell_kept(endpoint: str, began: float) -> None:
    """Log a request that was answered from what is kept, without the program."""
    took = time.perf_counter() - began
    _count(endpoint, 200, took)
    _tell("", route=endpoint, status=200, ms=_ms(took), kept=True)


def _tell(number: str, **facts: object) -> None:
    """A line as structlog writes it, past its layers: there is one of these for each request."""
    if not _tells:
        return
    named = {"request": number} if number else {}
    at = f"{datetime.now(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    said = {**named, **facts, "event": "request", "level": "info", "timestamp": at}
    sys.stderr.write(f"{json.dumps(said)}\n")  # as it is by itself: its encoder stands ready


def count_by(count: Count) -> None:
    """Have every request counted: by its endpoint ("": none), its status and the seconds it took."""
    if count not in _counts:
        _counts.append(count)


def _count(endpoint: str, status: int, took: float) -> None:
    for count in _counts:
        count(endpoint, status, took)


def _ms(took: float) -> float:
    return round(took * 1000, 1)
