"""Names as eyes read them, read again: what counts as alike grows with the program, and rows are older."""

from __future__ import annotations

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from community.accounts.models import Persona
from community.accounts.names import skeleton
from community.core.db import db, transaction

log = structlog.get_logger("names")
_AT_ONCE = 500


def read_names_anew() -> int:
    """Bring every stored skeleton to how names are read now. Returns how many changed.

    Where two names that stood side by side are alike by now, the one keeps what it had: nobody's name is
    taken away by an upgrade. How many do is said in the log, and no name.
    """
    every = select(Persona.id, Persona.name).where(Persona.skeleton.is_not(None))
    read = db.session.execute(every).all()
    db.session.rollback()
    changed, alike = 0, 0
    for start in range(0, len(read), _AT_ONCE):
        some = {row.id: row.name for row in read[start : start + _AT_ONCE]}
        with transaction():
            for persona_id, name in _otherwise_stored(some):
                done = _store(persona_id, name)
                changed, alike = changed + done, alike + (not done)
    if alike:
        log.warning("names that look alike by now", how_many=alike)
    return changed


def _otherwise_stored(names: dict[str, str]) -> list[tuple[str, str]]:
    """Those of these names, by key, of which something else is stored."""
    rows = db.session.execute(select(Persona.id, Persona.skeleton).where(Persona.id.in_(names)))
    return [(key, names[key]) for key, stored in rows.all() if stored and stored != skeleton(names[key])]


def _store(persona_id: str, name: str) -> bool:
    """Store how a name is read, unless another is read like that already."""
    mine = Persona.id == persona_id, Persona.name == name, Persona.skeleton.is_not(None)
    try:
        with db.session.begin_nested():
            db.session.execute(update(Persona).where(*mine).values(skeleton=skeleton(name)))
    except IntegrityError:
        return False
    return True
