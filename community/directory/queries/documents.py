"""What readers are given of the directory: stored documents, whole or as lists show them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select

from community.accounts.viewer import Viewer
from community.core.changes import stamps
from community.core.db import db
from community.core.prepared import Prepared
from community.core.store import Stored
from community.directory.models import Document
from community.directory.permissions import documents_seen_by
from community.directory.queries.graph import portions

# The name of a stored value that changes whenever a document does.
VERSION = "directory.version"
_reader = stamps.Reader()
_asked = Prepared(lambda: select(Stored.value).where(Stored.name == bindparam("name")))


def version() -> str:
    """A word that changes whenever a document does."""
    found = _reader.row("SELECT value FROM stored WHERE name = ?", (VERSION,))
    if found is None:  # on another engine, or before the first document
        found = next((tuple(row) for row in _asked.rows(name=VERSION)), ("",))
    return str(found[0])


def unpacked(whole: bytes | None) -> str:
    """The JSON of a whole document."""
    return zlib.decompress(whole).decode() if whole else "{}"


def service(viewer: Viewer, id: str) -> dict[str, Any] | None:
    """A service with everything nested in it (HSDS 3.0), without what is withheld, or None."""
    return services(viewer, [id]).get(id)


def services(viewer: Viewer, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Services by id, those of them that there are."""
    return _whole(viewer, "service", ids)


def organization(viewer: Viewer, id: str) -> dict[str, Any] | None:
    """An organization with what is nested in it but its services."""
    return _whole(viewer, "organization", [id]).get(id)


def _whole(viewer: Viewer, kind: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    found = {}
    rows = documents_seen_by(viewer).with_only_columns(Document.id, Document.whole)
    for some in portions(ids):
        for id, whole in db.session.execute(rows.where(Document.kind == kind, Document.id.in_(some))):
            found[id] = json.loads(unpacked(whole))
    return found


def service_ids(viewer: Viewer, after: str = "", most: int = 1000) -> list[str]:
    """Ids of services, in order, from the one after this."""
    seen = documents_seen_by(viewer).where(Document.kind == "service", Document.id > after)
    return list(db.session.scalars(seen.with_only_columns(Document.id).order_by(Document.id).limit(most)))


def services_of(viewer: Viewer, organization_id: str) -> list[dict[str, Any]]:
    """The services of an organization as lists show them, with their texts in the other language, in the
    order of their ids."""
    seen = documents_seen_by(viewer).where(
        Document.kind == "service", Document.organization_id == organization_id
    )
    rows = seen.with_only_columns(Document.listed, Document.whole).order_by(Document.id)
    found = []
    for listed, whole in db.session.execute(rows):
        texts = json.loads(unpacked(whole)).get("translations")
        found.append({**json.loads(listed), **({"translations": texts} if texts else {})})
    return found
