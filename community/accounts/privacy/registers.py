"""The two registers the law asks for: incidents, and anonymisations. Versions are added, none is changed.

Each version's hash stands in the register of acts, which is a chain: whoever changes or removes a row
shows. An entry of the first register has the eight points of the Quebec regulation on incidents
(chapter A-2.1, r. 3.1, section 7), each with what is known or why it is not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, delete, func, select, tuple_

from community.accounts.permissions import may_operate
from community.accounts.privacy.models import PrivacyRecord
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.audit import AuditEntry
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.ids import new_key

POINTS = {
    "incidents": (
        *("information", "circumstances", "happened", "known", "people", "risk", "notices", "measures"),
    ),
    "anonymisations": ("information", "purpose", "technique", "risk"),
}
KEPT_YEARS = 5
LONGEST = 4_000
_RECORDED, _DROPPED = "record.added", "record.dropped"
Said = Mapping[str, str]


def points_of(register: str, said: Said, unknown: Said) -> dict[str, dict[str, str]]:
    """Every point of an entry: what is known of it or why it is not.

    :raises Invalid: a point has neither, or too much.
    """
    found = {}
    for point in POINTS[register]:
        words, why = (said.get(point) or "").strip(), (unknown.get(point) or "").strip()
        if max(len(words), len(why)) > LONGEST:
            raise Invalid(point, _l("At most 4,000 characters."))
        if not words and not why:
            raise Invalid(point, _l("Write what is known, or why it is not."))
        found[point] = {"said": words, "unknown": "" if words else why}
    return found


def add(
    viewer: Viewer,
    register: str,
    points: dict[str, dict[str, str]],
    known_on: date,
    *,
    key: str = "",
    version: int = 0,
) -> PrivacyRecord:
    """Add an entry, or a version of one: what it said before stays.

    :param version: the version that the writer saw. :raises Conflict: another was added meanwhile.
    """
    require(may_operate(viewer))
    if known_on > clock.today():
        raise Invalid("known_on", _l("This day is still to come."))
    key = key or new_key()
    newest = db.session.scalar(select(func.max(PrivacyRecord.version)).where(PrivacyRecord.key == key)) or 0
    if newest != version:
        raise Conflict
    row = PrivacyRecord(
        key=key,
        version=newest + 1,
        register=register,
        points=points,
        known_on=known_on,
        written_on=clock.today(),
        by=str(viewer.persona_id),
    )
    row.sha256 = _hash(row)
    db.session.add(row)
    audit.record(row.by, _RECORDED, key, register=register, version=row.version, sha256=row.sha256)
    return row


def _hash(row: PrivacyRecord) -> str:
    said: list[Any] = [row.key, row.version, row.register, row.points]
    said += [row.known_on.isoformat(), row.written_on.isoformat(), row.by]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def records_seen_by(viewer: Viewer) -> Select[PrivacyRecord]:
    """The versions of entries that this viewer may read: administrators read all."""
    rows = select(PrivacyRecord)
    return rows if may_operate(viewer) else rows.where(PrivacyRecord.key.is_(None))


def newest(viewer: Viewer, register: str) -> list[PrivacyRecord]:
    """The newest version of each entry of a register, the last known first."""
    last = select(PrivacyRecord.key, func.max(PrivacyRecord.version)).group_by(PrivacyRecord.key)
    rows = records_seen_by(viewer).where(
        PrivacyRecord.register == register,
        tuple_(PrivacyRecord.key, PrivacyRecord.version).in_(last),
    )
    return list(db.session.scalars(rows.order_by(PrivacyRecord.known_on.desc(), PrivacyRecord.key)))


def versions(viewer: Viewer, key: str) -> list[PrivacyRecord]:
    """Every version of an entry, the newest first."""
    rows = records_seen_by(viewer).where(PrivacyRecord.key == key)
    return list(db.session.scalars(rows.order_by(PrivacyRecord.version.desc())))


def as_rows(viewer: Viewer, register: str) -> list[dict[str, Any]]:
    """A register as plain rows, for the authority: every version of every entry."""
    rows = records_seen_by(viewer).where(PrivacyRecord.register == register)
    found = db.session.scalars(
        rows.order_by(PrivacyRecord.known_on, PrivacyRecord.key, PrivacyRecord.version)
    )
    return [
        {
            "key": row.key,
            "version": row.version,
            "known_on": row.known_on.isoformat(),
            "written_on": row.written_on.isoformat(),
            **{point: said.get("said", "") for point, said in row.points.items()},
            **{f"{point}_unknown_because": said.get("unknown", "") for point, said in row.points.items()},
        }
        for row in found
    ]


def drop_old() -> int:
    """Drop entries five years after they became known; the register of acts keeps that they were."""
    over = clock.today() - timedelta(days=round(365.25 * KEPT_YEARS) + 1)
    last = (
        select(PrivacyRecord.key)
        .where(PrivacyRecord.register == "incidents")
        .group_by(PrivacyRecord.key)
        .having(func.max(PrivacyRecord.known_on) < over)
    )
    keys = list(db.session.scalars(last))
    for key in keys:
        audit.record("calendar", _DROPPED, key)
        db.session.execute(delete(PrivacyRecord).where(PrivacyRecord.key == key))
    return len(keys)


def unchanged() -> Iterator[str]:
    """Every version is as the register of acts has it, and none is missing: what ``flask check`` asks."""
    rows = {(row.key, row.version): row for row in db.session.scalars(select(PrivacyRecord))}
    acts = (_RECORDED, _DROPPED)
    entries = list(
        db.session.scalars(select(AuditEntry).where(AuditEntry.act.in_(acts)).order_by(AuditEntry.number))
    )
    dropped = {entry.target for entry in entries if entry.act == _DROPPED}
    known = {
        (entry.target, entry.detail["version"]): entry.detail["sha256"]
        for entry in entries
        if entry.act == _RECORDED and entry.target not in dropped
    }
    for place, row in rows.items():
        if known.get(place) != row.sha256 or _hash(row) != row.sha256:
            yield f"version {row.version} of {row.key} in the register of {row.register} was changed"
    for key, version in known.keys() - rows.keys():
        yield f"version {version} of {key} is missing from the registers"
