"""What the forum calls its things, in the language of the page. No rule and no query lives here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.accounts import words as people
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.i18n import LOCALES, NAMES, current_language, zone
from community.core.i18n import number as in_figures
from community.core.regions import REGIONS, children, provinces
from community.forum.models import Space
from community.forum.themes import THEMES

Words = Any  # a str or a lazy translation

SPACE_KINDS: dict[str, Words] = {
    "clinical": _l("Clinical space"),
    "regional": _l("Regional space"),
    "lived": _l("Lived and living experience"),
    "policy": _l("Policy space"),
    "public": _l("Public space"),
    "committee": _l("Committee"),
}
SPACE_GROUPS: dict[str, Words] = {
    "clinical": _l("Clinical spaces"),
    "regional": _l("Spaces by region"),
    "lived": _l("Lived experience"),
    "policy": _l("Policy"),
    "committee": _l("Committees"),
    "public": _l("Open to everyone"),
}
TOPIC_KINDS: dict[str, Words] = {
    "question": _l("Question"),
    "case": _l("Case"),
    "discussion": _l("Discussion"),
    "announcement": _l("Announcement"),
}
LEVELS: dict[str, Words] = {
    "patient": _l("One patient’s care"),
    "person": _l("The person concerned, those close to them"),
    "provider": _l("Care providers and teams"),
    "system": _l("The system of services"),
}
NOTES: dict[str, Words] = {
    "overdose": _l("overdose"),
    "death": _l("death"),
    "using": _l("using"),
    "self_harm": _l("self-harm"),
    "violence": _l("violence"),
    "police": _l("police or prison"),
    "custody_child": _l("losing custody of a child"),
    "pregnancy_loss": _l("losing a pregnancy"),
}
REACTIONS: dict[str, Words] = {
    "helpful": _l("Helpful"),
    "thanks": _l("Thank you"),
    "lived": _l("I have lived this"),
    "evidence_please": _l("Evidence please"),
}
REACTION_ICONS = {"helpful": "heart", "thanks": "heart", "lived": "lived", "evidence_please": "info"}
REASONS: dict[str, Words] = {
    "patient": _l("It may identify a patient"),
    "danger": _l("Someone is in danger"),
    "dealing": _l("Selling or looking for drugs"),
    "harassment": _l("Harassment, or contempt for people"),
    "advice": _l("Unsafe clinical advice"),
    "other": _l("Something else"),
}
BASES: dict[str, Words] = {"evidence": _l("Evidence"), "experience": _l("Experience")}
SOURCE_KINDS: dict[str, Words] = {
    "guideline": _l("Guideline"),
    "doi": _l("DOI"),
    "pubmed": _l("PubMed id"),
    "url": _l("Web address"),
}
GROUP_PEOPLE: dict[str, Words] = {
    "physician": _l("verified physicians"),
    "nurse_practitioner": _l("verified nurse practitioners"),
    "nurse": _l("verified nurses"),
    "pharmacist": _l("verified pharmacists"),
    "social_worker": _l("verified social workers"),
    "psychotherapist": _l("verified psychotherapists"),
    "counsellor": _l("verified counsellors"),
    "harm_reduction_worker": _l("verified harm-reduction workers"),
    "learner": _l("learners"),
    "lived_experience": _l("people with lived experience"),
    "family": _l("their relatives"),
    "government": _l("government staff"),
    "public_health": _l("public health staff"),
    "researcher": _l("researchers"),
    "public": _l("the public"),
}
_ORDER = ("everyone", "member", "clinician", "professional", *(f"group:{code}" for code in GROUP_PEOPLE))


def audience_words(audience: str) -> Words:
    """The people of one audience, as they stand in a sentence."""
    known: dict[str, Words] = {
        "everyone": _l("everyone"),
        "member": _l("every member"),
        "professional": _l("verified professionals"),
        "clinician": _l("verified clinicians"),
    }
    if audience.startswith("group:"):
        return GROUP_PEOPLE.get(audience.removeprefix("group:"), audience)
    return known.get(audience, _l("members of this space"))


def _widest(listed: Collection[str]) -> list[str]:
    """The audiences in reading order, without those that a wider one already holds."""
    for wide in ("everyone", "member"):
        if wide in listed:
            return [wide]
    return sorted(listed, key=lambda one: _ORDER.index(one) if one in _ORDER else len(_ORDER))


def listing(words: Iterable[Words]) -> str:
    """Several things in a sentence of the language of the page: one, two and three."""
    return str(format_list([str(one) for one in words], locale=LOCALES[current_language()]))


def seen_by_all(spaces: Sequence[Space]) -> str:
    """Who sees several spaces, said once; empty where they differ."""
    said = {seen_by(space) for space in spaces}
    return said.pop() if len(said) == 1 else ""


def seen_by(space: Space) -> str:
    """Who sees a space, as one sentence that stands on every page of it."""
    listed = _widest(space.admits("see"))
    if space.kind == "lived":
        return _(
            "Seen only by members of this space. Professionals come in only when this space invites them."
        )
    if listed == ["everyone"]:
        return _("Seen by everyone, without signing in.")
    if not listed:
        return _("Seen by nobody but those who keep it.")
    return _("Seen by %(people)s.", people=listing(map(audience_words, listed)))


def written_by(space: Space) -> str:
    """Who may start topics in a space, as one sentence."""
    listed = _widest(space.admits("post"))
    if not listed:
        return _("Nobody writes here at the moment.")
    return _("Written by %(people)s.", people=listing(map(audience_words, listed)))


def audience_icon(space: Space) -> str:
    """The drawing beside who sees a space: closed, open, or the protected side."""
    if space.kind == "lived":
        return "veil"
    return "eye" if {"everyone", "member"} & space.admits("see") else "lock"


def band(space: Space) -> str:
    """The code of a space's colour band."""
    return "region" if space.kind == "regional" else space.kind


