"""an index of the questions that wait, in the order of the queue

Revision: 3d5f2b8c0e29, after 3d5f2b8c0e28
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3d5f2b8c0e29"
down_revision = "3d5f2b8c0e28"
branch_labels = None
depends_on = None

WAITS = sa.text("answered_at IS NULL AND imported_from IS NULL")


def upgrade() -> None:
    """Add the index; a second run finds it there."""
    columns = ["created_at", "id"]
    op.create_index(
        "ix_topic_waiting", "topic", columns, if_not_exists=True, postgresql_where=WAITS, sqlite_where=WAITS
    )
