"""what the forum keeps besides

Revision: 2c4e1a7b9d03, after 2c4e1a7b9d02
"""

from __future__ import annotations

revision = "2c4e1a7b9d03"
down_revision = "2c4e1a7b9d02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this part."""


def downgrade() -> None:
    """Take them away again."""
