"""reserved for: keeping

Revision: 2c4e1a7b9d1b, after 2c4e1a7b9d1a
"""

from __future__ import annotations

revision = "2c4e1a7b9d1b"
down_revision = "2c4e1a7b9d1a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
