"""Files of messages: put on a message, described anew, taken away.

The bytes are written before the row that names them, outside the transaction, and removed by a job after it.
Whatever is cut off in between leaves bytes that no row names: those are swept (``lonely_files``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Invalid, NotFound
from community.core.files import new_name, site_files
from community.core.jobs import enqueue
from community.core.padding import SHORTEST_FILE, filled, filled_length, rounded
from community.core.publish import Text, before_publish
from community.core.sealing import seal
from community.forum.attachments.intake import MOST, NO_ALT, alt_of
from community.forum.attachments.kinds import FIELD, KINDS, TEXTS
from community.forum.models import Attachment, Post, Space
from community.forum.permissions import may_add_files, may_edit
from community.forum.queries.attachments import (
    OF_MESSAGE,
    SEALED,
    KeptFile,
    kept_at,
    kept_bytes,
    published_bytes,
)
from community.forum.queries.topics import is_guest
from community.forum.signals import file_storing

FOLDER = "uploads"
DROP = "forum.drop_files"
RESEALED_AT_ONCE = 20
NOT_HERE = _l("This space takes no files. Say it in words, without what may identify anybody.")
TOO_MANY = _l("At most four files with a message. Remove one first.")


@dataclass(frozen=True)
class Staged:
    """A file whose bytes lie where messages have theirs, and which no message names yet."""

    of: KeptFile
    file: str
    small: str
    words: str  # of a text, for the guard


def stage(viewer: Viewer, place: str) -> list[Staged]:
    """Write what waits with a draft where messages have theirs. Outside the transaction: it takes time."""
    return [_stage(viewer, place, kept) for kept in kept_at(viewer, place)]


def _stage(viewer: Viewer, place: str, kept: KeptFile) -> Staged:
    persona_id = viewer.persona_id or ""
    names = []
    content = b""
    for name in (kept.small, kept.file):
        if name:
            content = kept_bytes(persona_id, place, name)
            names.append(put(content))
    words = content.decode() if kept.kind in TEXTS else ""
    return Staged(kept, names[-1], names[0] if kept.small else "", words)


def put(content: bytes) -> str:
    """Write bytes, sealed, under a new random name, which is given back.

    Two files that are the same lie as different bytes, and many share their length: nothing ties the names
    that sent them.
    """
    name = new_name(FOLDER)
    site_files().put(name, SEALED + seal(OF_MESSAGE, filled(content), name.encode()))
    return name


def publish(viewer: Viewer, space: Space, post: Post, staged: Sequence[Staged]) -> None:
    """Put files on a message that the viewer has just written or changed.

    :raises Invalid: the space takes none, they are too many, one lacks its words, or the guard asks.
    """
    if not staged:
        return
    require(viewer.signed_in and post.author_id == viewer.persona_id)
    there = _files_on(post)
    _require_possible(viewer, space, len(there) + len(staged))
    for one in staged:
        if one.of.picture and not one.of.alt:
            raise Invalid(FIELD, NO_ALT)
        said = (name_kept(viewer, one.of), one.of.alt, one.words)
        _look("\n".join(part for part in said if part), post, viewer)
    last = max((row.position for row in there), default=0)
    for place, one in enumerate(staged, start=last + 1):
        db.session.add(_row(viewer, post, place, one))
        drop(one.of.file, one.of.small)  # as they waited
    post.files += 1
    db.session.flush()


def _require_possible(viewer: Viewer, space: Space, count: int) -> None:
    if not may_add_files(viewer, space):
        raise Invalid(FIELD, NOT_HERE)
    if count > MOST:
        raise Invalid(FIELD, TOO_MANY)


def name_kept(viewer: Viewer, of: KeptFile) -> str:
    """The file's own name where it is shown: a picture has its words, a protected name gives nothing away."""
    return "" if of.picture or viewer.protected else of.name


def _look(words: str, post: Post, viewer: Viewer, before: str = "") -> None:
    if words:
        before_publish(Text("attachment", FIELD, words, post.lang, viewer.persona_id, before=before))
        announce(file_storing, post_id=post.id, words=words)


