"""reserved for: corridors

Revision: 2c4e1a7b9d1c, after 2c4e1a7b9d1b
"""

from __future__ import annotations

revision = "2c4e1a7b9d1c"
down_revision = "2c4e1a7b9d1b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
