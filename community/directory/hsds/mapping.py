"""JSON of another shape, read by a file that says which field is which (``mappings/*.toml``). Pure.

A mapping names, for a service and for what hangs on it, where each field of HSDS comes from. What it does not
name is kept in the service as it is: nothing that was given is lost.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from community.directory.hsds import checks, streams
from community.directory.hsds.rows import Broken, Report, Row
from community.directory.hsds.shapes import rows_of

_ADDRESS = re.compile(r"(.+),\s*([^,]+),\s*([A-Z]{2})\s+([A-Z]\d[A-Z] ?\d[A-Z]\d)")
_DAYS = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}


def load(named: str) -> dict[str, Any]:
    """A mapping by its path, or by the name of one that comes along. :raises Broken: it is none."""
    path = Path(named)
    try:
        if path.suffix == ".toml":
            return tomllib.loads(path.read_text("utf-8"))
        ours = resources.files("community.directory").joinpath(f"hsds/mappings/{named}.toml")
        return tomllib.loads(ours.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Broken(f"the mapping {named} cannot be read: {problem}") from None


def rows(path: Path, mapping: dict[str, Any], source: str, report: Report) -> Iterator[Row]:
    """The rows of a list of such records. :raises Broken: the file cannot be read (on)."""
    with path.open(encoding="utf-8-sig") as file:
        try:
            for number, given in enumerate(streams.items(streams.Text(file))):
                if not isinstance(given, dict):
                    why = str(given) if isinstance(given, streams.Unheld) else "is not an object"
                    report.refuse("services", f"/{number}", "", why)
                    continue
                yield from rows_of("service", nested(given, mapping, source), f"/{number}", report)
        except UnicodeDecodeError:
            raise Broken(f"{path.name} is not UTF-8, as JSON must be") from None


def nested(given: dict[str, Any], mapping: dict[str, Any], source: str) -> dict[str, Any]:
    """A record of the other shape as a service of HSDS 3.0."""
    return _Record(given, mapping, source).service()


class _Record:
    """One record while it is turned."""

    def __init__(self, given: dict[str, Any], mapping: dict[str, Any], source: str) -> None:
        self._given = given
        self._mapping = mapping
        self._source = source
        self._own = f"{source}/{given.get('id', '')}"
        self._named: set[str] = set(mapping.get("left_out", ()))

    def _id(self, what: str) -> str:
        return str(uuid5(NAMESPACE_URL, f"{self._own}/{what}"))

    def _of(self, path: str) -> Any:
        """What stands at a place of the record ("provenance.verified_at")."""
        self._named.add(path.partition(".")[0])
        at: Any = self._given
        for name in path.split("."):
            at = at.get(name) if isinstance(at, dict) else None
        return at

    def _fields(self, table: dict[str, str]) -> dict[str, Any]:
        found = {name: self._of(path) for name, path in table.items()}
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def service(self) -> dict[str, Any]:
        """The service, with what hangs on it, and with all that the mapping does not name."""
        made = {"id": self._id("service"), **self._fields(self._mapping.get("service", {}))}
        made |= self._words()
        made |= self._translations()
        made |= self._hung()
        self._put_right(made)
        named = self._named | {"id"}
        rest = {name: value for name, value in self._given.items() if name not in named}
        made |= {(f"given_{name}" if name in made else name): value for name, value in rest.items()}
        made["given_id"] = self._given.get("id", "")
        return made

    def _words(self) -> dict[str, Any]:
        """Fields whose words are other ones in HSDS."""
        made = {}
        for name, rule in self._mapping.get("words", {}).items():
            said = str(self._of(rule["from"]) or "").strip()
            made[name] = rule.get("are", {}).get(said.lower(), rule["otherwise"])
        return made

    def _translations(self) -> dict[str, Any]:
        found = {}
        for lang, table in self._mapping.get("translations", {}).items():
            said = self._fields(table).items()
            texts = {name: {"text": text} for name, text in said if isinstance(text, str)}
            if texts:
                found[lang] = texts
        return {"translations": found, "texts_in": self._mapping.get("texts_in", "en")} if found else {}

    def _put_right(self, made: dict[str, Any]) -> None:
        """What is no address or day stays, under a name that says so; a moment is cut to its day."""
        for name, right in (("url", checks.is_address), ("email", checks.is_mail)):
            if name in made and not right(made[name]):
                made[f"{name}_as_given"] = made.pop(name)
        if checks.is_day(str(made.get("assured_date", ""))[:10]):
            made["assured_date"] = made["assured_date"][:10]
        else:
            made.pop("assured_date", None)

    def _hung(self) -> dict[str, Any]:
        """Phones, languages, schedules, and the place."""
        said = (self._of(path) for path in self._mapping.get("phones", ()))
        phones = enumerate(number for number in said if number)
        made: dict[str, Any] = {
            "phones": [{"id": self._id(f"phone {n}"), "number": number} for n, number in phones],
            "languages": self._many("languages", "name"),
            "required_documents": self._many("required_documents", "document"),
            "schedules": list(self._schedules()),
        }
        made |= self._terms(list(self._mapping.get("terms", ())))
        made = {name: value for name, value in made.items() if value}
        place = self._place()
        if place:
            made["service_at_locations"] = [{"id": self._id("at"), "location": place}]
        return made

    def _terms(self, rules: list[dict[str, Any]]) -> dict[str, Any]:
        """Words of its own lists as terms of a taxonomy, and as words of the profile where they are such."""
        attributes, offered = [], []
        for rule in rules:
            for word in dict.fromkeys(_words_at(self._given, rule["from"].split("."))):
                attributes.append(self._attribute(rule, word))
                offered += [rule["are"][word]] if word in rule.get("are", {}) else []
        return {"attributes": attributes, "offered": list(dict.fromkeys(offered))}

    def _attribute(self, rule: dict[str, Any], word: str) -> dict[str, Any]:
        taxonomy = rule["taxonomy"]
        id = str(uuid5(NAMESPACE_URL, f"{self._source}/term/{taxonomy}/{word}"))
        term = {"id": id, "name": word, "description": f"{taxonomy}: {word}", "taxonomy": taxonomy}
        if french := rule.get("fr", {}).get(word):
            term |= {"texts_in": "en", "translations": {"fr": {"name": {"text": french}}}}
        made = {
            "id": self._id(f"term/{taxonomy}/{word}"),
            "link_id": self._id("service"),
            "taxonomy_term": term,
        }
        return {**made, "link_entity": "service", "taxonomy_term_id": id}

    def _many(self, slot: str, field: str) -> list[dict[str, Any]]:
        path = self._mapping.get(slot)
        said = self._of(path) if path else None
        words = said if isinstance(said, list) else [said]
        return [
            {"id": self._id(f"{slot} {number}"), field: word}
            for number, word in enumerate(words)
            if isinstance(word, str) and word
        ]

    def _schedules(self) -> Iterator[dict[str, Any]]:
        hours = self._of(self._mapping.get("hours", "hours"))
        words = self._of(self._mapping.get("hours_in_words", "hours_text"))
        for name, short in _DAYS.items():
            day = hours.get(name) if isinstance(hours, dict) else None
            if isinstance(day, dict) and checks.is_time(day.get("open")) and checks.is_time(day.get("close")):
                times = {"opens_at": day["open"], "closes_at": day["close"]}
                yield {"id": self._id(f"hours {short}"), "freq": "WEEKLY", "byday": short, **times}
        notes = hours.get("notes") if isinstance(hours, dict) else None
        if said := " ".join(str(one) for one in (words, notes) if one):
            yield {"id": self._id("hours in words"), "description": said}

    def _place(self) -> dict[str, Any]:
        rule = self._mapping.get("place", {})
        written = self._of(rule.get("address", "address"))
        virtual = not written or str(written).lower().startswith(tuple(rule.get("virtual", ())))
        kind = "virtual" if virtual else "physical"
        made: dict[str, Any] = {"id": self._id("place"), "location_type": kind}
        for name in ("latitude", "longitude"):
            if checks.is_number(value := self._of(rule.get(name, name))):
                made[name] = value
        if written:
            parts = _parts(str(written), rule.get("country", ""))
            made["addresses"] = [{"id": self._id("address"), **parts, "address_type": kind}]
        return made


def _words_at(given: Any, path: list[str]) -> Iterator[str]:
    """The words that stand at a place of a record, through its lists."""
    if isinstance(given, list):
        for one in given:
            yield from _words_at(one, path)
    elif path and isinstance(given, dict):
        yield from _words_at(given.get(path[0]), path[1:])
    elif not path and isinstance(given, str) and given.strip():
        yield given.strip()


def _parts(line: str, country: str) -> dict[str, str]:
    """The parts of a Canadian address in one line; of another one nobody said which part is the city."""
    found = _ADDRESS.fullmatch(line.strip())
    street, city, province, code = found.groups() if found else (line, "", "", "")
    return {
        "address_1": street,
        "city": city,
        "state_province": province,
        "postal_code": code,
        "country": country,
    }
