"""break-glass, attested names and guests

Revision: 2c4e1a7b9d10, after 2c4e1a7b9d09
"""

from __future__ import annotations

revision = "2c4e1a7b9d10"
down_revision = "2c4e1a7b9d09"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
