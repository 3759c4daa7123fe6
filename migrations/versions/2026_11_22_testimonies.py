"""testimonies without an account

Revision: 2c4e1a7b9d13, after 2c4e1a7b9d12
"""

from __future__ import annotations

revision = "2c4e1a7b9d13"
down_revision = "2c4e1a7b9d12"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
