"""What an earlier run of the demonstration has written, and which names are here.

It is remembered by keyless marks of the files' ids, never by name: nothing in the database says which names
belong to one account.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import select

from community.accounts.models import Persona
from community.accounts.names import skeleton
from community.core import store
from community.core.db import db
from community.demo.loader.people import names

_LOADED = "demonstration.loaded"


class Loaded:
    """What an earlier run has written, by marks of the ids."""

    def __init__(self) -> None:
        self._marks: set[str] = set(store.get(_LOADED, []))

    def has(self, kind: str, name: str) -> bool:
        """Whether this was written before."""
        return _mark(kind, name) in self._marks

    def add(self, kind: str, ids: Iterable[str]) -> None:
        """Remember them, in the open transaction."""
        self._marks |= {_mark(kind, name) for name in ids}
        store.put(_LOADED, sorted(self._marks))


def _mark(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}\n{name}".encode()).hexdigest()[:16]


# People


def persona_ids() -> dict[str, str]:
    """The persona of each name of the files that is here, by the id of the files."""
    wanted = {skeleton(name.name): key for key, name in names().items()}
    rows = db.session.execute(select(Persona.skeleton, Persona.id).where(Persona.skeleton.in_(wanted)))
    return {wanted[str(read)]: persona_id for read, persona_id in rows}
