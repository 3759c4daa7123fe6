"""Places that others give services at too are not one keeper's to change."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.directory.mending.spots import Mended
from community.directory.models import Document
from community.directory.permissions import keeps, may_keep_directory
from community.directory.queries.graph import Key, parents_of

_SHARED = _l("Another organization gives services at this place too: a coordinator changes it.")


def require_own(viewer: Viewer, some: Sequence[Mended]) -> None:
    """Refuse what changes a place of others. :raises NotAllowed: one of the values is theirs too."""
    if may_keep_directory(viewer):
        return
    shared = {(one.kind, one.id) for one in some if one.kind in {"location", "address"}}
    shared |= {one.holder for one in some if one.holder[0] == "location"}
    shared |= {(one.kind, one.id) for one in some if one.name == "hours" and one.kind == "location"}
    if shared:
        require(_organizations_of(shared) <= keeps(viewer), _SHARED)


def _organizations_of(keys: set[Key]) -> set[str]:
    services = [id for kind, id in parents_of(keys) if kind == "service"]
    rows = select(Document.organization_id).where(Document.kind == "service", Document.id.in_(services))
    return {id or "" for id in db.session.scalars(rows)}
