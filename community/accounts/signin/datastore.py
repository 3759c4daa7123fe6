"""Flask-Security's door to the account tables."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request
from flask_security import SQLAlchemyUserDatastore
from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session

from community.accounts.members import Role, User
from community.core.db import db, in_transaction
from community.core.i18n import current_language


class Members(SQLAlchemyUserDatastore):
    """Members instead of users; no roles, since duties belong to personas."""

    def __init__(self) -> None:
        super().__init__(db, User, Role)

    def create_user(self, **facts: Any) -> Any:
        """A member who asks to join on a page in this language."""
        facts = self._prepare_create_user_args(**facts)  # type: ignore[no-untyped-call]
        facts.pop("roles")
        return self.put(User(**facts, lang=current_language()))  # type: ignore[no-untyped-call]

    def set_uniquifier(self, user: Any, uniquifier: str | None = None) -> None:
        """End what was opened under the old password; only one of those who replace it at once does.

        :raises Overtaken: the password was replaced since the link or the old password was looked at.
        """
        with db.session.no_autoflush:
            begin_to_write(db.session())
            kept = select(User.fs_uniquifier).where(User.id == user.id).with_for_update(key_share=True)
            if db.session.scalar(kept) != user.fs_uniquifier:
                raise Overtaken
        super().set_uniquifier(user, uniquifier)


class Overtaken(Exception):
    """Somebody replaced the password a moment before: what proves the right to do so is used up."""


def take_turns() -> None:
    """Let Flask-Security's pages, which read, hash for long, then write, wait their turn on SQLite.

    They know no ``transaction()``. A reader that turns writer fails at once there if anybody else has
    written meanwhile; so the snapshot ends before the first write, and the write lock is taken only then,
    not during the hash.
    """
    if not event.contains(db.session, "before_flush", _before_flush):
        event.listen(db.session, "before_flush", _before_flush)
        event.listen(db.session, "do_orm_execute", _before_execute)


def _before_flush(session: Session, _context: object, _instances: object) -> None:
    begin_to_write(session)


def _before_execute(asked: ORMExecuteState) -> None:
    if asked.is_insert or asked.is_update or asked.is_delete:
        begin_to_write(asked.session)


def begin_to_write(session: Session) -> None:
    """Wait for one's turn before the first write of a page of Flask-Security's; elsewhere, nothing.

    Call it before what is written past the session, as jobs are.
    """
    if in_transaction() or not has_request_context() or request.blueprint != "security":
        return
    connection = session.connection()
    if connection.dialect.name != "sqlite" or connection.in_nested_transaction():
        return
    if session.info.get("turn") is session.get_transaction():
        return
    session.info["turn"] = session.get_transaction()
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
