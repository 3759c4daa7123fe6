"""what the large size ranks by

Revision: 3d5f2b8c0e26, after 3d5f2b8c0e23
"""

from __future__ import annotations

from alembic import op

revision = "3d5f2b8c0e26"
down_revision = "3d5f2b8c0e23"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of PostgreSQL: drop the search index, whose tables are others now; it is built anew from the data."""
    if op.get_bind().dialect.name == "postgresql":
        for schema in ("search", "search_services"):
            op.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
