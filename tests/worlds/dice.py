"""Chance that repeats itself: the same random bytes for the same act, whatever happened before it."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Boolean, event

from community.core.db import Base


class Dice:
    """Random bytes that depend on the act they are thrown in, and on nothing before it."""

    def __init__(self) -> None:
        self._random = random.Random(0)  # noqa: S311  (the point is that it is no secret)
        self._act = ""
        self._made: Counter[str] = Counter()

    def begin(self, act: str) -> None:
        """Everything random until the next call belongs to this act."""
        self._act = act
        self._made.clear()
        self._random.seed(act)

    @contextmanager
    def for_row(self, table: str) -> Iterator[None]:
        """In the block, chance depends on the act and on how many rows of this table it made before;
        what else was drawn meanwhile (by a cache that was still cold) changes nothing."""
        self._made[table] += 1
        others, self._random = self._random, random.Random(f"{self._act} {table} {self._made[table]}")  # noqa: S311
        try:
            yield
        finally:
            self._random = others

    def throw(self, count: int) -> bytes:
        """In place of ``os.urandom``."""
        return self._random.randbytes(count)


_in_play: list[Dice] = []


@event.listens_for(Base, "init", propagate=True)
def _drawn_when_made(row: Base, _args: object, given: dict[str, object]) -> None:
    """Draw a row's keys as soon as it is made: a flush draws those of two tables in either order."""
    if not _in_play:
        return
    with _in_play[-1].for_row(row.__tablename__):
        for attribute in type(row).__mapper__.column_attrs:
            default = getattr(attribute.columns[0], "default", None)  # a query may add what is no column
            if isinstance(attribute.columns[0].type, Boolean):  # no chance in it: it may follow from the rest
                continue
            if default is not None and default.is_callable and attribute.key not in given:
                given[attribute.key] = default.arg(None)


@contextmanager
def loaded() -> Iterator[Dice]:
    """A block in which ``secrets``, ``uuid4`` and every salt take their chance from these dice."""
    dice = Dice()
    # random.py keeps a name of its own for it, through which secrets asks.
    real, also_real = os.urandom, random._urandom  # type: ignore[attr-defined]
    os.urandom = random._urandom = dice.throw  # type: ignore[attr-defined]
    _in_play.append(dice)
    try:
        yield dice
    finally:
        _in_play.remove(dice)
        os.urandom, random._urandom = real, also_real  # type: ignore[attr-defined]
