"""how titles are verified

Revision: 2c4e1a7b9d09, after 2c4e1a7b9d08
"""

from __future__ import annotations

revision = "2c4e1a7b9d09"
down_revision = "2c4e1a7b9d08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
