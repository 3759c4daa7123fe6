"""A limit that keeps nothing of anybody, for pages where nobody must be known to have been.

It counts networks, not addresses, under a hash whose key is drawn when the process begins and dies with it,
in the memory of the process alone: nothing is on a disk, in Redis or in a copy of either.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from community.core.errors import TooOften
from community.core.networks import network_of

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


class Memory(MemoryStorage):
    """Counts in the memory of this process.

    The library lets go of what has ended from a thread of its own, which fails where a request, or whoever
    begins to count anew, lets go of the same meanwhile.
    """

    def _MemoryStorage__expire_events(self) -> None:  # noqa: N802 - named by the library
        """Let go of what has ended; what is left is for the next time."""
        with suppress(KeyError):
            super()._MemoryStorage__expire_events()  # type: ignore[misc]


MARK = "counts_without_keeping"
_KEY = secrets.token_bytes(32)
_counted = MovingWindowRateLimiter(Memory())
_ONCE, _today = parse("1/day"), FixedWindowRateLimiter(Memory())


def neighbourhood() -> str:
    """The network that asks, as a hash: as wide as a provider gives to a household or a building."""
    # Everybody behind a socket of this machine is one neighbourhood.
    written = network_of(request.remote_addr or "127.0.0.1", 24, 48)
    return hmac.new(_KEY, written.encode(), hashlib.sha256).hexdigest()


def passing_limit(often: str) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """Let a form of one page be sent so often ("10/hour") from one neighbourhood.

    :raises TooOften: by the page, once it was; what was typed is given back.
    """
    item = parse(often)

    def limited(page: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        @wraps(page)
        def counted(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
            if request.method == "POST" and current_app.config.get("RATELIMIT_ENABLED", True):
                _count(item, page.__qualname__)
            return page(*args, **kwargs)

        setattr(counted, MARK, True)
        return counted

    return limited


def _count(item: RateLimitItem, what: str) -> None:
    if not _counted.hit(item, what, neighbourhood()):
        raise TooOften(after=item.get_expiry())


def first_today(*what: str) -> bool:
    """Whether this neighbourhood has not done this for a day; once asked, it has. Only this process knows."""
    return _today.hit(_ONCE, *what, neighbourhood())


def forget() -> None:
    """Count from the start: for tests."""
    for counter in (_counted, _today):
        storage: Any = counter.storage
        storage.reset()
