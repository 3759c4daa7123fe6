"""The yes-or-no facts of a listing as bits of one number, so that a long list is narrowed in one look. Pure.

The order is that of the rows already stored: a new word goes to the end, none is taken out. Sixty-three fit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from community.directory.hsds.profile import Facts

# fmt: off
WORDS = (
    "line-1", "line-2", "line-3",
    "access-self", "access-clinician", "access-corridor", "access-window",
    "refers-self", "refers-family", "refers-clinician", "refers-physician", "refers-corridor",
    "oat-methadone", "oat-buprenorphine", "oat-buprenorphine-xr", "oat-srom", "oat-injectable",
    "start-same-day", "start-drop-in", "start-high-tolerance",
    "people-youth", "people-adults", "people-seniors", "people-pregnancy", "people-several-problems",
    "people-women", "people-men", "people-indigenous",
    "offers-supplies", "offers-drug-checking", "offers-naloxone", "offers-supervised-consumption",
    "offers-managed-alcohol", "offers-withdrawal-management", "offers-housing", "offers-oat",
    "offers-counselling", "offers-residential", "offers-assessment", "offers-peer-support",
    "offers-family-support", "offers-crisis-line", "offers-mental-health",
    "substances-opioids", "substances-alcohol", "substances-stimulants", "substances-cannabis",
    "substances-benzodiazepines", "substances-tobacco", "substances-ghb", "substances-other",
    "lang-fr", "lang-en", "lang-other", "free", "accessible", "remote",
)
# fmt: on
_BIT = {word: 1 << place for place, word in enumerate(WORDS)}
_GROUPS = (
    ("line", "lines"),
    ("access", "access"),
    ("refers", "refers"),
    ("oat", "oat"),
    ("people", "people"),
    ("offers", "offers"),
    ("substances", "substances"),
)
SUBSTANCES = tuple(word for word in WORDS if word.startswith("substances-"))


def number(words: Iterable[str]) -> int:
    """The bits of these words; words that are none count for nothing."""
    return sum(_BIT[word] for word in set(words) if word in _BIT)


def words(marks: int) -> frozenset[str]:
    """The words of these bits."""
    return frozenset(word for word, bit in _BIT.items() if marks & bit)


def of_facts(facts: Facts) -> set[str]:
    """What a service says of itself, as words. One that offers a molecule offers the treatment."""
    found = {f"{prefix}-{code}" for prefix, field in _GROUPS for code in _codes(facts, field)}
    started = (
        (facts.same_day, "same-day"),
        (facts.drop_in, "drop-in"),
        (facts.high_tolerance, "high-tolerance"),
    )
    found |= {f"start-{code}" for said, code in started if said}
    if facts.oat:
        found.add("offers-oat")
    return found & set(WORDS)


def _codes(facts: Facts, field: str) -> Collection[str]:
    codes: frozenset[str] = getattr(facts, field)
    return codes
