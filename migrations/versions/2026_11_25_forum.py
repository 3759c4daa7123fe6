"""what is left of the forum

Revision: 3d5f2b8c0e25, after 3d5f2b8c0e24
"""

from __future__ import annotations

revision = "3d5f2b8c0e25"
down_revision = "3d5f2b8c0e24"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
