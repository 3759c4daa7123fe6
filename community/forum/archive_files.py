"""The files of a name in its archive: those of its messages, and those that wait with its drafts.

Loaded into another community they are looked at and drawn anew like any that somebody sends: an archive is a
file that its owner may have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from community.core import archive_rows, clock
from community.core.archive_rows import each
from community.core.archives import Row, Rows
from community.core.db import db
from community.core.errors import CommunityError, NotFound
from community.core.store import settings
from community.forum.attachments.intake import Ready, Sent, made_ready
from community.forum.attachments.kinds import KINDS, TEXTS
from community.forum.models import Attachment, DraftFile, Post
from community.forum.queries.attachments import kept_bytes, opened, published_bytes
from community.forum.services import attachments
from community.forum.services.draft_files import kept_length, put_aside

_COLUMNS = ("key", "position", "kind", "name", "alt", "added_on")
# An archive keeps what was smaller when it came: what we drew may be a little larger.
_ROOM = 4
Look = Callable[[str, str, str, str], None]


def rows_of(persona_id: str) -> Rows:
    """What is known of the files of a name; ``file`` is where an archive has their bytes."""
    return {
        "attachments": [
            {"post": key, **{name: getattr(row, name) for name in _COLUMNS}, "file": _name(row)}
            for row, key in _of_messages(persona_id)
        ],
        "draft_files": [_of_draft(row) for row in _waiting(persona_id)],
    }


def files_of(persona_id: str) -> Iterator[tuple[str, bytes]]:
    """The bytes of the files of a name; those that were lost are left out."""
    for row, _key in _of_messages(persona_id):
        try:
            yield _name(row), published_bytes(row.file)
        except NotFound:
            continue
    for waits in _waiting(persona_id):
        said = _of_draft(waits)
        try:
            yield said["file"], kept_bytes(persona_id, waits.place, waits.file)
        except NotFound:
            continue


def _of_messages(persona_id: str) -> list[tuple[Attachment, str]]:
    rows = (
        select(Attachment, Post.key)
        .join(Post, Post.id == Attachment.post_id)
        .where(Post.author_id == persona_id, Attachment.file != "")
        .order_by(Post.id, Attachment.position)
    )
    return [(row, key) for row, key in db.session.execute(rows)]


def _waiting(persona_id: str) -> list[DraftFile]:
    rows = select(DraftFile).where(DraftFile.persona_id == persona_id)
    kept = db.session.scalars(rows.order_by(DraftFile.place, DraftFile.position))
    return [row for row in kept if opened(row) is not None]


def _name(row: Attachment) -> str:
    return f"files/{row.key}.{KINDS[row.kind].endings[0]}"


def _of_draft(row: DraftFile) -> Row:
    said = opened(row)
    if said is None:  # its key is gone since it was looked at
        raise NotFound
    place = row.place.replace(":", "-")
    return {
        "place": row.place,
        "position": row.position,
        **{name: getattr(said, name) for name in ("kind", "name", "alt")},
        "file": f"files/draft-{place}-{row.position}.{said.ending}",
    }


def load(persona_id: str, rows: Rows, written: Mapping[str, Post], look: Look) -> None:
    """Put the files of an archive on the messages that came with them, and beside the drafts.

    :param look: looks at the words of a file before they are published: its name, its own, what it shows.
    :raises BadRow: a row is not one of an archive.
    """
    for row in each(rows, "attachments"):
        ready = _ready(row)
        post = written.get(str(row.get("post")))
        if ready is not None and post is not None:
            look("attachment", "alt", "\n".join(filter(None, _words_of(ready))), post.lang)
            _put_on(post, row, ready)
    for row in each(rows, "draft_files"):
        ready = _ready(row)
        if ready is not None:
            _put_aside(persona_id, row, ready)
    db.session.flush()


def _ready(row: Mapping[str, Any]) -> Ready | None:
    """The file of a row as if somebody sent it; None where it is not there, or would be refused."""
    kind = KINDS.get(str(row.get("kind")))
    content = row.get("content")
    said = archive_rows.columns(Attachment, row, "name", "alt")
    if kind is None or not isinstance(content, bytes):
        return None
    sent = Sent(f"{said['name']}.{kind.endings[0]}", kind.declared[0], content, said["alt"])
    try:
        return made_ready(sent, protected=False, largest=_ROOM * settings().file_megabytes * 1024 * 1024)
    except CommunityError:
        return None


def _words_of(ready: Ready) -> tuple[str, ...]:
    """What of a file is read as words: its name, what a picture shows, a text itself."""
    text = ready.content.decode() if ready.kind in TEXTS else ""
    return ready.name, ready.alt, text


def _put_on(post: Post, row: Mapping[str, Any], ready: Ready) -> None:
    said = archive_rows.columns(Attachment, row, "key", "position", "added_on")
    db.session.add(
        Attachment(
            post_id=post.id,
            kind=ready.kind,
            name="" if KINDS[ready.kind].picture else ready.name,
            alt=ready.alt,
            size=kept_length(ready),
            width=ready.width,
            height=ready.height,
            file=attachments.put(ready.content),
            small=attachments.put(ready.small) if ready.small else "",
            **said,
        )
    )
    post.files = (post.files or 0) + 1


def _put_aside(persona_id: str, row: Mapping[str, Any], ready: Ready) -> None:
    said = archive_rows.columns(DraftFile, row, "place", "position")
    aside = put_aside(persona_id, said["place"], ready)
    db.session.add(
        DraftFile(
            persona_id=persona_id,
            **said,
            file=aside.file,
            small=aside.small,
            size=aside.size,
            added_on=clock.today(),
            sealed=aside.sealed,
        )
    )
