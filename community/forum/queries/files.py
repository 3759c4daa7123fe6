"""Files of messages as pages show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from community.core.db import db
from community.forum.attachments.kinds import KINDS
from community.forum.attachments.redraw import SMALL
from community.forum.models import Attachment


@dataclass(frozen=True)
class FileView:
    """A file under a message. ``name`` is empty where its own is not kept: pictures, protected names."""

    key: str
    position: int
    kind: str
    name: str
    alt: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def picture(self) -> bool:
        """Whether it is shown in its place."""
        return KINDS[self.kind].picture

    @property
    def ending(self) -> str:
        """The ending it is shown with."""
        return KINDS[self.kind].endings[0]

    @property
    def small_size(self) -> tuple[int, int]:
        """Width and height of the small picture, so that the page keeps its place."""
        wide, high = self.width or SMALL, self.height or SMALL
        share = min(SMALL / max(wide, high), 1)
        return max(round(wide * share), 1), max(round(high * share), 1)


def files_of(post_ids: Collection[int]) -> dict[int, tuple[FileView, ...]]:
    """The files of messages whose words the viewer reads, in their order; in one statement."""
    if not post_ids:
        return {}
    rows = select(Attachment).where(Attachment.post_id.in_(post_ids), Attachment.file != "")
    found: dict[int, tuple[FileView, ...]] = {}
    for row in db.session.scalars(rows.order_by(Attachment.post_id, Attachment.position)):
        found[row.post_id] = (*found.get(row.post_id, ()), view_of(row))
    return found


def view_of(row: Attachment) -> FileView:
    """A row as pages show it."""
    return FileView(row.key, row.position, row.kind, row.name, row.alt, row.size, row.width, row.height)
