"""Whom do I refer to? Pure: a situation and services in, services in order out, each with its reasons.

What somebody is not eligible for, or what does not offer what is asked, is left out: those rules are hard.
How soon, how near, how fresh and how well it fits are soft: they are added up, and each says why. Nothing
here asks who: an age band, a region, substances, a situation, an urgency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

AGES = {"youth": (12, 17), "adult": (18, 64), "senior": (65, 110)}
URGENCIES = {"today": 0, "week": 7, "month": 31}
SITUATIONS = ("pregnancy", "several-problems", "housing", "indigenous", "women", "high-tolerance")
# What of a situation a service says of itself.
_MARK = {"high-tolerance": "start-high-tolerance", "housing": "offers-housing"}


@dataclass(frozen=True)
class Situation:
    """What is asked; an empty field asks for nothing."""

    age: str = ""
    needs: frozenset[str] = frozenset()  # "offers-…", "oat-…"
    substances: frozenset[str] = frozenset()  # "substances-…"
    people: frozenset[str] = frozenset()  # of SITUATIONS
    urgency: str = ""
    languages: frozenset[str] = frozenset()  # "fr", "en"
    by_clinician: bool = True  # whether a clinician sends somebody, or the person comes


@dataclass(frozen=True)
class Candidate:
    """What ranking knows of a service at a place."""

    key: str
    words: frozenset[str]
    minimum_age: float | None = None
    maximum_age: float | None = None
    wait_days: int | None = None
    open_now: bool = False
    freshness: str = "stale"
    distance: float | None = None  # km
    near: int = 2  # 0: in the region asked, 1: for the whole country or province, 2: elsewhere
    fit: float = 0.0  # how well the words asked fit, 1.0 the best
    corridor: str = ""  # "own": a corridor in force leads there from where one works; "any": from elsewhere


@dataclass(frozen=True)
class Reason:
    """One rule that spoke: its code, how much it added, and what its sentence needs."""

    code: str
    points: float
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """A service with its place in the order and why it has it, the strongest reason first."""

    candidate: Candidate
    points: float
    reasons: tuple[Reason, ...] = field(default_factory=tuple)


_BY_SEX = frozenset({"people-women", "people-men"})


# Hard rules: a code when the service is out of the question, else nothing.


def refused(asked: Situation, service: Candidate) -> str:
    """Why it cannot be the answer: age, people, need, substance or access; "" when it may be."""
    if not _takes_age(asked, service):
        return "age"
    if asked.people & {"women", "pregnancy"} and service.words & _BY_SEX == {"people-men"}:
        return "people"
    if not asked.needs <= service.words:
        return "need"
    said = {word for word in service.words if word.startswith("substances-")}
    if asked.substances and said and not asked.substances <= said:
        return "substance"  # one that names no substance takes all
    ways = {word for word in service.words if word.startswith("access-")}
    if not asked.by_clinician and ways and "access-self" not in ways and "access-window" not in ways:
        return "access"
    return ""


def _takes_age(asked: Situation, service: Candidate) -> bool:
    if not asked.age:
        return True
    youngest, oldest = AGES[asked.age]
    if service.minimum_age is not None and service.minimum_age > oldest:
        return False
    if service.maximum_age is not None and service.maximum_age < youngest:
        return False
    bands = service.words & {"people-youth", "people-adults", "people-seniors"}
    fits = {
        "youth": {"people-youth"},
        "adult": {"people-adults"},
        "senior": {"people-seniors", "people-adults"},
    }
    return not bands or bool(bands & fits[asked.age])


# Soft rules: how much each adds, and the words of its sentence.


def _words(asked: Situation, service: Candidate) -> Iterable[Reason]:
    """What somebody says in words weighs more than all that is only guessed from the rest."""
    if service.fit:
        yield Reason("words", 12.0 * service.fit)


def _situation(asked: Situation, service: Candidate) -> Iterable[Reason]:
    for word in sorted(asked.people):
        if _MARK.get(word, f"people-{word}") in service.words:
            yield Reason("for", 3.0, (_MARK.get(word, f"people-{word}"),))
    for one, other in (("women", "men"), ("men", "women")):
        if (
            one not in asked.people
            and f"people-{one}" in service.words
            and f"people-{other}" not in service.words
        ):
            yield Reason("only", -0.5, (f"people-{one}",))


def _substance(asked: Situation, service: Candidate) -> Iterable[Reason]:
    for word in sorted(asked.substances & service.words):
        yield Reason("substance", 1.5, (word,))


def _soon(asked: Situation, service: Candidate) -> Iterable[Reason]:
    if asked.urgency not in {"today", "week"} and service.wait_days is None:
        return
    weight = {"today": 4.0, "week": 2.5}.get(asked.urgency, 1.0)
    if asked.urgency == "today" and "start-same-day" in service.words:
        yield Reason("same-day", weight)
    if asked.urgency == "today" and "start-drop-in" in service.words:
        yield Reason("drop-in", 1.5)
    if asked.urgency == "today" and service.open_now:
        yield Reason("open", 2.0)
    if service.wait_days is not None:
        within = URGENCIES.get(asked.urgency, 31)
        in_time = service.wait_days <= within
        yield Reason("wait", weight if in_time else -weight, (str(service.wait_days),))


def _near(asked: Situation, service: Candidate) -> Iterable[Reason]:
    if service.near == 0:
        yield Reason("region", 3.0)
    if service.distance is not None:
        yield Reason("distance", max(-3.0, 2.0 - service.distance / 50), (str(round(service.distance)),))


def _language(asked: Situation, service: Candidate) -> Iterable[Reason]:
    for lang in sorted(asked.languages):
        if f"lang-{lang}" in service.words:
            yield Reason("language", 2.0, (lang,))


def _way_in(asked: Situation, service: Candidate) -> Iterable[Reason]:
    if asked.by_clinician and service.corridor == "own":
        yield Reason("own-corridor", 4.0)
    elif asked.by_clinician and service.corridor:
        yield Reason("corridor-in-force", 2.5)
    elif asked.by_clinician and "access-corridor" in service.words:
        yield Reason("corridor", 2.0)
    elif asked.by_clinician and "access-clinician" in service.words:
        yield Reason("any-clinician", 1.0)
    elif "access-self" in service.words:
        yield Reason("self", 0.5)
    elif "access-window" in service.words:
        yield Reason("window", 0.5)


def _fresh(asked: Situation, service: Candidate) -> Iterable[Reason]:
    yield Reason(service.freshness, {"fresh": 1.0, "aging": 0.0}.get(service.freshness, -4.0))


SOFT: tuple[Callable[[Situation, Candidate], Iterable[Reason]], ...] = (
    _words,
    _situation,
    _substance,
    _soon,
    _near,
    _language,
    _way_in,
    _fresh,
)


def ranked(asked: Situation, services: Iterable[Candidate]) -> list[Ranked]:
    """The services that may be the answer, the best first; equal ones in the order of their keys."""
    found = [_weighed(asked, service) for service in services if not refused(asked, service)]
    return sorted(found, key=lambda one: (-one.points, one.candidate.key))


def _weighed(asked: Situation, service: Candidate) -> Ranked:
    reasons = [reason for rule in SOFT for reason in rule(asked, service)]
    reasons.sort(key=lambda reason: (-reason.points, reason.code))
    return Ranked(service, round(sum(reason.points for reason in reasons), 3), tuple(reasons))


def for_reason(one: Ranked, most: int = 3) -> tuple[Reason, ...]:
    """The reasons that speak for it most, at most so many."""
    return tuple(reason for reason in one.reasons if reason.points > 0)[:most]


def against_reason(one: Ranked) -> tuple[Reason, ...]:
    """What speaks against it and is to be known before calling."""
    return tuple(reason for reason in one.reasons if reason.points < 0)
