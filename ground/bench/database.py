"""The PostgreSQL of the large bench: what was grown in it stays in the folder of the bench.

A server named in ``TEST_DATABASE_URL`` is used instead, as it is set.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from tests.servers import postgresql, postgresql_that_keeps

_OF_BOTH = "-c max_connections=100 -c shared_buffers=1GB -c max_wal_size=8GB -c checkpoint_timeout=30min"
# What is lost when the machine goes down while it grows is grown again.
GROWING = (
    f"{_OF_BOTH} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal "
    "-c max_wal_senders=0 -c autovacuum=off -c maintenance_work_mem=1GB -c work_mem=256MB"
)
# As durable as PostgreSQL is by itself; for a machine of a few gigabytes whose disk does not turn.
MEASURED = f"{_OF_BOTH} -c effective_cache_size=4GB -c work_mem=32MB -c random_page_cost=1.1 -c jit=off"


@contextlib.contextmanager
def large_server(folder: Path, *, growing: bool) -> Iterator[str]:
    """The address of the server whose data are in this folder, for as long as the block lasts."""
    if "TEST_DATABASE_URL" in os.environ:
        with postgresql() as server:
            yield server
        return
    settings = GROWING if growing else MEASURED
    with postgresql_that_keeps(folder.resolve() / "postgresql", settings) as server:
        yield server


def database(server: str, folder: Path) -> str:
    """The address of the database there that is named after a folder; made when it is not there."""
    name = f"passerelle_{folder.name.replace('-', '_')}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)
