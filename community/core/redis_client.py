"""The client of Redis, apart from what asks whether there is one (:mod:`community.core.redis`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as CannotConnect
from redis.exceptions import TimeoutError as TooSlow
from redis.retry import Retry

from community.core.circuit import Circuit


class Watched(redis.Redis):
    """A client that tells the circuit how each of its commands went."""

    circuit: Circuit

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """As the library does. :raises RedisError: the caller goes on without."""
        try:
            answer = super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except (CannotConnect, TooSlow) as problem:
            self.circuit.failed(problem)
            raise
        self.circuit.answered()
        return answer


def connect(url: str, circuit: Circuit, patience: Mapping[str, float]) -> Watched:
    """A client that tells this circuit; its one retry is for a connection that died while it was idle."""
    pool = redis.ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 1), **patience)
    found = Watched(connection_pool=pool)
    found.circuit = circuit
    return found
