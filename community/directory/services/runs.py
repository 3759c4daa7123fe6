"""One run of an import, and what becomes of a row in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from community.core import store
from community.core.bulk import insert
from community.core.db import db
from community.core.ids import new_key
from community.directory.hsds.rows import Report, Row
from community.directory.models import Stale
from community.directory.queries.documents import VERSION
from community.directory.queries.graph import Key

# What documents are written of.
ROOTS = frozenset({"service", "organization", "service_at_location"})


@dataclass
class Import:
    """One run of an import: where from, what became of it, and the ids it has met."""

    source: str
    report: Report
    state: str = "public"
    met: set[int] = field(default_factory=set)
    # Whether the history also tells of values where none stood: of what people change, not of files.
    traced: bool = False
    # Nothing is kept: what a portion wrote is gone before the next.
    dry: bool = False


@dataclass
class Change:
    """What becomes of one row: the record before, if there was one, and after."""

    row: Row
    before: dict[str, Any] | None
    after: dict[str, Any]


def mark(keys: set[Key]) -> None:
    """Have the documents of these written up."""
    if keys:
        db.session.execute(insert(Stale), [{"kind": kind, "id": id} for kind, id in sorted(keys)])


def dump(data: dict[str, Any]) -> str:
    """An object as it is stored."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def new_version() -> None:
    """Answers that were kept hold no more. Until the transaction ends, nobody else says so."""
    store.put(VERSION, new_key())
    db.session.flush()
