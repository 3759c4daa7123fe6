"""The two verbs every rule is used through."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select

from community.core.db import db
from community.core.errors import NotAllowed, NotFound, Words

Row = TypeVar("Row")


def require(allowed: bool, sentence: Words | None = None) -> None:
    """First line of a service. :raises NotAllowed: when the rule says no."""
    if not allowed:
        raise NotAllowed(sentence)


def one_or_404(rows: Select[Row], *conditions: ColumnElement[bool] | Any, **values: Any) -> Row:
    """The one row among those the viewer sees. :raises NotFound: absent and unseen answer alike.

    :param values: for the places (``bindparam``) of rows that were put together once.
    """
    asked = rows.where(*conditions) if conditions else rows
    found = db.session.scalars(asked, values or None).unique().first()
    if found is None:
        raise NotFound
    return found
