"""who can answer what, who is on call, whom a question was offered to

Revision: 2c4e1a7b9d01, after 130953bc5a75
"""

from __future__ import annotations

revision = "2c4e1a7b9d01"
down_revision = "130953bc5a75"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this part."""


def downgrade() -> None:
    """Take them away again."""
