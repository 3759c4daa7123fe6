"""Names of services and organizations in both languages, from what everybody may read of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from community.accounts.viewer import Viewer
from community.core.db import db
from community.directory.hsds import profile
from community.directory.hsds.profile import Text
from community.directory.models import Document
from community.directory.permissions import documents_seen_by
from community.directory.queries.documents import unpacked
from community.directory.queries.graph import portions

LANGUAGES = ("en", "fr")


def names(viewer: Viewer, kind: str, ids: Iterable[str]) -> dict[str, dict[str, Text]]:
    """The names of these, by id and language, of those that the viewer sees.

    :param kind: "service" or "organization".
    """
    rows = documents_seen_by(viewer).with_only_columns(Document.id, Document.whole)
    found = {}
    for some in portions(sorted(set(ids))):
        for id, whole in db.session.execute(rows.where(Document.kind == kind, Document.id.in_(some))):
            found[id] = _both(json.loads(unpacked(whole)))
    return found


def of_services(viewer: Viewer, organization_id: str) -> dict[str, dict[str, Text]]:
    """The names of an organization's services, by id and language."""
    rows = documents_seen_by(viewer).with_only_columns(Document.id, Document.whole)
    mine = rows.where(Document.kind == "service", Document.organization_id == organization_id)
    return {
        id: _both(json.loads(unpacked(whole))) for id, whole in db.session.execute(mine.order_by(Document.id))
    }


def _both(document: Mapping[str, object]) -> dict[str, Text]:
    return {lang: profile.text(dict(document), "name", lang) for lang in LANGUAGES}
