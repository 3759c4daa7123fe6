"""the privacy centre

Revision: 2c4e1a7b9d12, after 2c4e1a7b9d11
"""

from __future__ import annotations

revision = "2c4e1a7b9d12"
down_revision = "2c4e1a7b9d11"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
