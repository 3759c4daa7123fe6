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
from community.core.padding import emptied
from community.core.sealing import CannotUnseal, unseal
from community.forum.attachments.kinds import KINDS
from community.forum.models import Attachment, DraftFile, Post, Space
from community.forum.permissions import may_moderate, posts_seen_by
from community.forum.queries.topics import post_seen

DRAFTS, PURPOSE = "drafts", "draft file"
# How a sealed file of a message begins; one from before they were sealed begins as its kind does.
# How bytes begin that are sealed and filled up, and those that were only sealed.
SEALED, UNFILLED = b"\x00passerelle file 2\n", b"\x00passerelle file 1\n"
OF_MESSAGE = "file of a message"


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
    rows = seen.where(Attachment.key == key, Attachment.file != "")
    found = db.session.execute(rows.with_only_columns(Attachment, Post.author_id, Space)).first()
    if found is not None and _is_shown(viewer, *found[1:]):
        return found[0]
    of_post = select(Post.key).join(Attachment, Attachment.post_id == Post.id).where(Attachment.key == key)
    post_seen(viewer, db.session.scalar(of_post) or "")  # says whether it is gone
    raise NotFound


def _is_shown(viewer: Viewer, author_id: str, space: Space) -> bool:
    """Where a space takes no files (any more), its messages' are for their author and who moderates it."""
    mine = viewer.signed_in and author_id == viewer.persona_id
    return space.files or mine or may_moderate(viewer, space)


def bytes_of(name: str) -> bytes:
    """What is in a file of the site. :raises NotFound: it was lost, or there is none."""
    if not name:
        raise NotFound
    try:
        return site_files().get(name)
    except FileNotFoundError:
        raise NotFound from None


def published_bytes(name: str) -> bytes:
    """What is in a file of a message. :raises NotFound: it was lost, or its key was."""
    content = bytes_of(name)
    if not content.startswith((SEALED, UNFILLED)):
        return content
    return _opened(OF_MESSAGE, content, name.encode())


def _opened(purpose: str, content: bytes, bound: bytes) -> bytes:
    is_filled = content.startswith(SEALED)
    try:
        found = unseal(purpose, content.removeprefix(SEALED).removeprefix(UNFILLED), bound)
    except CannotUnseal:
        raise NotFound from None
    return emptied(found) if is_filled else found


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


def files_waiting(viewer: Viewer) -> dict[str, tuple[KeptFile, ...]]:
    """The files that wait with the viewer's drafts, by the place of each draft, in one statement."""
    rows = select(DraftFile).where(DraftFile.persona_id == viewer.persona_id)
    found: dict[str, tuple[KeptFile, ...]] = {}
    for row in db.session.scalars(rows.order_by(DraftFile.place, DraftFile.position)):
        if (kept := opened(row)) is not None:
            found[row.place] = (*found.get(row.place, ()), kept)
    return found


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
    return _opened(PURPOSE, bytes_of(name), bound_to(persona_id, place, name))
