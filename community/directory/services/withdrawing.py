"""Taking out of sight at once: an address that is now withheld, a service that is taken back."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.directory.models import Document, Record
from community.directory.permissions import may_keep_directory
from community.directory.queries.graph import Key, parents_of, portions
from community.directory.services.runs import ROOTS, Change, mark
from community.directory.withholding import is_withheld


def hide_at_once(changes: list[Change]) -> None:
    """What shows an address that is now withheld goes in this very transaction, not when a job comes by."""
    hidden = {
        (change.row.kind, change.row.id)
        for change in changes
        if change.row.kind == "location" and is_withheld(change.after)
    }
    hidden |= _withheld_owners(changes)
    if not hidden:
        return
    above = parents_of(hidden)
    mark(above & {key for key in above if key[0] in ROOTS})
    for some in portions(sorted({id for kind, id in above if kind in ROOTS})):
        db.session.execute(delete(Document).where(Document.id.in_(some)))


def _withheld_owners(changes: list[Change]) -> set[Key]:
    ids = {str(c.after.get("location_id") or "").lower() for c in changes if c.row.kind == "address"}
    ids |= {edge.parent_id for c in changes if c.row.kind == "address" for edge in c.row.edges}
    found = set[Key]()
    for some in portions(sorted(ids - {""})):
        rows = select(Record.id).where(Record.kind == "location", Record.id.in_(some), Record.withheld)
        found |= {("location", id) for id in db.session.scalars(rows)}
    return found


def set_state(viewer: Viewer, kind: str, id: str, state: str) -> None:
    """Show a service, an organization or a location to everybody, or take it back."""
    require(may_keep_directory(viewer))
    db.session.execute(update(Record).where(Record.kind == kind, Record.id == id).values(state=state))
    above = {key for key in parents_of({(kind, id)}) if key[0] in ROOTS}
    if state != "public":
        for some in portions(sorted({one for _, one in above})):
            db.session.execute(delete(Document).where(Document.id.in_(some)))
    mark(above | {(kind, id)})
