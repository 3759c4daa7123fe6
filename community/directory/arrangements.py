"""What organizations arranged so that a person passes from one to another. Pure.

Four kinds: a corridor (one service refers, another receives, both signed how), an access mechanism (a window
that receives requests and orients them), a liaison contact (the function to call) and expert support (a
specialized team answers the questions of others). Each has its terms, in both languages, and a day on which
they are looked at again. None of them can hold a patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from community.core.regions import with_ancestors, within
from community.directory.dialling import dialled_anew
from community.directory.finding import places
from community.directory.finding.finder import Situation
from community.directory.hsds.profile import Text
from community.directory.opening import hours
from community.directory.opening.schedules import rules

KINDS = ("corridor", "mechanism", "liaison", "support")
# The part of an address that says of which kind things are.
MANY = {
    "corridors": "corridor",
    "access-mechanisms": "mechanism",
    "liaison-contacts": "liaison",
    "expert-support": "support",
}
PLACE_OF = {kind: many for many, kind in MANY.items()}
# The texts of each kind, in the order of its page; the first ones must be there in one language at least.
TEXTS = {
    "corridor": ("population", "procedure", "send", "assessment", "follow_up", "contact", "signed_by"),
    "mechanism": ("title", "population", "reach", "send"),
    "liaison": ("function", "reach"),
    "support": ("title", "population", "reach"),
}
NEEDED = {
    "corridor": ("population", "procedure", "signed_by"),
    "mechanism": ("title", "population", "reach"),
    "liaison": ("function",),
    "support": ("title", "population", "reach"),
}
# Those of one line; all others are paragraphs, and of the procedure each line is a step.
SHORT = frozenset({"title", "function", "assessment", "contact", "signed_by"})
MODES = ("call", "video", "visit", "writing")
SIDES = ("from", "to")
ENDS = ("from_organization_id", "organization_id")  # whose sides these are
SECOND = "second"  # somebody else who keeps the same organization, or a coordinator
# What somebody else must agree to before it is shown: whom one is led to.
_LINES = frozenset({"phone", "extension", "website", "organization_id", "service_id", "services"})
# Of a corridor everything is agreed by both sides but when one calls and when it is looked at again.
_OWN = frozenset({"schedules", "zone", "review_on"})
MOST_STEPS = 12
_Said = dict[str, tuple[str, str]]  # language -> the text, and the day on which it was written (ISO)


@dataclass(frozen=True)
class Terms:
    """What was arranged, as it is written down; ids are those of the directory's records."""

    organization_id: str = ""
    service_id: str = ""
    from_organization_id: str = ""
    from_service_id: str = ""
    texts: Mapping[str, _Said] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    name: str = ""
    phone: str = ""
    extension: str = ""
    website: str = ""
    schedules: tuple[Mapping[str, str], ...] = ()
    zone: str = ""
    delay_days: int | None = None
    joint: bool = False
    single: bool = False
    public: bool = False
    starts_on: date | None = None
    review_on: date | None = None
    signed_until: date | None = None

    def text(self, name: str, lang: str) -> Text:
        """A text in this language, or in the other one, and which it is."""
        said = self.texts.get(name, {})
        for one in (lang, "en" if lang == "fr" else "fr"):
            if one in said:
                return Text(said[one][0], one, date.fromisoformat(said[one][1]))
        return Text("", lang, None)

    def has(self, name: str, lang: str) -> bool:
        """Whether the text is there in this very language."""
        return lang in self.texts.get(name, {})


_DAYS = frozenset({"starts_on", "review_on", "signed_until"})
_NAMES = frozenset(one.name for one in fields(Terms))


def as_values(terms: Terms) -> dict[str, Any]:
    """The terms as JSON keeps them, without what is empty."""
    found = {name: value for name, value in asdict(terms).items() if value not in ("", (), None, False, {})}
    for name in _DAYS & found.keys():
        found[name] = found[name].isoformat()
    return found


