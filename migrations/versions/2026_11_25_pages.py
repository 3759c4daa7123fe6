"""what pages are put together from

Revision: 3d5f2b8c0e21, after 2c4e1a7b9d1f
"""

from __future__ import annotations

revision = "3d5f2b8c0e21"
down_revision = "2c4e1a7b9d1f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
