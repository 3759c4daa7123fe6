"""what directory need

Revision: 2c4e1a7b9d18, after 2c4e1a7b9d17
"""

from __future__ import annotations

revision = "2c4e1a7b9d18"
down_revision = "2c4e1a7b9d17"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Reserved; see the part's own commit."""
