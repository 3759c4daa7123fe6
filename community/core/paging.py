"""Lists page by key, never by offset, with cursors that say nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from community.core.db import UtcDateTime, db
from community.core.errors import BadRequest
from community.core.sealing import CannotUnseal, seal_text, unseal_text

Item = TypeVar("Item")
_CURSOR = 120  # characters, more than a moment, a key and an id need

Order = tuple[InstrumentedAttribute[Any], str]  # (column, "asc" | "desc")


def page_asked(said: str) -> int:
    """The number of a page as an address names it; the first where it names none."""
    return max(1, int(said)) if said.isascii() and said.isdecimal() and len(said) < 4 else 1


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some rows and the cursor of what comes after; ``next_cursor`` is None at the end."""

    items: Sequence[Item]
    next_cursor: str | None
    first: bool


def page_by_key(rows: Select[Item], order: Sequence[Order], cursor: str | None, size: int = 25) -> Page[Item]:
    """One page of ``rows`` in this order; the last column must be unique.

    :raises BadRequest: the cursor was made up, or belongs to another list.
    """
    if cursor:
        rows = rows.where(_after(order, _read(cursor, order)))
    rows = rows.order_by(*(column.desc() if way == "desc" else column.asc() for column, way in order))
    found = list(db.session.scalars(rows.limit(size + 1)).unique())
    more = len(found) > size
    last = _write(found[size - 1], order) if more else None
    return Page(found[:size], last, first=not cursor)


def _name(order: Sequence[Order]) -> str:
    return ",".join(f"{column.class_.__name__}.{column.key} {way}" for column, way in order)


def _write(item: object, order: Sequence[Order]) -> str:
    values = [getattr(item, column.key) for column, _ in order]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    # Of one length: the digits of an id would tell how much there is that one does not see.
    return seal_text("cursor", json.dumps(plain).ljust(_CURSOR), _name(order))


def _read(cursor: str, order: Sequence[Order]) -> list[Any]:
    try:
        plain = json.loads(unseal_text("cursor", cursor, _name(order)))
    except CannotUnseal:
        raise BadRequest from None
    return [
        datetime.fromisoformat(value) if isinstance(value, str) and _is_moment(column) else value
        for value, (column, _) in zip(plain, order, strict=True)
    ]


def _is_moment(column: InstrumentedAttribute[Any]) -> bool:
    return isinstance(column.type, UtcDateTime)


def _after(order: Sequence[Order], values: Sequence[Any]) -> Any:
    """(a, b) comes after (x, y): a > x, or a = x and b > y; each column in its own direction."""
    steps = []
    for place, (column, way) in enumerate(order):
        same = [earlier == values[i] for i, (earlier, _) in enumerate(order[:place])]
        beyond = column < values[place] if way == "desc" else column > values[place]
        steps.append(and_(*same, beyond))
    return or_(*steps)
