"""what moderation keeps

Revision: 2c4e1a7b9d06, after 2c4e1a7b9d05
"""

from __future__ import annotations

revision = "2c4e1a7b9d06"
down_revision = "2c4e1a7b9d05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
