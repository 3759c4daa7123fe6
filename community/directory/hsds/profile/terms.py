"""The words of the profile, in both languages, and as records of HSDS. Pure."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any
from uuid import UUID, uuid5

# The name space of this profile; drawn once, never changed, or every id of a term would change.
_SPACE = UUID("6f0c2f5c-5f0e-5a53-9d2b-7c1f3c0a9e51")
TAXONOMY_ID = str(uuid5(_SPACE, "taxonomy"))
TAXONOMY_NAME = "usage de substances Canada"
PATCHED = ("organization", "service", "location")  # the objects that the profile adds fields to


@dataclass(frozen=True)
class Term:
    """One word of the profile: its id, its group, its code within it, its labels."""

    id: str
    group: str
    code: str
    name_en: str
    name_fr: str
    description_en: str
    description_fr: str

    @property
    def full(self) -> str:
        """Its code in HSDS."""
        return f"{self.group}-{self.code}"


def _read() -> dict[str, dict[str, Term]]:
    groups = tomllib.loads(_file("terms.toml"))
    found: dict[str, dict[str, Term]] = {}
    for group, terms in groups.items():
        title = terms.pop("title")
        found[group] = {code: _term(group, code, named, title) for code, named in terms.items()}
    return found


def _term(group: str, code: str, named: dict[str, str], title: dict[str, str]) -> Term:
    made = str(uuid5(_SPACE, f"{group}-{code}"))
    english, french = named["en"], named["fr"]
    return Term(
        made, group, code, english, french, f"{title['en']}: {english}", f"{title['fr']}\u00a0: {french}"
    )


def _file(name: str) -> str:
    return resources.files("community.directory").joinpath(f"hsds/profile/{name}").read_text("utf-8")


TERMS = _read()
_BY_FULL = {term.full: term for group in TERMS.values() for term in group.values()}
BY_ID = {term.id: term for term in _BY_FULL.values()}


def find(code: str) -> Term | None:
    """The term of a code with its group, or of an id."""
    return _BY_FULL.get(code) or BY_ID.get(code)


def label(code: str, lang: str) -> str:
    """What a code (with its group, "offers-naloxone") is called; the code itself when it is unknown."""
    term = find(code)
    return code if term is None else term.name_fr if lang == "fr" else term.name_en


def as_records() -> list[tuple[str, dict[str, Any]]]:
    """The taxonomy and its terms as objects of HSDS, each with its kind."""
    taxonomy = {
        "id": TAXONOMY_ID,
        "name": TAXONOMY_NAME,
        "description": "What services for people who use substances in Canada are told apart by.",
        "version": "1",
        "translations": {
            "fr": {
                "description": {
                    "text": "Ce qui distingue les services pour les personnes qui font usage de substances."
                }
            }
        },
    }
    return [("taxonomy", taxonomy), *(("taxonomy_term", _record(term)) for term in _BY_FULL.values())]


def _record(term: Term) -> dict[str, Any]:
    return {
        "id": term.id,
        "code": term.full,
        "name": term.name_en,
        "description": term.description_en,
        "taxonomy": TAXONOMY_NAME,
        "taxonomy_id": TAXONOMY_ID,
        "language": "en",
        "translations": {
            "fr": {"name": {"text": term.name_fr}, "description": {"text": term.description_fr}}
        },
    }


def patches() -> dict[str, Any]:
    """The merge patches of the profile, by the kind of object."""
    return {kind: json.loads(_file(f"{kind}.json")) for kind in PATCHED}
