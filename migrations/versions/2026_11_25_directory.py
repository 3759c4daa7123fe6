"""what an import found changed on both sides

Revision: 3d5f2b8c0e23, after 3d5f2b8c0e22
"""

from __future__ import annotations

revision = "3d5f2b8c0e23"
down_revision = "3d5f2b8c0e22"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
