"""Bytes that no row names: of a message that was never stored, of a job that was killed."""

from __future__ import annotations

from sqlalchemy import Connection, select

from community.core import store
from community.core.db import db
from community.core.files import site_files
from community.forum.models import Attachment, DraftFile
from community.forum.queries.attachments import DRAFTS
from community.forum.services.attachments import FOLDER, drop_bytes

# The names that nothing named the last time: bytes come before their row, and a name may just be on its way.
SEEN = "forum.lonely_files"
FOLDERS = (FOLDER, DRAFTS)


def sweep() -> int:
    """Remove bytes that no row named now and the last time. Returns how many files."""
    named = named_files()
    lonely = {name for folder in FOLDERS for name in site_files().names(f"{folder}/")} - named
    twice = lonely & set(store.get(SEEN, []))
    drop_bytes(twice)
    store.put(SEEN, sorted(lonely - twice))
    return len(twice)


def named_files() -> set[str]:
    """Every file that a message or a draft has."""
    return names_in(db.session.connection())


def names_in(connection: Connection) -> set[str]:
    """The same in the picture of the tables that a connection sees."""
    rows = [
        *connection.execute(select(Attachment.file, Attachment.small)),
        *connection.execute(select(DraftFile.file, DraftFile.small)),
    ]
    return {name for row in rows for name in row if name}
