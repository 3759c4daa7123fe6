"""what the large size ranks by

Revision: 3d5f2b8c0e26, after 3d5f2b8c0e25
"""

from __future__ import annotations

revision = "3d5f2b8c0e26"
down_revision = "3d5f2b8c0e25"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
