"""An archive of a name put into another community."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import DataError, IntegrityError

from community.accounts import proposals
from community.accounts.models import Persona
from community.accounts.privacy.packing import Archive, BadArchive
from community.accounts.services import personas
from community.core import archives
from community.core.archive_rows import BadRow, each
from community.core.archives import Rows
from community.core.db import db


@dataclass(frozen=True)
class Loaded:
    """What came of it: how many rows of each part, and the code by which its owner takes the name back."""

    rows: dict[str, int]
    code: str


def _with_files(lists: Rows, archive: Archive) -> Rows:
    """The rows of a part; those that name a file of the archive bring its bytes."""
    for name in lists:
        for row in each(lists, name):
            if isinstance(row.get("file"), str) and row["file"] in archive.files:
                row["content"] = archive.files[row["file"]]
    return lists


def _load_parts(persona_id: str, archive: Archive) -> dict[str, int]:
    loaded = {}
    for part in archives.parts():
        if part.load is not None and part.name in archive.parts:
            loaded[part.name] = part.load(persona_id, _with_files(archive.parts[part.name], archive))
            db.session.flush()
    return loaded


def load(archive: Archive) -> Loaded:
    """Load an archive in the open transaction. The name waits for whoever has the code.

    :raises BadArchive: it is not that of a name, or not as it left. :raises Conflict: the name is there.
    :raises Invalid: it holds a name or a text that nobody could publish here.
    """
    try:
        persona_id = str(archive.parts["name"]["names"][0]["id"])
    except (KeyError, IndexError, TypeError):
        raise BadArchive("This is not the archive of a name: an account is joined, not loaded.") from None
    try:
        counts = _load_parts(persona_id, archive)
    except BadRow as wrong:
        raise BadArchive(f"This archive is not as it left its community: {wrong}") from None
    except (IntegrityError, DataError):
        raise BadArchive("This archive holds something twice, or something that is here already.") from None
    code = proposals.recovery_code()
    persona = db.session.get_one(Persona, persona_id)
    persona.recovery_hash = personas.code_hash(code)
    personas.retire(persona)  # nobody is behind it yet; its code brings it back with all it had
    return Loaded(counts, code)
