"""Files that wait with a draft: what could not be sent yet is not sent twice."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, case, func, select

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import require
from community.core.db import db
from community.core.errors import TooLarge, TooOften
from community.core.files import new_name, site_files
from community.core.limits import may_today
from community.core.padding import filled, filled_length, spaced
from community.core.sealing import seal
from community.core.store import settings
from community.forum.attachments.intake import Ready, alt_of
from community.forum.models import Attachment, DraftFile, Post
from community.forum.queries.attachments import DRAFTS, PURPOSE, SEALED, KeptFile, bound_to, opened
from community.forum.services.attachments import drop

MEGABYTE = 1024 * 1024
FULL = _l(
    "The files of this name take up all the room there is for them. Remove some from your messages first."
)
ENOUGH = _l("You have sent as many files today as one name may. Your text is kept: send the file tomorrow.")
A_DAY = 86_400  # seconds


@dataclass(frozen=True)
class Aside:
    """Sealed bytes that no draft names yet."""

    file: str
    small: str
    size: int
    sealed: bytes


def require_room(viewer: Viewer, coming: int) -> None:
    """Whether the name may send another file of so many bytes.

    :raises TooOften: as many were sent today as may be. :raises TooLarge: it keeps as much as it may.
    """
    require(viewer.signed_in)
    today, kept = _sent(viewer)
    if today >= settings().files_a_day:
        raise TooOften(ENOUGH, after=A_DAY)
    if kept + coming > settings().files_megabytes * MEGABYTE:
        raise TooLarge(FULL)


def count_sent(viewer: Viewer) -> None:
    """Count a file that is about to be read, also if it is then refused, taken away or replaced.

    :raises TooOften: as many were read today as may be.
    """
    require(viewer.signed_in)
    if not may_today("files", settings().files_a_day):
        raise TooOften(ENOUGH, after=A_DAY)


def _sent(viewer: Viewer) -> tuple[int, int]:
    """How many files of this name came today, and how many bytes of it are kept; drafts included."""
    of_posts = _counted(Attachment).join(Post, Post.id == Attachment.post_id)
    of_drafts = _counted(DraftFile)
    rows = [
        db.session.execute(of_posts.where(Post.author_id == viewer.persona_id)).one(),
        db.session.execute(of_drafts.where(DraftFile.persona_id == viewer.persona_id)).one(),
    ]
    return sum(int(row[0]) for row in rows), sum(int(row[1]) for row in rows)


def _counted(table: type[Attachment] | type[DraftFile]) -> Select[int, int]:
    today = case((table.added_on == clock.today(), 1))
    return select(func.count(today), func.coalesce(func.sum(table.size), 0)).select_from(table)


def put_aside(persona_id: str, place: str, ready: Ready) -> Aside:
    """Write what is kept of a file of this name, sealed. Outside the transaction: it takes time."""
    file = _put(persona_id, place, ready.content)
    small = _put(persona_id, place, ready.small) if ready.small else ""
    known = {"kind": ready.kind, "name": ready.name, "alt": ready.alt}
    return Aside(
        file,
        small,
        kept_length(ready),
        _sealed(persona_id, place, file, {**known, "width": ready.width, "height": ready.height}),
    )


def kept_length(ready: Ready) -> int:
    """How many bytes are kept of a file, its small picture included, as far as the database says it."""
    return filled_length(len(ready.content)) + (filled_length(len(ready.small)) if ready.small else 0)


def _put(persona_id: str, place: str, content: bytes) -> str:
    name = new_name(DRAFTS)
    site_files().put(name, SEALED + seal(PURPOSE, filled(content), bound_to(persona_id, place, name)))
    return name


def _sealed(persona_id: str, place: str, file: str, known: Mapping[str, object]) -> bytes:
    said = json.dumps(known, ensure_ascii=False).encode("utf-8", "replace")
    return seal(PURPOSE, spaced(said), bound_to(persona_id, place, file))


def keep(viewer: Viewer, place: str, position: int, aside: Aside) -> None:
    """Keep a file with the viewer's draft of this place, which is there; one at this position is replaced.

    :raises TooOften: :raises TooLarge: another of their files came in between.
    """
    # Two of the same name wait for each other here: neither would else see the file of the other.
    db.session.execute(
        select(Persona.id).where(Persona.id == viewer.persona_id).with_for_update(key_share=True)
    )
    require_room(viewer, aside.size)
    row = db.session.get(DraftFile, (viewer.persona_id, place, position))
    if row is None:
        row = DraftFile(persona_id=viewer.persona_id, place=place, position=position)
        db.session.add(row)
    else:
        drop(row.file, row.small)
    row.file, row.small, row.size, row.sealed = aside.file, aside.small, aside.size, aside.sealed
    row.added_on = clock.today()
    db.session.flush()


def change_kept(viewer: Viewer, place: str, gone: Collection[int], alts: Mapping[int, str]) -> None:
    """Take files off a draft, and say anew what its pictures show, both by their position."""
    require(viewer.signed_in)
    for row in _at(viewer, place):
        known = opened(row)
        if known is None or row.position in gone:
            drop(row.file, row.small)
            db.session.delete(row)
        elif row.position in alts and known.picture:
            row.sealed = _sealed(row.persona_id, place, row.file, _known(known, alt_of(alts[row.position])))
    db.session.flush()


def _known(of: KeptFile, alt: str) -> dict[str, object]:
    return {"kind": of.kind, "name": of.name, "alt": alt, "width": of.width, "height": of.height}


def drop_kept(viewer: Viewer, place: str) -> None:
    """Forget the files of a draft that was sent or is not wanted. Harmless when there are none."""
    require(viewer.signed_in)
    for row in _at(viewer, place):
        drop(row.file, row.small)
        db.session.delete(row)
    db.session.flush()


def _at(viewer: Viewer, place: str) -> list[DraftFile]:
    mine = (DraftFile.persona_id == viewer.persona_id, DraftFile.place == place)
    return list(db.session.scalars(select(DraftFile).where(*mine).order_by(DraftFile.position)))
