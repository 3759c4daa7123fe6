"""passkeys, second factors and devices

Revision: 2c4e1a7b9d07, after 2c4e1a7b9d06
"""

from __future__ import annotations

revision = "2c4e1a7b9d07"
down_revision = "2c4e1a7b9d06"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
