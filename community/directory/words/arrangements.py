"""What corridors, access mechanisms, liaison contacts and expert support say in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.core import clock
from community.core.i18n import NAMES as LANGUAGE_NAMES
from community.core.i18n import current_language, day
from community.core.regions import REGIONS
from community.directory import arrangements
from community.directory.hsds.profile import Text
from community.directory.queries.arrangements import Shown
from community.directory.words import services as words

NAMES = {
    "corridor": _l("Service corridor"),
    "mechanism": _l("Access mechanism"),
    "liaison": _l("Liaison contact"),
    "support": _l("Expert support"),
}
PLURALS = {
    "corridor": _l("Service corridors"),
    "mechanism": _l("Access mechanisms"),
    "liaison": _l("Liaison contacts"),
    "support": _l("Expert support"),
}
ICONS = {"corridor": "bridge", "mechanism": "open", "liaison": "phone", "support": "reply"}
LEDES = {
    "corridor": _l("Two services agreed how one refers to the other, so that nobody is assessed twice."),
    "mechanism": _l("One window receives requests, assesses them and says which service takes them."),
    "liaison": _l("Whom to call at a service: the function, and a name only where one is given."),
    "support": _l("A specialized team answers the questions of other services."),
}
NONE_YET = {
    "corridor": _l(
        "No corridor is written down here yet. Whoever keeps one of the two organizations can write it; the "
        "other side agrees."
    ),
    "mechanism": _l("No access mechanism is written down here yet. Those who keep it can add it."),
    "liaison": _l(
        "No liaison contact that you may see is written down here yet. Many are shown to verified "
        "professionals only."
    ),
    "support": _l("No expert support is written down here yet. Those who keep the team can add it."),
}
NEW = {
    "corridor": _l("Write down a corridor"),
    "mechanism": _l("Add an access mechanism"),
    "liaison": _l("Add a liaison contact"),
    "support": _l("Add expert support"),
}
STATES = {"draft": _l("Draft"), "in_force": _l("In force"), "ended": _l("Ended")}
# What each text is called, on pages and in forms.
TEXTS = {
    "population": _l("For whom"),
    "procedure": _l("Steps"),
    "send": _l("What to send"),
    "assessment": _l("Accepted assessment"),
    "follow_up": _l("Follow-up afterwards"),
    "contact": _l("Whom to call"),
    "signed_by": _l("Signed by"),
    "title": _l("Title"),
    "reach": _l("How and when"),
    "function": _l("Function"),
}
FACTS = {
    "organization_id": _l("Organization"),
    "service_id": _l("Service"),
    "from_organization_id": _l("Organization that refers"),
    "from_service_id": _l("Service that refers"),
    "regions": _l("Regions"),
    "ages": _l("Ages"),
    "needs": _l("Needs"),
    "langs": _l("Languages"),
    "modes": _l("Ways"),
    "services": _l("Services it leads to"),
    "name": _l("Name"),
    "phone": _l("Telephone"),
    "extension": _l("Extension"),
    "website": _l("On the web"),
    "schedules": _l("Hours"),
    "zone": _l("Time zone"),
    "delay_days": _l("Delay"),
    "joint": _l("Joint follow-up"),
    "single": _l("Single window"),
    "public": _l("Shown to everybody"),
    "starts_on": _l("In force from"),
    "review_on": _l("Looked at again on"),
    "signed_until": _l("Signed until"),
}
MODES = {
    "call": _l("By telephone"),
    "video": _l("By video call"),
    "visit": _l("By visits on site"),
    "writing": _l("In writing"),
}
LANGUAGES: dict[str, object] = {**LANGUAGE_NAMES, "other": _l("Another language")}
SIDES = {"from": _l("who refers"), "to": _l("who receives"), "second": _l("a second person")}
AGREE = {
    "from": _l("Agree for the service that refers"),
    "to": _l("Agree for the service that receives"),
    "second": _l("Agree as the second person"),
}
WRITERS = {
    "keeper": _l("a keeper of the organization"),
    "coordinator": _l("the coordination of the community"),
    "operator": _l("an operator of the site"),
}
ACTS = {
    "arranged": _l("Written down"),
    "changed": _l("Changed"),
    "proposed": _l("A change was proposed"),
    "agreed": _l("Agreed to"),
    "refused": _l("Laid aside"),
    "confirmed": _l("Confirmed: all of it is still right"),
    "ended": _l("Ended"),
}


def register() -> dict[str, object]:
    """Each act on each kind in the words of the register: "Service corridor · Agreed to"."""
    return {
        f"directory.{kind}_{act}": _l("%(what)s · %(act)s", what=NAMES[kind], act=said)
        for kind in NAMES
        for act, said in ACTS.items()
    }


def title(one: Shown) -> Text:
    """What it is called: of a corridor its two ends, of a contact the function."""
    if one.kind == "corridor":
        lang = current_language()
        ends = (one.origin_name.text or "?", one.to_name.text or "?")
        return Text(_("%(origin)s to %(to)s", origin=ends[0], to=ends[1]), lang, None)
    return said(one, "function" if one.kind == "liaison" else "title")


def said(one: Shown, name: str) -> Text:
    """One of its texts, in the language of the page where it has it."""
    return one.terms.text(name, current_language())


def state(one: Shown) -> tuple[str, str]:
    """Where it stands, and the colour of that."""
    today = clock.today()
    if one.state == "draft":
        return _("Draft: not agreed yet"), "gold"
    if one.state == "ended":
        return str(STATES["ended"]), "brick"
    if one.terms.starts_on and one.terms.starts_on > today:
        return _("In force from %(day)s", day=day(one.terms.starts_on)), "gold"
    if one.terms.signed_until and one.terms.signed_until < today:
        return _("Signed until %(day)s: no longer in force", day=day(one.terms.signed_until)), "brick"
    if one.kind == "corridor" and one.terms.signed_until:
        return _("Signed until %(day)s", day=day(one.terms.signed_until)), "ok"
    return (_("Corridor in force"), "ok") if one.kind == "corridor" else (_("In force"), "ok")


def review(one: Shown) -> str:
    """When somebody last made sure of it, and when it is looked at again."""
    if one.due:
        return _("Review was due %(day)s", day=day(one.review_on))
    return _("Confirmed on %(on)s; review due %(day)s", on=day(one.confirmed_on), day=day(one.review_on))


def reachable(one: Shown) -> str:
    """Whether somebody answers now, and until or from when, on the clock of the place."""
    if one.opening is None:
        return _("Hours are not told")
    return words.opening(one.opening.opens, one.opening.closes, one.zone)


def delay(days: int | None) -> str:
    """How long until an answer; "" when it is not told."""
    if days is None:
        return ""
    return _("the same day") if days == 0 else ngettext("within %(num)s day", "within %(num)s days", days)


def regions(codes: tuple[str, ...]) -> str:
    """Names of regions in one line."""
    return ", ".join(words.region_name(code) for code in codes if code in REGIONS)


def codes(named: dict[str, Any], some: tuple[str, ...]) -> str:
    """Several of a list in one line."""
    return words.series(str(named[code]) for code in some if code in named)


def spoken(some: Iterable[str]) -> str:
    """Languages in one line, in the words of the language of the page: in English each has a capital."""
    lang = current_language()
    told = {code: Locale(code).get_language_name(lang) or code for code in LANGUAGE_NAMES}
    told["other"] = words.within(str(LANGUAGES["other"]))
    line = ", ".join(told[code] for code in some if code in told)
    return line[:1].upper() + line[1:]


def labels(some: tuple[str, ...]) -> str:
    """Words of the profile in one line."""
    return words.labels(some)


def waiting(waits_for: str) -> str:
    """Whose word is missing, in one line."""
    return ", ".join(str(SIDES[side]) for side in waits_for.split() if side in SIDES)


def dial(phone: str) -> str:
    """A number as a link dials it."""
    return arrangements.dial(phone)
