"""reserved for: trust

Revision: 2c4e1a7b9d1a, after 2c4e1a7b9d19
"""

from __future__ import annotations

revision = "2c4e1a7b9d1a"
down_revision = "2c4e1a7b9d19"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
