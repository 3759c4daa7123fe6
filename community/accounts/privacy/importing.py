"""An archive of a name put into another community."""

from __future__ import annotations

from dataclasses import dataclass

from community.accounts import proposals
from community.accounts.models import Persona
from community.accounts.privacy.packing import Archive, BadArchive
from community.accounts.services import personas
from community.core import archives
from community.core.archives import Rows
from community.core.db import db


@dataclass(frozen=True)
class Loaded:
    """What came of it: how many rows of each part, and the code by which its owner takes the name back."""

    rows: dict[str, int]
    code: str


def _with_files(lists: Rows, archive: Archive) -> Rows:
    """The rows of a part; those that name a file of the archive bring its bytes."""
    for rows in lists.values():
        for row in rows:
            if isinstance(row.get("file"), str) and row["file"] in archive.files:
                row["content"] = archive.files[row["file"]]
    return lists


def load(archive: Archive) -> Loaded:
    """Load an archive in the open transaction. The name waits for whoever has the code.

    :raises BadArchive: it is not that of a name. :raises Conflict: the name is there already.
    """
    try:
        persona_id = str(archive.parts["name"]["names"][0]["id"])
    except (KeyError, IndexError, TypeError):
        raise BadArchive("This is not the archive of a name: an account is joined, not loaded.") from None
    counts = {
        part.name: part.load(persona_id, _with_files(archive.parts[part.name], archive))
        for part in archives.parts()
        if part.load is not None and part.name in archive.parts
    }
    code = proposals.recovery_code()
    persona = db.session.get_one(Persona, persona_id)
    persona.recovery_hash = personas.code_hash(code)
    personas.retire(persona)  # nobody is behind it yet; its code brings it back with all it had
    return Loaded(counts, code)
