"""The history of a group, a link or a training, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from community.accounts.viewer import Viewer
from community.core.db import db
from community.directory.models.together_changes import TogetherChange
from community.directory.permissions.together import may_keep_link, may_keep_training, may_lead_group
from community.directory.queries import groups, links, training

CHANGES = 100  # of a page
ONE: dict[str, tuple[str, Callable[[Viewer, str], Any], Callable[[Viewer, Any], bool]]] = {
    "groups": ("group", groups.group, may_lead_group),
    "links": ("link", links.link, may_keep_link),
    "training": ("training", training.training, may_keep_training),
}


def history(viewer: Viewer, many: str, key: str, page: int) -> tuple[Any, bool, list[TogetherChange], bool]:
    """What it is, whether the viewer writes for it, a page of what was done, the latest first, and whether
    there is more.

    :raises NotFound: there is none that the viewer sees.
    """
    kind, one, writes = ONE[many]
    row = one(viewer, key)
    of_row = (TogetherChange.kind == kind, TogetherChange.key == row.key)
    last = db.session.scalar(select(func.max(TogetherChange.number)).where(*of_row)) or 0
    first = last - (page - 1) * CHANGES  # entries are numbered from one, without a gap
    found = db.session.scalars(
        select(TogetherChange)
        .where(*of_row, TogetherChange.number <= first)
        .order_by(TogetherChange.number.desc())
        .limit(CHANGES)
    ).all()
    return row, writes(viewer, row), list(found), first > CHANGES
