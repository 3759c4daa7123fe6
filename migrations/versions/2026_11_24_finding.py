"""reserved for: finding

Revision: 2c4e1a7b9d1f, after 2c4e1a7b9d1e
"""

from __future__ import annotations

revision = "2c4e1a7b9d1f"
down_revision = "2c4e1a7b9d1e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
