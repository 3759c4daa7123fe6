"""Files of messages as pages show them, and those that wait with a draft."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core.db import db
from community.core.errors import NotFound
from community.core.files import site_files
from community.core.sealing import CannotUnseal, unseal
from community.forum.attachments.kinds import KINDS
from community.forum.models import Attachment, DraftFile, Post
from community.forum.permissions import posts_seen_by
from community.forum.queries.topics import post_seen

DRAFTS, PURPOSE = "drafts", "draft file"


@dataclass(frozen=True)
class KeptFile:
    """A file that waits with a draft; its name is known to whoever sent it."""

    position: int
    kind: str
    name: str
    alt: str
    size: int
    width: int | None
    height: int | None
    file: str
    small: str

    @property
    def picture(self) -> bool:
        """Whether it needs words for those who do not see it."""
        return KINDS[self.kind].picture

    @property
    def ending(self) -> str:
        """The ending it is shown with."""
        return KINDS[self.kind].endings[0]


def file_seen(viewer: Viewer, key: str) -> Attachment:
    """The file of this key, of a message whose words the viewer reads.

    :raises NotFound: it does not exist, or may not be seen.
    :raises Gone: its message was withdrawn, where everyone could see it.
    """
    seen = posts_seen_by(viewer, alone=True).join(Attachment, Attachment.post_id == Post.id)
    rows = seen.where(Attachment.key == key, Attachment.file != "").with_only_columns(Attachment)
    found = db.session.scalar(rows)
    if found is not None:
        return found
    of_post = select(Post.key).join(Attachment, Attachment.post_id == Post.id).where(Attachment.key == key)
    post_seen(viewer, db.session.scalar(of_post) or "")  # says whether it is gone
    raise NotFound


def bytes_of(name: str) -> bytes:
    """What is in a file of the site. :raises NotFound: it was lost, or there is none."""
    if not name:
        raise NotFound
    try:
        return site_files().get(name)
    except FileNotFoundError:
        raise NotFound from None


# With a draft


def bound_to(persona_id: str, place: str, name: str) -> bytes:
    """What sealed bytes are tied to: moved to another name, place or file, they do not open."""
    return f"{persona_id}\n{place}\n{name}".encode()


def kept_at(viewer: Viewer, place: str) -> list[KeptFile]:
    """The files that wait with the viewer's draft of this place."""
    if not viewer.signed_in:
        return []
    mine = (DraftFile.persona_id == viewer.persona_id, DraftFile.place == place)
    rows = db.session.scalars(select(DraftFile).where(*mine).order_by(DraftFile.position))
    return [kept for row in rows if (kept := opened(row)) is not None]


def opened(row: DraftFile) -> KeptFile | None:
    """What a row seals; None when its key is gone."""
    try:
        said: dict[str, Any] = json.loads(
            unseal(PURPOSE, row.sealed, bound_to(row.persona_id, row.place, row.file))
        )
    except CannotUnseal:
        return None
    return KeptFile(row.position, **said, size=row.size, file=row.file, small=row.small)


def kept_bytes(persona_id: str, place: str, name: str) -> bytes:
    """The bytes of a file that waits. :raises NotFound: they were lost, or their key was."""
    try:
        return unseal(PURPOSE, bytes_of(name), bound_to(persona_id, place, name))
    except CannotUnseal:
        raise NotFound from None
