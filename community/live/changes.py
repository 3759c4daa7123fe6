"""Notices whatever may end somebody's right to see something, by whichever door it comes.

Titles, duties, memberships, audiences, sessions, states of topics: when a row of these tables changes, all
open pages are asked about again as soon as it is saved. It listens to the session and not to the services, so
that no service can forget it.
"""

from __future__ import annotations

from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, UOWTransaction

from community.core import pings
from community.core.pings import Ping
from community.live.delivery import AGAIN

# A new row of these takes nothing from anybody; a changed or deleted one may.
TABLES = frozenset(
    {
        "sign_in",
        "member",
        "persona",
        "persona_group",
        "credential",
        "duty",
        "space",
        "space_audience",
        "space_member",
        "topic_guest",
    }
)
# Columns that change all the time and open or close nothing.
_STATES = {
    "topic": ("state", "space_id"),
    "member": ("active", "fs_uniquifier"),
    "conversation_member": ("left_number",),
}
_listening = False


def init_app() -> None:
    """Listen to every session, once a process."""
    global _listening
    if not _listening:
        event.listen(Session, "after_flush", _after_flush)
        event.listen(Session, "do_orm_execute", _before_execute)
        _listening = True


def _after_flush(session: Any, _work: UOWTransaction) -> None:
    if any(_matters(row) for row in session.dirty) or any(_table(row) in TABLES for row in session.deleted):
        _note(session)


def _matters(row: object) -> bool:
    table = _table(row)
    if table in _STATES:
        state = inspect(row)
        return any(state.attrs[name].history.has_changes() for name in _STATES[table])
    return table in TABLES


def _table(row: object) -> str:
    return str(getattr(row, "__tablename__", ""))


def _before_execute(asked: ORMExecuteState) -> None:
    table = asked.bind_mapper.local_table if asked.bind_mapper is not None else ""
    if (asked.is_update or asked.is_delete) and str(table) in TABLES:
        _note(asked.session)


def _note(session: Any) -> None:
    pings.note(session, Ping("*", AGAIN))
