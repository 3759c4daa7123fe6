"""How Alembic runs the migrations: on the application's own engine, all that lack in one transaction.

A migration never imports a model: models change, what a migration did must not. A run that is
killed leaves the tables of before; see ``community.operations.schema``.
"""

from __future__ import annotations

from contextlib import nullcontext

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import DateTime
from sqlalchemy.types import TypeDecorator

from community.core.changes import stamps
from community.operations.schema import alone

migrate = current_app.extensions["migrate"]
engine = migrate.db.engine


def nothing_if_nothing_changed(
    _context: MigrationContext, _revision: object, directives: list[MigrationScript]
) -> None:
    """Write no empty migration."""
    automatic = getattr(context.config.cmd_opts, "autogenerate", False)
    operations = directives[0].upgrade_ops if directives else None
    if automatic and operations is not None and operations.is_empty():
        directives[:] = []


def plain_types(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our own column types as what they are in the database."""
    if kind == "type" and isinstance(item, TypeDecorator) and isinstance(item.impl, DateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations that this database lacks."""
    given = context.config.attributes.get("connection")
    with nullcontext(given) if given is not None else alone(engine) as connection:
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            render_item=plain_types,
            process_revision_directives=nothing_if_nothing_changed,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            stamps.drop(connection)
            context.run_migrations()
            stamps.make(connection)


run()
