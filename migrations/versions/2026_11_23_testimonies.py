"""what testimonies need

Revision: 2c4e1a7b9d16, after 2c4e1a7b9d15
"""

from __future__ import annotations

revision = "2c4e1a7b9d16"
down_revision = "2c4e1a7b9d15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Reserved; see the part's own commit."""
