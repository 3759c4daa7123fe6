"""sign-in through other providers

Revision: 2c4e1a7b9d08, after 2c4e1a7b9d07
"""

from __future__ import annotations

revision = "2c4e1a7b9d08"
down_revision = "2c4e1a7b9d07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
