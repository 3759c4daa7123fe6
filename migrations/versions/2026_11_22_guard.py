"""what the patient-privacy guard keeps

Revision: 2c4e1a7b9d05, after 2c4e1a7b9d04
"""

from __future__ import annotations

revision = "2c4e1a7b9d05"
down_revision = "2c4e1a7b9d04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