def note_words(codes: Iterable[str]) -> str:
    """The themes a text is folded under: "overdose, death"."""
    return ", ".join(str(NOTES[code]) for code in codes if code in NOTES)


def region_name(code: str | None) -> str:
    """A region's name in the language of the page; nothing for nothing."""
    return REGIONS[code].name(current_language()) if code and code in REGIONS else ""


def region_located(code: str | None) -> str:
    """A region as it stands in a sentence: "in Ontario"."""
    return REGIONS[code].located(current_language()) if code and code in REGIONS else ""


def regions_under(code: str) -> set[str]:
    """The codes of the regions directly under one."""
    return {place.code for place in children(code)}


def theme_name(code: str | None) -> str:
    """A theme's name in the language of the page; nothing for nothing."""
    return THEMES[code].name(current_language()) if code and code in THEMES else ""


def language_name(code: str) -> str:
    """A language under its own name."""
    return NAMES.get(code, code)


def waiting(since: datetime, *, protected: bool = False) -> str:
    """How long a question has waited; nothing in its first day. Days only where ``protected``."""
    hours = int((clock.now() - since).total_seconds() // 3600)
    if hours < 24:
        return ""
    if hours < 48 and not protected:
        return ngettext("Waiting %(num)s hour", "Waiting %(num)s hours", hours)
    return ngettext("Waiting %(num)s day", "Waiting %(num)s days", hours // 24)


def page_numbers(page: int, pages: int) -> list[int | None]:
    """The pages a reader is offered: the first, those around this one, the last; None for a gap."""
    near = sorted({1, pages, *range(max(page - 1, 1), min(page + 1, pages) + 1)})
    found: list[int | None] = []
    for number in near:
        if found and number - (found[-1] or 0) > 1:
            found.append(None)
        found.append(number)
    return found


def delay(seconds: float) -> str:
    """A length of time as readers say it: 5 h 20, 3 days."""
    minutes = int(seconds // 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return ngettext("%(num)s day", "%(num)s days", hours // 24)
    if hours and not rest:
        return _("%(hours)s h", hours=hours)
    if hours:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=f"{rest:02d}")
    return _("%(minutes)s min", minutes=max(minutes, 1))


def own_title(viewer: Viewer) -> str:
    """The verified title of whoever writes, inside a sentence."""
    return _("verified %(profession)s", profession=people.profession_name(viewer.profession))


def stamp(value: datetime, protected: bool = False) -> str:
    """A moment for programs that read the page; the day alone where ``protected``."""
    local = value.astimezone(zone())
    return local.date().isoformat() if protected else local.isoformat(timespec="minutes")


label_line = people.label_words
month = people.month

__all__ = ["THEMES", "provinces"]


# Files

FILE_KINDS: dict[str, Words] = {
    "png": "PNG",
    "jpeg": "JPEG",
    "webp": "WebP",
    "pdf": "PDF",
    "text": _l("text"),
    "csv": "CSV",
}


def file_name(file: Any) -> str:
    """What a file is called: by its own name where that is kept, else by its place. ``file``: a FileView."""
    if file.name:
        return f"{file.name}.{file.ending}"
    stem = _("picture-%(n)s", n=file.position) if file.picture else _("file-%(n)s", n=file.position)
    return f"{stem}.{file.ending}"


def file_size(size: int) -> str:
    """A number of bytes as people read it."""
    if size < 1_000_000:
        return _("%(n)s KB", n=in_figures(max(round(size / 1000), 1)))
    return _("%(n)s MB", n=in_figures(round(size / 1_000_000, 1)))
