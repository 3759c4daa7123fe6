"""What the directory starts with: the taxonomy of the profile."""

from __future__ import annotations

from community.accounts.viewer import OPERATOR
from community.directory.hsds import profile
from community.directory.hsds.rows import Report
from community.directory.hsds.shapes import rows_of
from community.directory.services import bringing
from community.directory.services.runs import Import


def load_terms() -> int:
    """Keep the taxonomy of the profile and its terms, in the open transaction. Returns how many are new."""
    run = Import("profile", Report())
    nested = (rows_of(kind, given, "", run.report) for kind, given in profile.as_records())
    bringing.bring(OPERATOR, [row for some in nested for row in some], run)
    return run.report.total("new") + run.report.total("changed")
