"""reserved for: referrals

Revision: 2c4e1a7b9d1e, after 2c4e1a7b9d1d
"""

from __future__ import annotations

revision = "2c4e1a7b9d1e"
down_revision = "2c4e1a7b9d1d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
