"""How well services are found: known questions, each with the service that answers it.

The file is a list of services with questions beside them (``synthetic_queries``, ``synthetic_queries_fr``);
the services themselves were brought in from it before. Only the record a question stands beside counts as its
answer, though some stand there twice under one name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from community.accounts.viewer import VISITOR
from community.directory.finding.wanted import Wanted
from community.directory.queries import documents, finding
from community.search.evaluation import CannotRead

ASKED_IN = {"en": "synthetic_queries", "fr": "synthetic_queries_fr"}
PLACES = 5
Ask = Callable[[str], list[str]]


@dataclass
class Figures:
    """Of the questions of one language: how many there were, and of how many the answer came first, or among
    five."""

    asked: int = 0
    first: int = 0
    among_five: int = 0
    missed: list[tuple[str, str, str]] = field(default_factory=list)  # question, wanted, first found

    def told(self) -> dict[str, Any]:
        """As the command prints it."""
        of = max(self.asked, 1)
        return {
            "asked": self.asked,
            "hit@1": round(self.first / of, 3),
            "hit@5": round(self.among_five / of, 3),
            "missed": [f"{question} -> {wanted} (first: {first})" for question, wanted, first in self.missed],
        }


def asked_of_the_page(text: str) -> list[str]:
    """The ids that the directory's own search gives for these words, best first."""
    answer = finding.search(VISITOR, Wanted(q=text), by_clinician=True)
    return [one.service_id for one in answer.found]


def run(path: Path, ask: Ask = asked_of_the_page) -> dict[str, Figures]:
    """Ask every question. :raises CannotRead: the file is no list of services with questions."""
    given = _read(path)
    names, own = _names()
    found = {lang: Figures() for lang in ASKED_IN}
    for one in given:
        wanted = own.get(str(one.get("id")), "")
        for lang, slot in ASKED_IN.items():
            for question in one.get(slot) or ():
                _ask(found[lang], question, wanted, ask(question), names)
    return found


def _ask(figures: Figures, question: str, wanted: str, ids: list[str], names: Mapping[str, str]) -> None:
    figures.asked += 1
    figures.first += ids[:1] == [wanted]
    if wanted in ids[:PLACES]:
        figures.among_five += 1
    else:
        found = names.get(ids[0], "?") if ids else "nothing"
        figures.missed.append((question, names.get(wanted, "not here"), found))


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        given = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise CannotRead(f"{path.name} cannot be read: {type(problem).__name__}.") from None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise CannotRead(f"{path.name} is no list of services.")
    return given


def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Names by id; and by the id that the file gives a service, its own."""
    names: dict[str, str] = {}
    own: dict[str, str] = {}
    after = ""
    while ids := documents.service_ids(VISITOR, after):
        for id, service in documents.services(VISITOR, ids).items():
            names[id] = str(service.get("name"))
            own[str(service.get("given_id", ""))] = id
        after = ids[-1]
    return names, own
