"""The one place where an address is cut that nobody may learn. Pure.

A shelter may be found by its public front door and its phone, never by its address: whoever looks for the
person who lives there reads the same pages, files and answers as everybody. Documents for readers and
exports for others are made of records that went through a :class:`Curtain`; only those who keep the records
see them without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from community.directory import repeated_addresses as repeated

FLAG = "address_withheld"
_OPEN = frozenset({"", "false", "no", "non", "0", "faux"})
# What may be known of such a place. Anything else might say where it is.
_KEPT = frozenset(
    {
        "id",
        "location_type",
        "organization_id",
        "name",
        "texts_in",
        "texts_as_of",
        "time_zone",
        "front_door",
        FLAG,
    }
)
_YES_OR_NO = frozenset({"", "true", "false"})
_TOLD = frozenset(
    {
        *("id", "resource_id", "resource_type", "last_action_date", "last_action_type"),
        *("field_name", "previous_value", "replacement_value", "updated_by"),
    }
)
_KEPT_TEXTS = frozenset({"name", "front_door"})
_ADDRESS = ("address_1", "address_2", "postal_code")
Key = tuple[str, str]  # (kind, id)
_SHORTEST = 4  # letters and digits of a secret: less would cut words by chance
CUT = "[…]"


def is_withheld(data: dict[str, Any]) -> bool:
    """Whether a location asks that its address be withheld; any word but a plain no counts as yes."""
    said = data.get(FLAG)
    return said is not None and str(said).strip().lower() not in _OPEN


@dataclass
class Curtain:
    """What stands between the records and everybody who does not keep them."""

    locations: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    # What the history tells of such a place, also where it does not name it.
    histories: set[str] = field(default_factory=set)
    # What lies in such a place: of it, the street alone would tell too much.
    inside: set[Key] = field(default_factory=set)
    _secrets: set[str] = field(default_factory=set)  # patterns
    _streets: set[str] = field(default_factory=set)  # patterns
    _made: dict[bool, re.Pattern[str]] = field(default_factory=dict)

    def hide_location(self, data: dict[str, Any]) -> None:
        """Withhold this location."""
        self.locations.add(data["id"])
        for name in ("latitude", "longitude"):
            if len(str(data.get(name) or "").strip("-")) > 5:
                self._keep_secret(str(data[name]))
        self._keep_secret(str(data.get("external_identifier") or ""))

    def hide_address(self, data: dict[str, Any]) -> None:
        """Withhold an address of such a location, also where a text repeats it."""
        self.addresses.add(data["id"])
        for name in _ADDRESS:
            self._keep_secret(str(data.get(name) or ""))
        street, flat = str(data.get("address_1") or ""), str(data.get("address_2") or "")
        ways = (repeated.shortened(street), repeated.street_called(street), repeated.unit(flat))
        self._secrets |= {one for one in ways if one}
        self._streets |= {one for one in (repeated.street_alone(street),) if one}
        self._made.clear()

    def _keep_secret(self, words: str) -> None:
        if sum(character.isalnum() for character in words) >= _SHORTEST:
            self._secrets.add(repeated.as_it_is(words))
            self._made.clear()

    def __bool__(self) -> bool:
        return bool(self.locations)

    def public(self, kind: str, data: dict[str, Any]) -> dict[str, Any] | None:
        """An object as everybody may have it; None when nobody may."""
        if not self.locations:
            return data
        if kind == "address" and (data["id"] in self.addresses or data.get("location_id") in self.locations):
            return None
        if kind == "metadata" and (data["id"] in self.histories or self._tells_of_it(data)):
            return told_of_flag(data) if data.get("resource_id") in self.locations else None
        if kind == "address":
            return data  # of another place, which may be next door
        if kind == "location" and data["id"] in self.locations:
            data = _little(data)
        within = (kind, data["id"]) in self.inside or data.get("location_id") in self.locations
        return self._without_secrets(data, streets=within)

    def cuts(self, words: str) -> bool:
        """Whether a text repeats something that is withheld."""
        return bool(self._without_secrets({"id": "", "words": words})["words"] != words)

    def shows(self, parent_kind: str, parent_id: str, slot: str) -> bool:
        """Whether what lies in this place of an object may be shown."""
        hidden = parent_kind == "location" and parent_id in self.locations
        return not (hidden and slot in {"addresses", "contacts"})

    def _tells_of_it(self, data: dict[str, Any]) -> bool:
        return data.get("resource_id") in self.locations | self.addresses

    def _without_secrets(self, data: dict[str, Any], *, streets: bool = False) -> dict[str, Any]:
        secrets = self._secrets | self._streets if streets else self._secrets
        if not secrets:
            return data
        if streets not in self._made:
            self._made[streets] = repeated.pattern(secrets)
        found = {name: _scrubbed(value, self._made[streets]) for name, value in data.items()}
        found["id"] = data["id"]
        return found


def told_of_flag(data: dict[str, Any]) -> dict[str, Any] | None:
    """Of the history of a withheld place no more than that its address was withheld; None for all else."""
    said = {str(data.get(name) or "").lower() for name in ("previous_value", "replacement_value")}
    if data.get("field_name") != FLAG or not said <= _YES_OR_NO:
        return None
    return {name: value for name, value in data.items() if name in _TOLD}


def _little(data: dict[str, Any]) -> dict[str, Any]:
    """What may be known of a withheld location."""
    little = {name: value for name, value in data.items() if name in _KEPT}
    little[FLAG] = True
    given = data.get("translations")
    if isinstance(given, dict):
        little["translations"] = {
            lang: {name: words for name, words in fields.items() if name in _KEPT_TEXTS}
            for lang, fields in given.items()
            if isinstance(fields, dict)
        }
    return little


def _scrubbed(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(CUT, value)
    if isinstance(value, list):
        return [_scrubbed(one, pattern) for one in value]
    if isinstance(value, dict):
        return {name: _scrubbed(one, pattern) for name, one in value.items()}
    return value
