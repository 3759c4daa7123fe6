"""Whether objects are as the official schemas of HSDS ask, read from where an operator keeps them. Pure.

The schemas are not ours to hand on; they use a few words of JSON Schema only, and a word that is not known
here stops the check rather than let it pass silently.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from community.directory.hsds.checks import FORMS, is_number
from community.directory.hsds.rows import Broken

_FORMATS = {"uuid": "uuid", "email": "mail", "uri": "address", "date-time": "moment", "date": "date"}
# Words that say nothing about whether an object is right.
_SILENT = frozenset(
    {
        *("name", "path", "title", "description", "example", "core", "constraints", "datapackage_type"),
        *("datapackage_metadata", "tabular_required", "$schema", "$id", "type_format", "format", "enum"),
        *("type", "properties", "required", "items", "$ref"),
    }
)
_TYPES: dict[str, Any] = {
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


class Schemas:
    """The schemas of a folder: one JSON file a kind of object."""

    def __init__(self, folder: Path) -> None:
        """:raises Broken: the folder holds no schemas."""
        self._folder = folder
        self._read: dict[str, dict[str, Any]] = {}
        self._schema("service.json")

    def _schema(self, name: str) -> dict[str, Any]:
        if name not in self._read:
            try:
                found = json.loads((self._folder / Path(name).name).read_text("utf-8"))
            except (OSError, ValueError) as problem:
                raise Broken(f"{self._folder} holds no schema {name}: {problem}") from None
            _check_words(found)
            self._read[name] = found
        return self._read[name]

    def problems(self, kind: str, given: Any) -> list[str]:
        """What is wrong with a nested object: a JSON pointer and the reason, for each fault."""
        return list(self._look(self._schema(f"{kind}.json"), given, ""))

    def _look(self, schema: dict[str, Any], given: Any, where: str) -> Iterator[str]:
        if "$ref" in schema:
            yield from self._look(self._schema(schema["$ref"]), given, where)
            return
        kind = schema.get("type")
        if kind and not _TYPES[kind](given):
            yield f"{where or '/'} is no {kind}"
            return
        yield from _value(schema, given, where)
        if isinstance(given, dict) and "properties" in schema:
            for name in schema.get("required", ()):
                if name not in given:
                    yield f"{where}/{name} is missing"
            for name, one in schema["properties"].items():
                if name in given:
                    yield from self._look(one, given[name], f"{where}/{name}")
        if isinstance(given, list) and "items" in schema:
            for number, one in enumerate(given):
                yield from self._look(schema["items"], one, f"{where}/{number}")


def _check_words(schema: dict[str, Any]) -> None:
    """:raises Broken: a schema asks for something that is not looked at here."""
    if strange := [word for word in schema if word not in _SILENT]:
        raise Broken(f"the schemas use {strange[0]}, which is not known here")
    if schema.get("format") not in {*_FORMATS, None, "%Y"}:
        raise Broken(f"the schemas use the format {schema['format']}, which is not known here")
    for one in schema.get("properties", {}).values():
        _check_words(one)
    if "items" in schema:
        _check_words(schema["items"])


def _value(schema: dict[str, Any], given: Any, where: str) -> Iterator[str]:
    if "enum" in schema and given not in schema["enum"]:
        yield f"{where} is not one of {schema['enum']}"
    form = _FORMATS.get(schema.get("format", ""))
    if form is not None:
        right, reason = FORMS[form]
        if not right(given):
            yield f"{where} {reason}"
