"""The Redis of the large size: what processes share for a moment. A page never depends on it.

Everything kept there can be made again or may be forgotten. Redis may go at any time: each question
has a short patience, and after one failure nobody asks for a moment, so that pages do not wait in a
row; then one caller tries, and the first answer opens the way for all. A library that has a client
of its own (rate limits, Socket.IO) finds the same patience in ``PATIENCE``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from flask import Flask, current_app

from community.core.circuit import Circuit

if TYPE_CHECKING:
    from redis import Redis

    from community.core.redis_client import Watched

Answer = TypeVar("Answer")
PATIENCE = {"socket_connect_timeout": 0.25, "socket_timeout": 0.5}


def init_app(app: Flask) -> None:
    """Prepare a client when ``REDIS_URL`` names a server; nothing connects yet."""
    url = app.extensions["settings"].redis_url
    app.extensions["redis"] = connect(url) if url else None


def connect(url: str) -> Watched:
    """A client with short patience; its one retry is for a connection that died while it was idle."""
    from community.core import redis_client  # the small size never needs the library

    return redis_client.connect(url, Circuit(), PATIENCE)


def client() -> Watched | None:
    """The Redis of this site; None when there is none, and for a moment after it was lost.

    Its commands may raise ``RedisError``; :func:`ask` is the way that never does.
    """
    found: Watched | None = current_app.extensions.get("redis")
    return found if found is not None and found.circuit.may_ask() else None


def ask(question: Callable[[Redis], Answer], otherwise: Answer) -> Answer:
    """What Redis says to a question, or ``otherwise`` when there is no Redis to answer.

    Commands and pipelines alike: ``ask(lambda server: server.get(key), None)``.
    """
    found = client()
    if found is None:
        return otherwise
    from redis.exceptions import RedisError

    try:
        return question(found)
    except RedisError as problem:
        found.circuit.failed(problem)
        return otherwise
