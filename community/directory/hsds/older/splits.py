"""What such sets hold in one cell and HSDS 3.0 keeps in tables of their own. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

IdIn = Callable[[str, str], str]  # the id of a thing: of a table, and its old id
More = list[tuple[str, dict[str, Any]]]


def split(id_in: IdIn, kind: str, stem: str, given: dict[str, Any]) -> More:
    """The rows, each with its kind, that cells of this one stand for; those cells are taken out of it."""
    found = _SPLIT.get((kind, stem))
    return found(id_in, given) if found else []


def _words(given: dict[str, Any], name: str) -> list[str]:
    return [word.strip() for word in str(given.pop(name, "")).split(",") if word.strip()]


def _of_service(id_in: IdIn, given: dict[str, Any]) -> More:
    """What a service of Ohana holds in one cell and HSDS keeps in tables."""
    own = given["id"]
    more: More = []
    if place := given.pop("location_id", ""):
        more.append(("service_at_location", {"service_id": own, "location_id": place}))
    for kind, name, field in (
        ("language", "languages", "name"),
        ("required_document", "required_documents", "document"),
        ("service_area", "service_areas", "name"),
        ("funding", "funding_sources", "source"),
    ):
        more += [(kind, {"service_id": own, field: word}) for word in _words(given, name)]
    for old in _words(given, "taxonomy_ids"):
        carried = {"link_id": own, "link_entity": "service", "taxonomy_term_id": id_in("taxonomy", old)}
        more.append(("attribute", carried))
    return _with_ids(id_in, own, more)


def _of_location(id_in: IdIn, given: dict[str, Any]) -> More:
    own = given["id"]
    more: More = [("language", {"location_id": own, "name": word}) for word in _words(given, "languages")]
    means = [
        ("accessibility", {"location_id": own, "description": word})
        for word in _words(given, "accessibility")
    ]
    return _with_ids(id_in, own, more + means)


def _of_organization(id_in: IdIn, given: dict[str, Any]) -> More:
    own = given["id"]
    words = _words(given, "funding_sources")
    return _with_ids(id_in, own, [("funding", {"organization_id": own, "source": word}) for word in words])


def _of_term(id_in: IdIn, given: dict[str, Any]) -> More:
    """The taxonomy that a term is of; one of its own for each vocabulary."""
    name = given.pop("vocabulary", "") or "Taxonomy"
    taxonomy = id_in("vocabularies", name)
    given |= {"taxonomy_id": taxonomy, "taxonomy": name}
    given.setdefault("description", given.get("name", ""))
    return [("taxonomy", {"id": taxonomy, "name": name, "description": name})]


def _with_ids(id_in: IdIn, own: str, more: More) -> More:
    return [
        (kind, {"id": id_in(kind, f"{own} {number} {sorted(data.items())}"), **data})
        for number, (kind, data) in enumerate(more)
    ]


_SPLIT: dict[tuple[str, str], Callable[[IdIn, dict[str, Any]], More]] = {
    ("service", "services"): _of_service,
    ("location", "locations"): _of_location,
    ("organization", "organizations"): _of_organization,
    ("taxonomy_term", "taxonomy"): _of_term,
}
