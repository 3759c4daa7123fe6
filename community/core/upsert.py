"""Inserts that say what to do with a row that is there already: ``on_conflict_…``, on either engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause
from sqlalchemy.dialects import postgresql, sqlite

from community.core.db import Base, db


def insert_into(table: type[Base] | FromClause) -> postgresql.Insert:
    """An insert into a table as the engine of this site has it; both take the same words."""
    make: Any = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    found: postgresql.Insert = make(table)
    return found
