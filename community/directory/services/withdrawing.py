"""Taking out of sight at once: an address that is now withheld, a service that is taken back."""

from __future__ import annotations

from sqlalchemy import Update, delete, select, update

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.directory.models import Document, Record
from community.directory.permissions import may_keep_directory
from community.directory.queries.graph import Graph, Key, parents_of, portions
from community.directory.services.runs import ROOTS, Change, mark, new_version
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
    _forget({key for key in above if key[0] in ROOTS})


def _withheld_owners(changes: list[Change]) -> set[Key]:
    ids = {str(c.after.get("location_id") or "").lower() for c in changes if c.row.kind == "address"}
    ids |= {edge.parent_id for c in changes if c.row.kind == "address" for edge in c.row.edges}
    found = set[Key]()
    for some in portions(sorted(ids - {""})):
        rows = select(Record.id).where(Record.kind == "location", Record.id.in_(some), Record.withheld)
        found |= {("location", id) for id in db.session.scalars(rows)}
    return found


def set_state(viewer: Viewer, kind: str, id: str, state: str) -> None:
    """Show a service, an organization or a location to everybody, or take it back.

    What is nested in it and was in preparation with it is shown with it.
    """
    require(may_keep_directory(viewer))
    db.session.execute(_of(kind, id).values(state=state))
    above = {key for key in parents_of({(kind, id)}) if key[0] in ROOTS}
    if state == "public":
        graph = Graph()
        graph.load([(kind, id)])
        for one, of_it in graph.states.items():
            if of_it == "draft":
                db.session.execute(_of(*one).values(state=state))
    else:
        _forget(above)
    mark(above | {(kind, id)})


def _of(kind: str, id: str) -> Update:
    return update(Record).where(Record.kind == kind, Record.id == id)


def _forget(keys: set[Key]) -> None:
    """Have nothing of these shown from this transaction on, by answers that were kept either."""
    new_version()
    for some in portions(sorted({id for _, id in keys})):
        db.session.execute(delete(Document).where(Document.id.in_(some)))
