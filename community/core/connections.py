"""A pool of a few connections of SQLite: whoever comes to many waits a moment for one of theirs."""

from __future__ import annotations

from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util.queue import Empty

PATIENCE = 0.05  # seconds for somebody to be ready: making a page takes some thousandths


class FewConnections(QueuePool):
    """Opens no more than ``pool_size`` unless nobody gives one back in time; those above it are closed again.

    Each connection knows the whole schema, its last statements and half a megabyte of the file: one to two
    megabytes. Pages that are made at once take turns on one processor anyway, and are ready no later for
    being begun one after the other. Who waits for the right to write holds none (see ``db.transaction``).
    """

    def _do_get(self) -> ConnectionPoolEntry:
        if self.overflow() >= 0:
            try:
                return self._pool.get(True, PATIENCE)
            except Empty:
                pass  # one more, then: nobody waits for somebody who waits for them
        return super()._do_get()
