"""What can wait steps aside while this process answers somebody.

Threads of one process take turns on one core, and whoever asks the database gives its turn away each time: a
reply that asks it thirty times would wait thirty times for a job that happens to run. So jobs give way where
they hold nothing that others wait for: until nobody is being answered, and for half a second in all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

PATIENCE = 0.5  # seconds of one job, in all
A_WHILE = 0.1  # seconds at once: somebody may be answered for long

_lock = threading.Lock()
_calm = threading.Event()
_calm.set()
_answering = 0
_mine = threading.local()


class Answering:
    """A WSGI application around another: counts the requests that are being answered."""

    def __init__(self, program: Callable[..., Iterable[bytes]]) -> None:
        self.program = program

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as the other does."""
        _begin()
        try:
            return self.program(environ, start_response)
        finally:
            _end()


def init_app(app: Flask) -> None:
    """Count what this application answers, but for pages that are given as they were kept."""
    app.wsgi_app = Answering(app.wsgi_app)  # type: ignore[method-assign]


def _begin() -> None:
    global _answering
    with _lock:
        _answering += 1
        if _answering == 1:
            _calm.clear()


def _end() -> None:
    global _answering
    with _lock:
        _answering -= 1
        if not _answering:
            _calm.set()


@contextmanager
def in_the_background() -> Iterator[None]:
    """Around a job: what it does gives way where it says so."""
    _mine.left = PATIENCE
    try:
        give_way()
        yield
    finally:
        del _mine.left


def give_way() -> None:
    """Let those who are being answered go first; at once outside of jobs, and when nobody is.

    Never within a transaction that writes: others wait for it.
    """
    left = getattr(_mine, "left", 0.0)
    if left <= 0 or _calm.is_set():
        return
    began = time.monotonic()
    _calm.wait(min(left, A_WHILE))
    _mine.left = left - (time.monotonic() - began)
