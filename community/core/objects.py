"""Rows of prepared statements as objects of the session, as if the session had read or written them itself.

Around one row of a few dozen columns SQLAlchemy takes ten times as long as the database takes to give it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Column
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import class_mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from community.core.db import Base, db

Row = TypeVar("Row", bound=Base)
Reads = Callable[[Any], Any]


def columns(*entities: type[Base]) -> list[Column[Any]]:
    """What a statement selects for :func:`read`: all columns of these, one entity after the other."""
    return [column for entity in entities for _name, column in _named(entity)]


def read(row: Sequence[Any], *entities: type[Base]) -> list[Any]:
    """The object of each entity in a row of their :func:`columns`; None where an outer join found none."""
    found, start = [], 0
    for entity in entities:
        known = _known(entity, db.engine.dialect)
        said = row[start : start + len(known)]
        start += len(known)
        values = {name: reads(value) for (name, reads), value in zip(known, said, strict=True)}
        found.append(None if _is_missing(entity, values) else stored(entity, values))
    return found


def stored(entity: type[Row], values: Mapping[str, Any]) -> Row:
    """The session's object of a row that has these values, one for each column.

    What the session knows of it already stays as it is, as when it is read a second time.
    """
    session, mapper = db.session(), class_mapper(entity)
    key = mapper.identity_key_from_primary_key(tuple(values[name] for name in _primary(entity)))
    known = session.identity_map.get(key)
    if known is not None:
        for name in instance_state(known).unloaded & values.keys():
            set_committed_value(known, name, values[name])
        return known
    made: Row = mapper.class_manager.new_instance()
    state = instance_state(made)
    state.dict.update(values)
    make_transient_to_detached(made)
    state.expired_attributes.clear()  # relations that were not read are asked for in their own way
    session.add(made)
    return made


def related(thing: Base, name: str, value: Any) -> None:
    """Let the session know what stands in a relation, unless it does."""
    if name in instance_state(thing).unloaded:
        set_committed_value(thing, name, value)


def _is_missing(entity: type[Base], values: Mapping[str, Any]) -> bool:
    return any(values[name] is None for name in _primary(entity))


@lru_cache
def _named(entity: type[Base]) -> tuple[tuple[str, Column[Any]], ...]:
    """The columns of the table; not what a query may add to a row of it (``query_expression``)."""
    mapped = [(one.key, one.columns[0]) for one in class_mapper(entity).column_attrs]
    return tuple((key, column) for key, column in mapped if isinstance(column, Column))


@lru_cache
def _primary(entity: type[Base]) -> tuple[str, ...]:
    mapper = class_mapper(entity)
    return tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)


@lru_cache
def _known(entity: type[Base], dialect: Dialect) -> tuple[tuple[str, Reads], ...]:
    """The columns by name, each with how what the driver gives is read."""
    return tuple((name, _reads(column, dialect)) for name, column in _named(entity))


def _reads(column: Column[Any], dialect: Dialect) -> Reads:
    made = column.type.dialect_impl(dialect)
    reads = made.result_processor(dialect, None)
    return reads or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
