"""Writing up what readers are given: a document for each service, organization and service at a location."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, tuple_, update

from community.core import clock
from community.core.announce import announce
from community.core.db import db
from community.core.folding import fold
from community.directory.hsds import profile
from community.directory.models import Correction, Document, DocumentTerm, Link, Stale
from community.directory.queries.graph import Graph, Key, parents_of, places_of, portions
from community.directory.services.runs import mark, new_version
from community.directory.signals import services_written

STEP = 200  # stale records of one go, and services of one announcement
_LEVEL = 1
_WORDS = ("name", "alternate_name", "description", "eligibility_description", "application_process")


def write_up(most: int = STEP) -> int:
    """See to some records that changed, in the open transaction. Returns how many: 0 when all are.

    First what others are made of leads to the organizations and services that show it; then
    organizations are written, then services: each once, however much of it changed.
    """
    if db.session.scalar(select(Stale.id).limit(1)) is None:
        return 0
    new_version()  # first: whoever withholds an address now waits for us, or we for them
    return _lead_up(most * 10) or _organizations(most) or _services(most)


def write_one(key: Key) -> None:
    """Write up one service or organization now, for whoever just changed it; the job sees to the rest."""
    new_version()
    _write_some([key])


def _taken(which: ColumnElement[bool], most: int) -> list[Key]:
    """Some stale records, taken off the list."""
    rows = select(Stale.kind, Stale.id).where(which).limit(most).with_for_update(skip_locked=True)
    gone = delete(Stale).where(tuple_(Stale.kind, Stale.id).in_(rows)).returning(Stale.kind, Stale.id)
    return [(kind, id) for kind, id in db.session.execute(gone)]


def _lead_up(most: int) -> int:
    keys = _taken(Stale.kind.not_in(("service", "organization")), most)
    if keys:
        mark({key for key in parents_of(keys) if key[0] in {"service", "organization"}})
        _forget_orphans(sorted(id for kind, id in keys if kind == "service_at_location"))
    return len(keys)


def _organizations(most: int) -> int:
    keys = _taken(Stale.kind == "organization", most)
    if keys:
        mark({key for key in parents_of(keys) if key[0] == "service"})
        _write_some(keys)
    return len(keys)


def _services(most: int) -> int:
    keys = _taken(Stale.kind == "service", most)
    if keys:
        _write_some(keys)
    return len(keys)


def _write_some(keys: list[Key]) -> None:
    graph = Graph()
    # An organization may name an address in its words that only a service of it is at.
    places = places_of(id for kind, id in keys if kind == "organization")
    graph.load([*keys, *places])
    if len(keys) > 1 and graph.holds_withheld():
        # Each of these alone: what one hides must not cut words of another.
        alone = [key for key in keys if places or graph.holds_withheld(key)]
        for key in alone:
            _write_some([key])
        keys = [key for key in keys if key not in alone]
        if not keys:
            return
    else:
        graph.draw_curtain()
    moment = clock.now()
    made: list[dict[str, Any]] = []
    terms: list[dict[str, Any]] = []
    for key in keys:
        if key not in graph.records:
            continue
        if key[0] == "service":
            made += _of_service(graph, key, moment)
            terms += _terms(graph, key)
        else:
            made.append(_of_organization(graph, key, moment))
    _replace(keys, made, terms)
    if ids := [id for kind, id in keys if kind == "service"]:
        _take_corrections_along(ids)
        announce(services_written, service_ids=ids)


def _take_corrections_along(ids: list[str]) -> None:
    """What waits about a service is for those who keep the organization that gives it now."""
    gives = (
        select(Document.organization_id)
        .where(Document.kind == "service", Document.id == Correction.service_id)
        .scalar_subquery()
    )
    for some in portions(ids):
        waiting = (
            Correction.service_id.in_(some),
            Correction.state == "waiting",
            Correction.organization_id != gives,
        )
        moved = update(Correction).where(*waiting).values(organization_id=gives)
        db.session.execute(moved.execution_options(synchronize_session=False))


def _replace(keys: list[Key], made: list[dict[str, Any]], terms: list[dict[str, Any]]) -> None:
    """Put these in the place of what was written of them before; what did not change keeps its date."""
    ids = [id for _, id in keys]
    before = _before(keys)
    for row in made:
        digest, changed_at = before.get((row["kind"], row["id"]), ("", row["changed_at"]))
        row["changed_at"] = changed_at if digest == row["digest"] else row["changed_at"]
    for some in portions(ids):
        db.session.execute(delete(Document).where(Document.id.in_(some), Document.kind == keys[0][0]))
        if keys[0][0] == "service":
            at_locations = Document.kind == "service_at_location"
            db.session.execute(delete(Document).where(Document.service_id.in_(some), at_locations))
            db.session.execute(delete(DocumentTerm).where(DocumentTerm.service_id.in_(some)))
    if made := _each_once(made):
        db.session.execute(Document.__table__.insert(), made)  # type: ignore[attr-defined]
    if terms:
        db.session.execute(DocumentTerm.__table__.insert(), terms)  # type: ignore[attr-defined]


def _each_once(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what stands there of another service: a file may put one place into two of them."""
    found = {(row["kind"], row["id"]): row for row in reversed(made)}
    for some in portions(id for kind, id in found if kind == "service_at_location"):
        there = select(Document.id).where(Document.kind == "service_at_location", Document.id.in_(some))
        for id in db.session.scalars(there):
            del found[("service_at_location", id)]
    return list(found.values())


