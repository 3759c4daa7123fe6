"""The published description of the HSDS interface (OpenAPI 3.1), written from what it really takes. Pure."""

from __future__ import annotations

from typing import Any

from community.directory.hsds.asking import FARTHEST, FILTERS, LAST_PAGE, LONGEST_SEARCH, MOST_A_PAGE, Filter
from community.directory.hsds.fields import SLOTS, UPWARD, Field, tables
from community.directory.hsds.profile import patches

VERSION = "3.0"
SINGLE = {
    "services": "service",
    "service_at_locations": "service_at_location",
    "organizations": "organization",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
_FORMATS = {"uuid": "uuid", "mail": "email", "address": "uri", "date": "date", "moment": "date-time"}
_FORMS: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "maxLength": LONGEST_SEARCH},
    "uuid": {"type": "string", "format": "uuid"},
    "whole": {"type": "integer", "minimum": 1},
    "truth": {"type": "boolean"},
    "moment": {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]},
    "format": {"type": "string", "enum": ["json", "ndjson"]},
    "postcode": {"type": "string", "pattern": r"^[A-Za-z]\d[A-Za-z]( ?\d[A-Za-z]\d)?$"},
    "metres": {"type": "integer", "minimum": 1, "maximum": FARTHEST},
}


def openapi(title: str, base: str) -> dict[str, Any]:
    """The description. :param base: the address of the interface, without a slash at its end."""
    paths: dict[str, Any] = {"/": {"get": _operation("about", "About this interface", [], _about())}}
    for many, kind in SINGLE.items():
        filters = [_parameter(one) for one in FILTERS[many]]
        paths[f"/{many}"] = {"get": _operation(f"list_{many}", f"Pages of {many}", filters, _page(kind))}
        one = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        more = [_parameter(extra) for extra in FILTERS.get(kind, ())]
        got = _operation(f"get_{kind}", f"One {kind} with what is nested in it", [one, *more], _ref(kind))
        got["responses"]["404"] = _answer("There is none.", _ref("problem"))
        paths[f"/{many}/{{id}}"] = {"get": got}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": "Open Referral HSDS 3.0, for reading."},
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _operation(name: str, summary: str, parameters: list[Any], schema: dict[str, Any]) -> dict[str, Any]:
    answers = {
        "200": _answer(summary, schema),
        "304": {"description": "Nothing changed since the ETag that was sent."},
        "400": _answer("A parameter is unknown or has no such value; it is named.", _ref("problem")),
        "429": _answer("Too many requests; Retry-After says how long to wait.", {"type": "object"}),
    }
    made = {"operationId": name, "summary": summary, "parameters": parameters, "responses": answers}
    if name.startswith("list_"):
        answers["200"]["content"]["application/x-ndjson"] = {"schema": {"type": "string"}}
    return made


def _answer(says: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": says, "content": {"application/json": {"schema": schema}}}


def _ref(kind: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{kind}"}


def _parameter(one: Filter) -> dict[str, Any]:
    schema = dict(_FORMS[one.form])
    if one.name == "per_page":
        schema["maximum"] = MOST_A_PAGE
    if one.name == "page":
        schema["maximum"] = LAST_PAGE
    return {"name": one.name, "in": "query", "required": False, "description": one.says, "schema": schema}


def _about() -> dict[str, Any]:
    names = {name: {"type": "string"} for name in ("version", "profile", "openapi_url")}
    return {"type": "object", "properties": names, "required": sorted(names)}


def _page(kind: str) -> dict[str, Any]:
    numbers = {name: {"type": "integer"} for name in ("total_items", "total_pages", "page_number", "size")}
    truths = {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    contents = {"contents": {"type": "array", "items": _ref(kind)}}
    found = {**numbers, **truths, **contents}
    return {"type": "object", "properties": found, "required": list(found)}


def _schemas() -> dict[str, Any]:
    made = {kind: _schema(kind) for kind in tables()}
    made["problem"] = {
        "type": "object",
        "properties": {
            "status": {"type": "integer"},
            "parameter": {"type": ["string", "null"]},
            "error": {"type": "string", "description": "In English."},
            "erreur": {"type": "string", "description": "En français."},
        },
        "required": ["status", "error", "erreur"],
    }
    return made


def _schema(kind: str) -> dict[str, Any]:
    table = tables()[kind]
    fields: dict[str, Any] = {name: _field(one) for name, one in table.fields.items()}
    for name, slot in SLOTS[kind].items():
        fields[name] = {"type": "array", "items": _ref(slot.kind)} if slot.many else _ref(slot.kind)
    for (holder, name), (other, many, _) in UPWARD.items():
        if holder == kind:
            fields[name] = {"type": "array", "items": _ref(other)} if many else _ref(other)
    fields |= patches().get(kind, {}).get("properties", {})
    return {"type": "object", "properties": fields, "required": list(table.required)}


def _field(one: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "number" if one.form == "number" else "string"}
    if one.form in _FORMATS:
        schema["format"] = _FORMATS[one.form]
    if one.choices:
        schema["enum"] = list(one.choices)
    return schema
