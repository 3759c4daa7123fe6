"""what a name is told, how, and what was told

Revision: 2c4e1a7b9d02, after 2c4e1a7b9d01
"""

from __future__ import annotations

revision = "2c4e1a7b9d02"
down_revision = "2c4e1a7b9d01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this part."""


def downgrade() -> None:
    """Take them away again."""