def _before(keys: list[Key]) -> dict[Key, tuple[str, datetime]]:
    found: dict[Key, tuple[str, datetime]] = {}
    columns = (Document.kind, Document.id, Document.digest, Document.changed_at)
    for some in portions([id for _, id in keys]):
        mine = Document.id.in_(some) if keys[0][0] == "organization" else Document.service_id.in_(some)
        for kind, id, digest, changed_at in db.session.execute(select(*columns).where(mine)):
            found[(kind, id)] = (digest, changed_at)
    return found


def _of_service(graph: Graph, key: Key, moment: datetime) -> list[dict[str, Any]]:
    whole = graph.nested(key)
    listed = listed_service(graph, key)
    organization = graph.one(key, "organization")
    row = {
        "state": _state(graph, [key, organization]),
        "organization_id": organization[1] if organization else None,
        "service_id": key[1],
        "words": _words(graph, key, organization),
    }
    rows = [_document(key, {**row, "listed": _dump(listed), "whole": _dump(whole)}, moment)]
    for at in graph.children(key, "service_at_locations"):
        rows.append(_document(at, {**row, **_at_location(graph, at, listed)}, moment))
    return rows


def listed_service(graph: Graph, key: Key) -> dict[str, Any]:
    """A service as lists show it: its own values, its organization's and its program's."""
    listed = graph.plain(key)
    for slot in ("organization", "program"):
        if (one := graph.one(key, slot)) is not None:
            listed[slot] = graph.plain(one)
    return listed


def _at_location(graph: Graph, key: Key, service: dict[str, Any]) -> dict[str, Any]:
    listed = graph.plain(key)
    location = graph.one(key, "location")
    found: dict[str, Any] = {}
    if location is not None:
        listed["location"] = graph.plain(location)
        found = _place(graph, location)
        found["state"] = _state(graph, [key, location, ("service", service["id"])])
    listed["service"] = service
    return {**found, "listed": _dump(listed), "whole": None}


def _place(graph: Graph, location: Key) -> dict[str, Any]:
    """Where it is, as far as that may be known: what is withheld was cut before."""
    data = graph.records[location]
    codes = [graph.records[one].get("postal_code") for one in graph.children(location, "addresses")]
    code = next((str(one) for one in codes if one), "")
    return {
        "latitude": _degrees(data.get("latitude")),
        "longitude": _degrees(data.get("longitude")),
        "postal_code": "".join(code.split()).upper()[:12] or None,
    }


def _degrees(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and abs(value) <= 180 else None


def _of_organization(graph: Graph, key: Key, moment: datetime) -> dict[str, Any]:
    row = {
        "state": _state(graph, [key]),
        "organization_id": key[1],
        "service_id": None,
        "words": _words(graph, key, None),
        "listed": _dump(graph.plain(key)),
        "whole": _dump(graph.nested(key)),
    }
    return _document(key, row, moment)


def _document(key: Key, given: dict[str, Any], moment: datetime) -> dict[str, Any]:
    whole = given.get("whole")
    told = "\n".join((given["state"], given["listed"], whole or ""))
    return {
        "latitude": None,
        "longitude": None,
        "postal_code": None,
        **given,
        "kind": key[0],
        "id": key[1],
        "whole": zlib.compress(whole.encode(), _LEVEL) if whole else None,
        "digest": hashlib.sha256(told.encode()).hexdigest()[:32],
        "changed_at": moment,
    }


def _state(graph: Graph, keys: Iterable[Key | None]) -> str:
    """The least public of them decides."""
    states = {graph.states.get(key, "public") for key in keys if key is not None}
    return next((state for state in ("hidden", "draft") if state in states), "public")


def _words(graph: Graph, key: Key, organization: Key | None) -> str:
    found = [*_texts(graph.records[key])]
    if organization is not None:
        found += _texts(graph.records[organization], ("name", "alternate_name"))
    return fold(" ".join(found))


def _texts(data: dict[str, Any], names: tuple[str, ...] = _WORDS) -> Iterable[str]:
    for name in names:
        if isinstance(words := data.get(name), str):
            yield words
    given = data.get("translations")
    for fields in given.values() if isinstance(given, dict) else ():
        for name in names:
            said = fields.get(name) if isinstance(fields, dict) else None
            words = said.get("text") if isinstance(said, dict) else said
            if isinstance(words, str):
                yield words


def _terms(graph: Graph, key: Key) -> list[dict[str, Any]]:
    offered = graph.records[key].get("offered")
    words = (profile.find(str(code)) for code in (offered if isinstance(offered, list) else ()))
    found: dict[str, str | None] = {term.id: profile.TAXONOMY_ID for term in words if term is not None}
    for attribute in graph.children(key, "attributes"):
        term = graph.one(attribute, "taxonomy_term")
        if term is not None:
            taxonomy = graph.one(term, "taxonomy_detail")
            found[term[1]] = (
                taxonomy[1] if taxonomy else str(graph.records[term].get("taxonomy_id") or "").lower() or None
            )
    return [
        {"service_id": key[1], "term_id": term, "taxonomy_id": taxonomy} for term, taxonomy in found.items()
    ]


def _forget_orphans(ids: list[str]) -> None:
    """Services at locations that no service holds any more are given to nobody."""
    for some in portions(ids):
        held = select(Link.child_id).where(Link.child_id.in_(some), Link.slot == "service_at_locations")
        lost = set(some) - set(db.session.scalars(held))
        db.session.execute(
            delete(Document).where(Document.kind == "service_at_location", Document.id.in_(lost))
        )


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
