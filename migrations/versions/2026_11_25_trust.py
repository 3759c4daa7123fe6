"""what is left of trust

Revision: 3d5f2b8c0e22, after 3d5f2b8c0e21
"""

from __future__ import annotations

revision = "3d5f2b8c0e22"
down_revision = "3d5f2b8c0e21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
