"""Whether a server that may go at any time is asked now, or left alone for a moment."""

from __future__ import annotations

import threading
import time

import structlog

REST_SECONDS = 2.0
log = structlog.get_logger("redis")


class Circuit:
    """Whether Redis answered lately. Shared by the threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rests_until = 0.0
        self.away = False

    def may_ask(self) -> bool:
        """Whether to ask now. While Redis is away, True for one caller after each rest."""
        if not self.away:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._rests_until:
                return False
            self._rests_until = now + REST_SECONDS
            return True

    def failed(self, problem: Exception) -> None:
        """It did not answer: let it rest."""
        with self._lock:
            self._rests_until = time.monotonic() + REST_SECONDS
            if not self.away:
                log.warning("redis away", problem=type(problem).__name__)
            self.away = True

    def answered(self) -> None:
        """It answers (again)."""
        if self.away:
            self.away = False
            log.info("redis back")
