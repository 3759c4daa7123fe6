"""One JSON log line an event, without personal data, with the id of its request."""

from __future__ import annotations

import logging
import sys
import time

import structlog
from flask import Flask, Response, g, request

from community.core.ids import new_key

access = structlog.get_logger("request")


def init_app(app: Flask) -> None:
    """Configure structlog and log each request: route, status and time, never who or what."""
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
    if request.endpoint not in {"static", "door.healthz"}:
        took = round((time.perf_counter() - g.started) * 1000, 1)
        access.info("request", route=request.endpoint or "", status=response.status_code, ms=took)
    return response


def tell_kept(endpoint: str, began: float) -> None:
    """Log a request that was answered from what is kept, without the program."""
    structlog.contextvars.clear_contextvars()
    took = round((time.perf_counter() - began) * 1000, 1)
    access.info("request", route=endpoint, status=200, ms=took, kept=True)
