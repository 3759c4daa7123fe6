"""Taking along what is kept: one archive for each name, one for the account, each made by a job of its own.

The job of a name carries that name and nothing else; that of an account carries the account, sealed. An
archive lies among the files of the site under a random name, sealed, for a day. Nothing ties two of them.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from community.accounts.members import User
from community.accounts.models import Persona
from community.accounts.privacy.models import AccountArchive, PersonaArchive
from community.accounts.privacy.packing import Archive, packed
from community.accounts.viewer import Viewer
from community.core import archives, audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import NotFound
from community.core.files import new_name, site_files
from community.core.jobs import enqueue
from community.core.sealing import CannotUnseal, seal, seal_text, unseal, unseal_text

KEPT = timedelta(hours=24)
FOLDER = "archives"
OF_NAME, OF_ACCOUNT = "accounts.make_archive_of_name", "accounts.make_archive_of_account"
_SEAL, _SEAL_MEMBER = "archive", "archive of an account"
Kept = PersonaArchive | AccountArchive


def ask_of_name(viewer: Viewer) -> None:
    """Have the archive of the name that speaks made; one that was made before is dropped."""
    require(viewer.signed_in)
    persona_id = str(viewer.persona_id)
    row = db.session.get(PersonaArchive, persona_id)
    if row is None:
        row = PersonaArchive(persona_id=persona_id)
        db.session.add(row)
    _begin(row)
    audit.record(persona_id, "archive.asked", persona_id, reason="own request")
    enqueue(OF_NAME, persona_id=persona_id)


def ask_of_account(member_id: str) -> None:
    """Have the archive of an account made. The register of acts hears of no name, and of no account."""
    row = db.session.get(AccountArchive, member_id)
    if row is None:
        row = AccountArchive(member_id=member_id)
        db.session.add(row)
    _begin(row)
    enqueue(OF_ACCOUNT, sealed=seal_text(_SEAL_MEMBER, member_id))


def _begin(row: Kept) -> None:
    _drop_file(row)
    # The account side keeps hours: one more, so that a day is a day.
    hour_more = timedelta(hours=1) if isinstance(row, AccountArchive) else timedelta()
    row.file, row.ends_at = None, clock.now() + KEPT + hour_more
    db.session.flush()


def make_of_name(persona_id: str) -> None:
    """Make what was asked for. Harmless twice, and when nobody waits for it any more."""
    row = db.session.get(PersonaArchive, persona_id)
    if row is not None and row.file is None and db.session.get(Persona, persona_id) is not None:
        row.file = _put(Archive("name", archives.of_persona(persona_id)))


def make_of_account(sealed: str) -> None:
    """The same of an account."""
    try:
        member_id = unseal_text(_SEAL_MEMBER, sealed)
    except CannotUnseal:
        return
    row = db.session.get(AccountArchive, member_id)
    if row is not None and row.file is None and db.session.get(User, member_id) is not None:
        row.file = _put(Archive("account", archives.of_account(member_id)))


def _put(archive: Archive) -> str:
    name = new_name(FOLDER)
    site_files().put(name, seal(_SEAL, packed(archive), name.encode()))
    return name


def waiting_of_name(viewer: Viewer) -> PersonaArchive | None:
    """The archive of the name that speaks: made, or being made."""
    row = db.session.get(PersonaArchive, str(viewer.persona_id)) if viewer.signed_in else None
    return row if row is not None and row.ends_at > clock.now() else None


def waiting_of_account(member_id: str) -> AccountArchive | None:
    """The archive of an account: made, or being made."""
    row = db.session.get(AccountArchive, member_id)
    return row if row is not None and row.ends_at > clock.now() else None


def content(row: Kept | None) -> bytes:
    """What is in an archive. :raises NotFound: none was asked for, it is not ready, or its day is over."""
    if row is None or row.file is None:
        raise NotFound
    try:
        return unseal(_SEAL, site_files().get(row.file), row.file.encode())
    except (FileNotFoundError, CannotUnseal):
        raise NotFound from None


def drop_old() -> int:
    """Drop every archive whose day is over. Returns how many."""
    now = clock.now()
    over: list[Kept] = [
        *db.session.scalars(select(PersonaArchive).where(PersonaArchive.ends_at <= now)),
        *db.session.scalars(select(AccountArchive).where(AccountArchive.ends_at <= now)),
    ]
    for row in over:
        _drop_file(row)
        db.session.delete(row)
    return len(over)


def drop_files_of_nobody() -> int:
    """Drop files that no row names: of an account that was closed, of a job that was killed."""
    named = {
        name
        for table in (PersonaArchive, AccountArchive)
        for name in db.session.scalars(select(table.file).where(table.file.is_not(None)))
    }
    lonely = [name for name in site_files().names(f"{FOLDER}/") if name not in named]
    for name in lonely:
        site_files().delete(name)
    return len(lonely)


def _drop_file(row: Kept) -> None:
    if row.file is not None:
        site_files().delete(row.file)
