"""How Alembic runs the migrations: on the application's own engine, one transaction each.

A migration never imports a model: models change, what a migration did must not. A run that is
killed leaves either the step before or the step after; the next start goes on from there.
"""

from __future__ import annotations

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import DateTime
from sqlalchemy.types import TypeDecorator

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
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection = connection.execution_options(writing=True)
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            transaction_per_migration=True,
            render_item=plain_types,
            process_revision_directives=nothing_if_nothing_changed,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
