"""the street of a withheld address is cut also without its number

Revision: 3d5f2b8c0e28, after 3d5f2b8c0e27
"""

from __future__ import annotations

from alembic import op

revision = "3d5f2b8c0e28"
down_revision = "3d5f2b8c0e27"
branch_labels = None
depends_on = None

MARK = """
INSERT INTO directory_stale (kind, id)
SELECT kind, id FROM directory_document
WHERE kind IN ('organization', 'service') AND NOT EXISTS (
  SELECT 1 FROM directory_stale there
  WHERE there.kind = directory_document.kind AND there.id = directory_document.id
)
"""


def upgrade() -> None:
    """What readers are given is written up anew: it was cut by the rule of before. The hourly job does it."""
    op.execute(MARK)
