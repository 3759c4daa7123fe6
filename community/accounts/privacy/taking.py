"""Taking along what is kept: one archive for each name, and one for the account.

The archive of a name is made by a job that carries that name and nothing else. It lies among the files of
the site under a random name, sealed, for a day. When that day ends is sealed too, and the register of acts
hears that an archive was asked for and not whose: two names that ask within minutes of one another would
else stand side by side. That of an account is made in the hand and kept nowhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from community.accounts import order
from community.accounts.models import Persona
from community.accounts.privacy.models import PersonaArchive
from community.accounts.privacy.packing import Archive, packed
from community.accounts.viewer import Viewer
from community.core import archives, audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import NotFound
from community.core.files import new_name, site_files
from community.core.jobs import enqueue
from community.core.sealing import CannotUnseal, seal, unseal

KEPT = timedelta(hours=24)
FOLDER = "archives"
OF_NAME = "accounts.make_archive"
_SEAL, _SEAL_UNTIL = "archive", "end of an archive"


def ask(viewer: Viewer) -> None:
    """Have the archive of the name that speaks made; one that was made before is dropped."""
    require(viewer.signed_in)
    persona_id = str(viewer.persona_id)
    row = db.session.get(PersonaArchive, persona_id)
    if row is None:
        row = PersonaArchive(persona_id=persona_id)
        db.session.add(row)
    _drop_file(row)
    row.file = None
    until = (clock.now() + KEPT).isoformat("T", "seconds")
    row.until = seal(_SEAL_UNTIL, until.encode(), persona_id.encode())
    audit.record("member", "archive.asked", reason="own request")
    enqueue(OF_NAME, persona_id=persona_id)


def make(persona_id: str) -> None:
    """Make what was asked for. Harmless twice, and when nobody waits for it any more."""
    row = db.session.get(PersonaArchive, persona_id)
    if row is None or row.file is not None or db.session.get(Persona, persona_id) is None:
        return
    name = new_name(FOLDER)
    whole = packed(Archive("name", archives.of_persona(persona_id), archives.files_of(persona_id)))
    site_files().put(name, seal(_SEAL, whole, name.encode()))
    row.file = name
    db.session.flush()
    order.lay_by_key(("persona_archive",))  # also done daily: somebody may be reading the table


def waiting(viewer: Viewer) -> PersonaArchive | None:
    """The archive of the name that speaks: made, or being made."""
    row = db.session.get(PersonaArchive, str(viewer.persona_id)) if viewer.signed_in else None
    return row if row is not None and not _over(row) else None


def content(row: PersonaArchive | None) -> bytes:
    """What is in an archive. :raises NotFound: none was asked for, it is not ready, or its day is over."""
    if row is None or row.file is None:
        raise NotFound
    try:
        return unseal(_SEAL, site_files().get(row.file), row.file.encode())
    except (FileNotFoundError, CannotUnseal):
        raise NotFound from None


def of_account(member_id: str) -> bytes:
    """The archive of an account, made now. It names no name."""
    return packed(Archive("account", archives.of_account(member_id)))


def _over(row: PersonaArchive) -> bool:
    """Whether the day of an archive is over, or was sealed under a key that is gone."""
    try:
        until = unseal(_SEAL_UNTIL, row.until, row.persona_id.encode()).decode()
    except CannotUnseal:
        return True
    return datetime.fromisoformat(until) <= clock.now()


def drop_old() -> int:
    """Drop every archive whose day is over. Returns how many."""
    over = [row for row in db.session.scalars(select(PersonaArchive)) if _over(row)]
    for row in over:
        _drop_file(row)
        db.session.delete(row)
    return len(over)


def drop_files_of_nobody() -> int:
    """Drop files that no row names: of a name that left, of a job that was killed."""
    named = set(db.session.scalars(select(PersonaArchive.file)))
    lonely = [name for name in site_files().names(f"{FOLDER}/") if name not in named]
    for name in lonely:
        site_files().delete(name)
    return len(lonely)


def _drop_file(row: PersonaArchive) -> None:
    if row.file is not None:
        site_files().delete(row.file)
