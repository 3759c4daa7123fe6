"""What the HSDS interface gives: lists, page by page or whole, and single objects, as JSON texts."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select

from community.accounts.viewer import Viewer
from community.core.db import db
from community.core.folding import fold
from community.core.store import settings
from community.directory.finding.places import areas
from community.directory.hsds.asking import Asked
from community.directory.models import Document, DocumentTerm, Link, Record
from community.directory.permissions import documents_seen_by, terms_seen_by
from community.directory.queries.documents import services_of, unpacked
from community.directory.queries.graph import Graph, portions

KINDS = {
    "services": "service",
    "service_at_locations": "service_at_location",
    "organizations": "organization",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
_METRES = 111_195.0  # of a degree of latitude
_SAYS = ("name", "code", "description")  # where words of terms are looked for
_STREAMED = 200  # objects read at once when all are asked for


def _rows(viewer: Viewer, of: str, asked: Asked) -> Select[Any]:
    """Ids of what was asked for, in the order of lists."""
    if of in {"taxonomies", "taxonomy_terms"}:
        return _terms(viewer, KINDS[of], asked)
    rows = documents_seen_by(viewer).where(Document.kind == KINDS[of])
    for word in fold(asked.get("search", "")).split():
        rows = rows.where(_has(word))
    if asked.get("organization_id"):
        rows = rows.where(Document.organization_id == asked.get("organization_id"))
    if asked.get("modified_after"):
        rows = rows.where(Document.changed_at >= asked.get("modified_after"))
    for name, column in (
        ("taxonomy_term_id", DocumentTerm.term_id),
        ("taxonomy_id", DocumentTerm.taxonomy_id),
    ):
        if asked.get(name):
            carriers = select(DocumentTerm.service_id).where(column == asked.get(name))
            # Of a service its own id says the same, and stands in the index of lists.
            of_service = Document.id if of == "services" else Document.service_id
            rows = rows.where(of_service.in_(carriers))
    if asked.get("postcode") or asked.get("proximity"):
        rows = rows.where(*_near(asked))
    return rows.with_only_columns(Document.id)


def _has(word: str) -> ColumnElement[bool]:
    """Both are folded. To look for a pattern takes SQLite twice as long as for the word itself."""
    if settings().sqlite:
        return func.instr(Document.words, word) > 0
    return Document.words.contains(word, autoescape=True)


def _near(asked: Asked) -> Sequence[ColumnElement[bool]]:
    """In the area of the postal code, or so near to the middle of it.

    A place whose address is withheld has neither and is never found. Near no postal code there is nothing: a
    description cannot say that one parameter needs another, so it is no error to leave it out.
    """
    code = asked.get("postcode", "")[:3]
    if not asked.get("proximity"):
        return (Document.postal_code.startswith(code),)
    middle = areas().get(code)
    if middle is None or middle.latitude is None or middle.longitude is None:
        return (false(),)
    # On a plane that touches the Earth there: right to a hundredth within some hundred kilometres.
    north = (Document.latitude - middle.latitude) * _METRES
    east = (Document.longitude - middle.longitude) * (_METRES * math.cos(math.radians(middle.latitude)))
    return (north * north + east * east <= float(asked.get("proximity")) ** 2,)


def _terms(viewer: Viewer, kind: str, asked: Asked) -> Select[Any]:
    rows = terms_seen_by(viewer).where(Record.kind == kind)
    if asked.get("parent_id"):
        rows = rows.where(Record.parent_id == asked.get("parent_id"))
    if asked.get("top_only"):
        rows = rows.where(Record.parent_id.is_(None))
    if asked.get("taxonomy_id"):
        of_it = (Link.slot == "taxonomy_detail", Link.child_id == asked.get("taxonomy_id"))
        rows = rows.where(Record.id.in_(select(Link.parent_id).where(Link.parent_kind == kind, *of_it)))
    return rows.with_only_columns(Record.id)


def _saying(of: str, asked: Asked, ids: Sequence[str]) -> list[str]:
    """Those of these that say every word that is looked for. Of documents the database has seen to it."""
    words = fold(asked.get("search", "")).split()
    if not words or of not in {"taxonomies", "taxonomy_terms"}:
        return list(ids)
    found = []
    for some in portions(ids):
        rows = select(Record.id, Record.data).where(Record.kind == KINDS[of], Record.id.in_(some))
        said = {id: _said(json.loads(data)) for id, data in db.session.execute(rows)}
        found += [id for id in some if all(word in said[id] for word in words)]
    return found


def _said(term: dict[str, Any]) -> str:
    """The words of a taxonomy or a term in every language it has, folded."""
    given = term.get("translations")
    others = given.values() if isinstance(given, dict) else ()
    texts = [term.get(name) for name in _SAYS]
    for fields in others:
        said = [fields.get(name) for name in _SAYS] if isinstance(fields, dict) else []
        texts += [one.get("text") if isinstance(one, dict) else one for one in said]
    return fold("\n".join(one for one in texts if isinstance(one, str)))


def page(viewer: Viewer, of: str, asked: Asked) -> tuple[int, list[str]]:
    """How many there are of what was asked for, and the objects of one page, each as JSON."""
    rows = _rows(viewer, of, asked)
    column, start = rows.selected_columns[0], (asked.page - 1) * asked.per_page
    if asked.get("search"):  # every text is looked at: once, not for the number and again for the page
        ids = _saying(of, asked, sorted(db.session.scalars(rows)))
        return len(ids), _written(viewer, of, asked, ids[start : start + asked.per_page])
    total = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    if start >= total:
        return total, []
    some = rows.order_by(column).limit(asked.per_page).offset(start)
    return total, _written(viewer, of, asked, list(db.session.scalars(some)))


def after(viewer: Viewer, of: str, asked: Asked, last: str) -> tuple[str, list[str]]:
    """Some of all that was asked for, after this id, and the id of the last of them: "" at the end."""
    rows = _rows(viewer, of, asked)
    column = rows.selected_columns[0]
    ids = list(db.session.scalars(rows.where(column > last).order_by(column).limit(_STREAMED)))
    return (ids[-1] if ids else ""), _written(viewer, of, asked, _saying(of, asked, ids))


def _written(viewer: Viewer, of: str, asked: Asked, ids: list[str]) -> list[str]:
    """These objects in their order, in the shape that was asked for."""
    if of in {"taxonomies", "taxonomy_terms"}:
        return terms(viewer, KINDS[of], ids)
    if asked.get("full") or asked.get("full_service"):
        found = (whole(viewer, KINDS[of], id, full_service=bool(asked.get("full_service"))) for id in ids)
        return [one for one in found if one is not None]
    seen = documents_seen_by(viewer).where(Document.kind == KINDS[of], Document.id.in_(ids))
    rows = db.session.execute(seen.with_only_columns(Document.id, Document.listed, Document.changed_at))
    shape = _minimal if asked.get("minimal") else _listed
    shaped = {row[0]: shape(row) for row in rows}
    return [shaped[id] for id in ids if id in shaped]


def _listed(row: Any) -> str:
    return str(row[1])


def _minimal(row: Any) -> str:
    """What identifies a service and when it changed; its name and status, without which none is valid."""
    listed = json.loads(row[1])
    day = row[2].isoformat()
    return _dump({"id": row[0], "name": listed["name"], "status": listed["status"], "modified_date": day})


def terms(viewer: Viewer, kind: str, ids: list[str]) -> list[str]:
    """Taxonomies or terms of them; a term with its taxonomy."""
    seen = terms_seen_by(viewer).where(Record.kind == kind, Record.id.in_(ids)).with_only_columns(Record.id)
    graph = Graph()
    graph.load([(kind, id) for id in db.session.scalars(seen)])
    return [_dump(graph.nested((kind, id))) for id in ids if (kind, id) in graph.records]


def whole(viewer: Viewer, kind: str, id: str, *, full_service: bool = False) -> str | None:
    """One object with everything nested in it, as JSON; None where the viewer sees none."""
    row = db.session.execute(
        documents_seen_by(viewer)
        .where(Document.kind == kind, Document.id == id)
        .with_only_columns(Document.whole, Document.service_id)
    ).first()
    if row is None:
        return None
    if kind == "service":
        return unpacked(row[0])
    if kind == "service_at_location":
        return _at_location(viewer, id, row[1] or "")
    made = json.loads(unpacked(row[0]))
    services = services_of(viewer, id)
    if services:
        made["services"] = [_of_organization(viewer, one, full=full_service) for one in services]
    return _dump(made)


def _of_organization(viewer: Viewer, listed: dict[str, Any], *, full: bool) -> dict[str, Any]:
    found = whole(viewer, "service", listed["id"]) if full else None
    service: dict[str, Any] = json.loads(found) if found else listed
    return {name: value for name, value in service.items() if name != "organization"}


def _at_location(viewer: Viewer, id: str, service_id: str) -> str | None:
    """A service at one of its locations: the service within the place, not the place within the service."""
    found = whole(viewer, "service", service_id)
    if found is None:
        return None
    service = json.loads(found)
    places = service.pop("service_at_locations", [])
    place = next((one for one in places if one["id"] == id), None)
    return None if place is None else _dump({**place, "service": service})


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
