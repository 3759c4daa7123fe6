"""What organizations do together, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.accounts.words import group_name
from community.core import clock
from community.core.i18n import LOCALES, current_language, day
from community.core.regions import REGIONS, Region
from community.directory.queries.links import Web
from community.directory.queries.partners import Partner

GROUP_KINDS = {
    "table": _l("Regional table"),
    "committee": _l("Local committee"),
    "subcommittee": _l("Subcommittee"),
    "project": _l("Clinical project"),
    "liaison": _l("Liaison team"),
    "mobile": _l("Mobile team"),
}
FUNCTIONS = {
    "leads": _l("Leads the group"),
    "secretary": _l("Keeps its papers"),
    "hosts": _l("Gives it a place"),
    "staff": _l("Lends staff"),
    "member": _l("Takes part"),
}
# From one end of the seed's scale to the other.
INTENSITIES = {
    1: _l("At referral only"),
    2: _l("Personalized referrals"),
    3: _l("Clinical discussions"),
    4: _l("Joint clinical follow-up"),
    5: _l("Concerted work"),
}
EXCHANGED = {
    "attendance": _l("Whether the person came"),
    "services": _l("Services under way"),
    "assessment": _l("Result of an assessment"),
    "medication": _l("Current medication"),
    "plan": _l("Service plan"),
    "safety": _l("Safety of the person or of others"),
    "discharge": _l("End of a service"),
}
BASES = {
    "consent": _l("Consent of the person"),
    "agreement": _l("Agreement between institutions, with consent"),
    "law": _l("The law allows or requires it"),
}
WAYS = {"offer": _l("Offered"), "request": _l("Looked for")}
TRAINING_KINDS = {"workshop": _l("Workshop"), "placement": _l("Observation placement")}
JOINT = {
    "discussions": _l("Joint clinical discussions"),
    "follow_ups": _l("Joint follow-ups"),
    "plans": _l("Service plans made together"),
}
# What may be due for a review.
REVIEWED: dict[str, object] = {
    "group": _l("Group of organizations"),
    "link": _l("Link between organizations"),
}
ONLY_KEEPERS = _l("Only those who keep the records of an organization, and coordinators, write here.")
# The acts of this part in the register of acts.
REGISTER: dict[str, object] = {
    "directory.group_made": _l("Group of organizations described"),
    "directory.group_changed": _l("Group of organizations changed"),
    "directory.group_ended": _l("Group of organizations ended"),
    "directory.group_joined": _l("Organization added to a group"),
    "directory.group_left": _l("Organization taken out of a group"),
    "directory.meeting_written": _l("Meeting of a group written"),
    "directory.link_stated": _l("Link between organizations stated"),
    "directory.link_changed": _l("Link between organizations changed"),
    "directory.link_confirmed": _l("Link between organizations confirmed"),
    "directory.link_ended": _l("Link between organizations ended"),
    "directory.joint_work_counted": _l("Joint work of organizations counted"),
    "directory.training_written": _l("Training of an organization written"),
    "directory.training_withdrawn": _l("Training of an organization withdrawn"),
}


def regions(codes: Iterable[str]) -> str:
    """Names of regions in one line; all of Canada when there is none."""
    lang = current_language()
    places = sorted((REGIONS[code] for code in codes if code in REGIONS), key=lambda place: place.order)
    return ", ".join(place.name(lang) for place in places) or _("All of Canada")


def exchanged(codes: str) -> str:
    """The kinds of information of an agreement, in one line."""
    return ", ".join(str(EXCHANGED[code]) for code in codes.split(",") if code in EXCHANGED)


def for_whom(codes: str) -> str:
    """The groups a training is for, in one line."""
    return ", ".join(group_name(code) for code in codes.split(",") if code) or _("Everybody in the field")


def month(value: date) -> str:
    """October 2026."""
    return str(format_date(value, "LLLL y", locale=LOCALES[current_language()]))


def days(first: date, last: date) -> str:
    """One day, or from one to another."""
    if first == last:
        return day(first)
    return _("from %(first)s to %(last)s", first=day(first), last=day(last))


def review(on: date) -> str:
    """When it is to be looked at again, or since when it should have been."""
    late = (clock.today() - on).days
    if late > 0:
        return ngettext("Review overdue by %(num)s day", "Review overdue by %(num)s days", late)
    return _("To be reviewed by %(day)s", day=day(on))


def overdue(on: date) -> bool:
    """Whether its day of review is past."""
    return on < clock.today()


def region_names(row: Any) -> str:
    """The regions that a group or a link names, in one line."""
    return regions(one.region for one in row.regions)


def all_regions() -> list[Region]:
    """Every region, to choose from."""
    return list(REGIONS.values())


def described(web: Web) -> str:
    """A drawing of links in one sentence, for whoever does not see it."""
    drawn = ngettext("%(num)s organization", "%(num)s organizations", len(web.partners))
    both = sum(pair.link.confirmed_on is not None for pair in web.pairs)
    return _(
        "%(organizations)s, %(links)s links; both sides say so of %(both)s. The table has them one by one.",
        organizations=drawn,
        links=len(web.pairs),
        both=both,
    )


def told(one: Partner) -> str:
    """The name of an organization, or that it is no longer listed: where no link fits."""
    return one.name.text or _("an organization that is no longer listed")


def region_heading(code: str) -> str:
    """The region that a page is about, as its title."""
    return regions([code] if code else ())
