"""Pages have a budget: a recorder of the SQL statements that a block sends to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

from community.core.changes import stamps


class Statements(list[str]):
    """The statements that were sent, in order."""

    @contextmanager
    def recorded(self) -> Iterator[Statements]:
        """Forget what came before; keep what the block sends."""
        self.clear()
        event.listen(Engine, "before_cursor_execute", self._keep)
        stamps.listeners.append(self._heard)
        try:
            yield self
        finally:
            event.remove(Engine, "before_cursor_execute", self._keep)
            stamps.listeners.remove(self._heard)

    def _heard(self, statement: str) -> None:
        self._keep(None, None, statement)

    def _keep(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.append(" ".join(statement.split()))

    @property
    def words(self) -> list[str]:
        """Those that ask or change something: transactions and savepoints left out."""
        frame = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
        return [statement for statement in self if not statement.upper().startswith(frame)]