def _row(viewer: Viewer, post: Post, position: int, one: Staged) -> Attachment:
    return Attachment(
        post_id=post.id,
        position=position,
        kind=one.of.kind,
        name=name_kept(viewer, one.of),
        alt=one.of.alt,
        size=one.of.size,
        width=one.of.width,
        height=one.of.height,
        file=one.file,
        small=one.small,
        added_on=clock.today(),
    )


def change(viewer: Viewer, post: Post, gone: Collection[str], alts: Mapping[str, str]) -> None:
    """Take files off one's own message and say anew what pictures show. Both by the keys of the files.

    :raises Invalid: a picture would be left without words, or the guard asks.
    """
    require(may_edit(viewer, post, guest=is_guest(viewer, post.topic)))
    for row in _files_on(post) if gone or alts else ():
        if row.key in gone:
            _remove(row)
            post.files += 1
        elif row.key in alts and KINDS[row.kind].picture:
            alt = alt_of(alts[row.key])
            if not alt:
                raise Invalid(FIELD, NO_ALT)
            if alt != row.alt:
                _look(alt, post, viewer, before=row.alt)
                row.alt = alt
                post.files += 1
    db.session.flush()


def _files_on(post: Post) -> list[Attachment]:
    rows = select(Attachment).where(Attachment.post_id == post.id, Attachment.file != "")
    return list(db.session.scalars(rows.order_by(Attachment.position)))


def _remove(row: Attachment) -> None:
    drop(row.file, row.small)
    db.session.delete(row)


def remove(post: Post, keys: Collection[str]) -> int:
    """Take these files off a message: for whoever was asked whether it may be. Returns how many."""
    rows = [row for row in _files_on(post) if row.key in keys] if keys else []
    for row in rows:
        _remove(row)
    post.files += len(rows)
    db.session.flush()
    return len(rows)


def let_go(post: Post) -> None:
    """Forget the files of a message that is withdrawn. Their addresses stay known, so that they are gone."""
    if not post.files:
        return
    for row in _files_on(post):
        drop(row.file, row.small)
        row.file = row.small = row.name = row.alt = ""
        row.size = 0
        row.width = row.height = None
    post.files += 1
    db.session.flush()


def take_out(post: Post, words: str, instead: str) -> int:
    """Take a passage out of what the files of a message are called, show and, where they are text, say.

    Returns in how many places. In a PDF or a picture nothing is found: whoever moderates removes it whole.
    """
    places = 0
    for row in _files_on(post) if post.files else ():
        for column in ("name", "alt"):
            said = getattr(row, column)
            if words in said:
                setattr(row, column, said.replace(words, instead))
                places += 1
        places += _out_of_text(row, words, instead)
    post.files += places
    return places


def _out_of_text(row: Attachment, words: str, instead: str) -> int:
    said = published_bytes(row.file).decode() if row.kind in TEXTS else ""
    if words not in said:
        return 0
    drop(row.file)
    content = said.replace(words, instead).encode()
    row.file, row.size = put(content), filled_length(len(content))
    return 1


def drop(*names: str) -> None:
    """Have bytes removed once the open transaction is done, and not otherwise."""
    if some := [name for name in names if name]:
        enqueue(DROP, names=some)


def drop_bytes(names: Iterable[str]) -> None:
    """Remove bytes that no row names any more. Harmless twice."""
    for name in names:
        site_files().delete(name)


def reseal(after: str) -> str:
    """Put the next few files under the newest key; those from before files were sealed, too."""
    rows = select(Attachment).where(Attachment.key > after, Attachment.file != "")
    some = list(db.session.scalars(rows.order_by(Attachment.key).limit(RESEALED_AT_ONCE)))
    for row in some:
        row.file, row.small = _put_anew(row.file), _put_anew(row.small)
        row.size = rounded(row.size, SHORTEST_FILE)
    db.session.flush()
    return some[-1].key if some else ""


def _put_anew(name: str) -> str:
    """The new name of a file, or the one it has where its bytes are lost."""
    try:
        content = published_bytes(name)
    except NotFound:
        return name
    drop(name)
    return put(content)
