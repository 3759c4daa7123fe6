"""reserved for: groups

Revision: 2c4e1a7b9d1d, after 2c4e1a7b9d1c
"""

from __future__ import annotations

revision = "2c4e1a7b9d1d"
down_revision = "2c4e1a7b9d1c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
