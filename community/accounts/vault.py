"""The only bridge between members and personas. Private to ``accounts``.

Each link is two rows of one table: ``HMAC(Kt, "p" | persona)`` holds the sealed member id and
``HMAC(Kt, "m" | member | slot)`` the sealed persona id, slots 0 to 15. Both halves have the same
length, are sealed with authenticated encryption and carry their tag as associated data. Both
directions are one look-up by key; a dump groups nothing (ARCHITECTURE section 3).
"""

from __future__ import annotations

import random
from collections.abc import Collection

from sqlalchemy import delete, func, select

from community.accounts import order
from community.accounts.models import VaultRow
from community.core import keyfile
from community.core.db import db
from community.core.errors import Conflict
from community.core.sealing import seal, tag, tags, unseal

SLOTS = 16
_TAG, _SEAL = "vault tag", "vault seal"
_LENGTH = 22  # both ids are 22 characters, so both halves look alike


def _write(row_tag: bytes, value: str) -> None:
    if len(value) != _LENGTH:
        raise ValueError("both halves of a link must have the same length")
    db.session.add(VaultRow(tag=row_tag, sealed=seal(_SEAL, value.encode(), row_tag)))


def _rows(wanted: list[bytes]) -> dict[bytes, VaultRow]:
    rows = db.session.scalars(select(VaultRow).where(VaultRow.tag.in_(wanted)))
    return {row.tag: row for row in rows}


def _read(*parts: str) -> str | None:
    """The value under the tag of these parts, whichever key of the ring made it."""
    wanted = tags(_TAG, *parts)
    rows = _rows(wanted)
    if not rows and keyfile.reread():
        wanted = tags(_TAG, *parts)
        rows = _rows(wanted)
    return next((_open(rows[row_tag]) for row_tag in wanted if row_tag in rows), None)


def _open(row: VaultRow) -> str:
    return unseal(_SEAL, row.sealed, row.tag).decode()


def member_of(persona_id: str) -> str | None:
    """The member behind a persona; None when nobody is (imported, former)."""
    return _read("p", persona_id)


def members_of(persona_ids: Collection[str]) -> dict[str, str]:
    """The members behind these personas, in one statement; those behind whom nobody is are not among them."""
    found = _behind(persona_ids)
    return found if len(found) == len(set(persona_ids)) or not keyfile.reread() else _behind(persona_ids)


def _behind(persona_ids: Collection[str]) -> dict[str, str]:
    by_persona = {persona_id: tags(_TAG, "p", persona_id) for persona_id in persona_ids}
    rows = _rows(sorted(row_tag for wanted in by_persona.values() for row_tag in wanted))
    found = {}
    for persona_id, wanted in by_persona.items():
        row = next((rows[row_tag] for row_tag in wanted if row_tag in rows), None)
        if row is not None:
            found[persona_id] = _open(row)
    return found


def personas_of(member_id: str) -> dict[int, str]:
    """The personas of a member by slot, in one statement. The one made on joining has slot 0."""
    found = _slots(member_id)
    return found if found or not keyfile.reread() else _slots(member_id)


def _slots(member_id: str) -> dict[int, str]:
    by_slot = {slot: tags(_TAG, "m", member_id, str(slot)) for slot in range(SLOTS)}
    rows = _rows([row_tag for wanted in by_slot.values() for row_tag in wanted])
    found = {}
    for slot, wanted in by_slot.items():
        row = next((rows[row_tag] for row_tag in wanted if row_tag in rows), None)
        if row is not None:
            found[slot] = _open(row)
    return found


def link(member_id: str, persona_id: str, slot: int | None = None) -> int:
    """Tie a persona to a member; returns its slot.

    :param slot: 0 for the first name; without it any free one, 0 last.
    :raises Conflict: the persona is tied already, or the member has all sixteen names.
    """
    keyfile.reread()  # a link made during a rotation belongs under the newest key
    if member_of(persona_id) is not None:
        raise Conflict
    used = personas_of(member_id)
    if slot is None:
        slot = next((n for n in (*range(1, SLOTS), 0) if n not in used), None)
    if slot is None or slot in used:
        raise Conflict
    _write(tag(_TAG, "p", persona_id), member_id)
    _write(tag(_TAG, "m", member_id, str(slot)), persona_id)
    db.session.flush()
    if order.is_quick():
        order.lay_by_key()  # a job of a large register does it for all who joined in the same moments
    return slot


def unlink(member_id: str, persona_id: str) -> None:
    """Cut a link. Harmless when it is not there."""
    slots = [slot for slot, owned in personas_of(member_id).items() if owned == persona_id]
    gone = tags(_TAG, "p", persona_id)
    for slot in slots:
        gone += tags(_TAG, "m", member_id, str(slot))
    for row in _rows(gone).values():
        db.session.delete(row)
    db.session.flush()


def count() -> int:
    """How many half-links the vault holds."""
    return db.session.scalar(select(func.count()).select_from(VaultRow)) or 0


def rewrite_persona(persona_id: str) -> bool:
    """Put a persona's half under the newest key. False when it was there already, or is not linked."""
    return _rewrite(tags(_TAG, "p", persona_id))


def rewrite_member(member_id: str) -> int:
    """Put a member's halves under the newest key. Returns how many moved."""
    order = list(range(SLOTS))
    random.SystemRandom().shuffle(order)
    return sum(_rewrite(tags(_TAG, "m", member_id, str(slot))) for slot in order)


def _rewrite(candidates: list[bytes]) -> bool:
    newest = candidates[0]
    for old in candidates[1:]:
        row = db.session.get(VaultRow, old)
        if row is None:
            continue
        value = _open(row)
        db.session.delete(row)
        db.session.flush()
        if db.session.get(VaultRow, newest) is None:
            _write(newest, value)
        db.session.flush()
        return True
    return False


def empty() -> None:
    """Forget every link: the last resort of ``flask vault start-over``."""
    db.session.execute(delete(VaultRow))
