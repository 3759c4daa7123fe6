"""what is left of telling

Revision: 3d5f2b8c0e24, after 3d5f2b8c0e23
"""

from __future__ import annotations

revision = "3d5f2b8c0e24"
down_revision = "3d5f2b8c0e23"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
