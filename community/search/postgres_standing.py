"""What was told of very many documents within the last ten minutes, kept in this process.

How often a common word is seen, and since which day as many as are ranked have it: both are told by a share
of a million documents, hardly move in ten minutes, and cost as much as what is then read. Of what few
documents have nothing is kept: there one more counts.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from community.core import clock

MANY = 300  # documents
STANDS = timedelta(minutes=10)
MOST = 8_192  # answers of a process
_NAME = "search_standing"


class Standing:
    """What is known of the documents that are seen alike; the key says who sees and what is asked."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[datetime, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """What was told, or None."""
        now = clock.now()
        with self._lock:
            told, answer = self._kept.get(key, (None, None))
        return answer if told is not None and told <= now < told + STANDS else None

    def put(self, key: Hashable, answer: Any) -> None:
        """Keep what was told now."""
        with self._lock:
            self._kept[key] = (clock.now(), answer)
            self._kept.move_to_end(key)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)


def standing() -> Standing:
    """That of this process."""
    found: Standing = current_app.extensions.setdefault(_NAME, Standing())
    return found
