"""private conversations, blocks and mutes

Revision: 2c4e1a7b9d11, after 2c4e1a7b9d10
"""

from __future__ import annotations

revision = "2c4e1a7b9d11"
down_revision = "2c4e1a7b9d10"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
