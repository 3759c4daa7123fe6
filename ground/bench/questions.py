"""What the directory is asked when it is measured: each question another, drawn the same way at each run."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from ground.bench import client
from ground.bench.serving import HOST, Served

NAMES = {
    "refer": "“Whom do I refer to?”",
    "find": "list with filters",
    "words": "list by words",
    "hsds": "HSDS services with filters",
}
_WHERE = (
    "qc",
    "qc-06",
    "on",
    "bc",
    "ab",
    "mb",
    "ns",
    "nl",
    "H2X",
    "M5V",
    "V6B",
    "T2P",
    "Québec",
    "Ottawa",
    "",
)
_NEEDS = (
    "offers-oat",
    "offers-withdrawal-management",
    "offers-supplies",
    "offers-naloxone",
    "offers-counselling",
    "offers-housing",
    "offers-crisis-line",
    "offers-mental-health",
)
_SUBSTANCES = ("opioids", "alcohol", "stimulants", "cannabis", "")
_PEOPLE = ("pregnancy", "several-problems", "housing", "indigenous", "women", "high-tolerance", "")
_WISHES = ("open", "self", "free", "accessible", "remote", "")
_WORDS = ("imaginary clinic", "clinique imaginaire", "shelter", "refuge", "help line", "halte", "drop-in")

Questions = Iterator[tuple[tuple[str, str], ...]]


def of(site: Served, number: int) -> dict[str, list[str]]:
    """So many different addresses of each kind; the terms that programs filter by are asked of the site."""
    dice = random.Random(3)  # noqa: S311 (nothing secret is drawn)
    return {
        "refer": _different("/en/directory/refer", _referring(dice), number),
        "find": _different("/fr/directory", _finding(dice), number),
        "words": _different("/en/directory", _by_words(dice), number),
        "hsds": _different("/hsds/services", _by_programs(dice, site), number),
    }


def _different(path: str, asked: Questions, number: int) -> list[str]:
    """The first so many that are not the same. Each stream is endless and has far more than are asked."""
    seen: dict[str, None] = {}
    while len(seen) < number:
        for one in islice(asked, number - len(seen)):
            seen[f"{path}?{urlencode([(name, value) for name, value in one if value])}"] = None
    return list(seen)


def _referring(dice: random.Random) -> Questions:
    while True:
        yield (
            ("where", dice.choice(_WHERE)),
            ("age", dice.choice(("youth", "adult", "senior", ""))),
            ("urgency", dice.choice(("today", "week", "month", ""))),
            ("need", dice.choice(_NEEDS)),
            ("substance", dice.choice(_SUBSTANCES)),
            ("people", dice.choice(_PEOPLE)),
        )


def _finding(dice: random.Random) -> Questions:
    while True:
        yield (
            ("where", dice.choice(_WHERE)),
            ("need", dice.choice(_NEEDS)),
            ("lang", dice.choice(("fr", "en", ""))),
            ("wish", dice.choice(_WISHES)),
            ("age", dice.choice(("youth", "adult", "senior", ""))),
        )


def _by_words(dice: random.Random) -> Questions:
    while True:
        yield (
            ("q", f"{dice.choice(_WORDS)} {dice.randrange(100) or ''}".strip()),
            ("where", dice.choice(_WHERE)),
        )


def _by_programs(dice: random.Random, site: Served) -> Questions:
    terms = [one["id"] for one in _fetched(site, "/hsds/taxonomy_terms?per_page=100")]
    organizations = [one["id"] for one in _fetched(site, "/hsds/organizations?per_page=100")]
    while True:
        yield (
            ("taxonomy_term_id", dice.choice(terms)),
            ("search", dice.choice(("", "", "clinic", "shelter"))),
            ("organization_id", dice.choice((*[""] * 3, dice.choice(organizations)))),
            ("modified_after", dice.choice(("", f"2026-01-{dice.randint(1, 31):02}"))),
            ("per_page", dice.choice(("10", "50", "100"))),
            ("page", dice.choice(("", "", "2"))),
        )


def _fetched(site: Served, path: str) -> list[dict[str, Any]]:
    """The objects of a page of the interface for programs. :raises ValueError: it is no such page."""
    answer = client.once(site.address, client.get(path, HOST))
    body = client.body_of(answer)
    if client.header(answer, "Content-Encoding") == "gzip":
        body = zlib.decompress(body, wbits=31)
    found: list[dict[str, Any]] = json.loads(body)["contents"]
    if not found:
        raise ValueError(f"nothing at {path}")
    return found