def from_values(values: Mapping[str, Any]) -> Terms:
    """The terms that JSON kept; what this version does not know is left out."""
    known: dict[str, Any] = {name: value for name, value in values.items() if name in _NAMES}
    for name in _DAYS & known.keys():
        known[name] = date.fromisoformat(known[name])
    for name, value in known.items():
        if isinstance(value, list):
            known[name] = tuple(value)
    texts = known.get("texts", {})
    known["texts"] = {
        name: {lang: (one[0], one[1]) for lang, one in said.items()} for name, said in texts.items()
    }
    return Terms(**known)


def dated(new: Terms, before: Terms | None, today: date) -> Terms:
    """The new terms, in which a text that was not changed keeps the day on which it was written."""
    old = before.texts if before else {}
    texts = {
        name: {
            lang: old[name][lang]
            if old.get(name, {}).get(lang, ("",))[0] == one[0]
            else (one[0], today.isoformat())
            for lang, one in said.items()
        }
        for name, said in new.texts.items()
    }
    return replace(new, texts=texts)


def changed(before: Terms, after: Terms) -> tuple[str, ...]:
    """The names of the terms that differ; of texts their own names."""
    plain = [
        one.name
        for one in fields(Terms)
        if one.name != "texts" and getattr(before, one.name) != getattr(after, one.name)
    ]
    named = [*before.texts, *(name for name in after.texts if name not in before.texts)]
    words = [name for name in named if _words(before, name) != _words(after, name)]
    return (*words, *plain)


def _words(terms: Terms, name: str) -> dict[str, str]:
    return {lang: one[0] for lang, one in terms.texts.get(name, {}).items()}


def needs_others(kind: str, names: Iterable[str]) -> bool:
    """Whether such a change counts only once somebody else agreed."""
    return bool(set(names) - _OWN) if kind == "corridor" else bool(set(names) & _LINES)


def same_parties(before: Terms, after: Terms) -> bool:
    """Whether both are between the same organizations."""
    return all(getattr(before, name) == getattr(after, name) for name in ENDS)


def leads_elsewhere(before: Terms, after: Terms) -> bool:
    """Whether the words of the new terms hold a telephone number that stood nowhere in those of before."""
    known, now = (
        " | ".join((one.phone, one.name, *(said[0] for both in one.texts.values() for said in both.values())))
        for one in (before, after)
    )
    return dialled_anew(known, now)


def in_force(state: str, starts_on: date | None, signed_until: date | None, today: date) -> bool:
    """Whether it holds today: agreed, begun, and not past the day until which it was signed."""
    return (
        state == "in_force"
        and (starts_on is None or starts_on <= today)
        and (signed_until is None or signed_until >= today)
    )


def fits(terms: Terms, asked: Situation, region: str) -> bool:
    """Whether it is for this situation in this region ("" for everywhere)."""
    if asked.age and terms.ages and asked.age not in terms.ages:
        return False
    if asked.needs and terms.needs and not asked.needs & set(terms.needs):
        return False
    return not region or not terms.regions or bool(set(terms.regions) & reach(region))


def reach(region: str) -> frozenset[str]:
    """The regions whose arrangements serve somebody there: itself, what lies in it, what it lies in."""
    return frozenset((*within(region), *with_ancestors(region)))


@dataclass(frozen=True)
class Step:
    """One step of a procedure: what, by when, in which words."""

    title: str
    delay: str = ""
    words: str = ""


def steps(procedure: str) -> list[Step]:
    """The steps of a procedure: a line each, "what | by when | how". No word of it is left out."""
    found = []
    for line in procedure.splitlines():
        parts = [part.strip() for part in line.strip(" |").split("|", 2)]
        if parts[0]:
            found.append(Step(*parts))
    return found


def opening(terms: Terms, now: datetime) -> hours.Span | None:
    """When somebody answers: the span that lasts now, or the next; None when hours are not told."""
    return hours.current_or_next(rules(terms.schedules), ZoneInfo(zone(terms)), now)


def zone(terms: Terms) -> str:
    """The time zone of its hours."""
    return terms.zone or places.zone_of(terms.regions[0] if terms.regions else "")


def dial(phone: str) -> str:
    """The number as a link dials it."""
    digits = "".join(one for one in phone if one.isdigit())
    return f"+{digits}" if phone.strip().startswith("+") else digits
