"""What referrals and their rates are called, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.accounts.models import PROFESSIONS
from community.accounts.words import capital, profession_name
from community.core.i18n import LOCALES, current_language, number, percent
from community.directory.hsds import profile
from community.directory.models.referrals import OUTCOMES, ReferralRate
from community.directory.queries.rates import Table
from community.directory.words.services import region_name

# As buttons say it, of the person who was referred and nobody names.
OUTCOME_NAMES = {
    "unknown": _l("No word yet"),
    "taken_in": _l("Taken in"),
    "waiting": _l("On a waiting list"),
    "refused": _l("Refused by the service"),
    "declined": _l("Declined by the person"),
}
SAID = tuple(outcome for outcome in OUTCOMES if outcome != "unknown")
KIND_NAMES = {
    "region": _l("By region"),
    "need": _l("By need"),
    "profession": _l("By profession of who referred"),
    "service": _l("By service"),
}
KIND_HEADS = {
    "region": _l("Region"),
    "need": _l("What the service mainly offers"),
    "profession": _l("Profession"),
    "service": _l("Service"),
}


def outcome(code: str) -> str:
    """An outcome in words."""
    return str(OUTCOME_NAMES[code])


def line_name(line: ReferralRate, table: Table) -> str:
    """What a line of the figures is about."""
    if line.kind == "region":
        return region_name(line.code)
    if line.kind == "need":
        return profile.label(line.code, current_language()) if line.code else _("Something else")
    if line.kind == "profession":
        return capital(profession_name(line.code)) if line.code in PROFESSIONS else _("Something else")
    if line.kind == "service":
        names = table.services.get(line.code)
        return names[current_language()].text if names else _("A service that is listed no more")
    return _("All referrals")


def line_lang(line: ReferralRate, table: Table) -> str:
    """The language that the name of a line is really in."""
    names = table.services.get(line.code) if line.kind == "service" else None
    return names[current_language()].lang if names else current_language()


def share(line: ReferralRate) -> float | None:
    """Which part of those referred was taken in; none where it may not be told."""
    return line.taken_in / line.referred if line.referred and line.taken_in is not None else None


def month(value: date) -> str:
    """October 2026."""
    return str(format_date(value, "LLLL y", locale=LOCALES[current_language()]))


def period(first: date, last: date) -> str:
    """The months of a table: July to September 2026."""
    if first == last:
        return month(first)
    begin = format_date(
        first, "LLLL" if first.year == last.year else "LLLL y", locale=LOCALES[current_language()]
    )
    return _("%(begin)s to %(end)s", begin=begin, end=month(last))


def described(lines: Sequence[ReferralRate], table: Table) -> str:
    """A picture of shares in one sentence, for those who do not see it."""
    return "; ".join(
        _(
            "%(name)s: %(share)s of %(count)s",
            name=line_name(line, table),
            share=percent(part),
            count=number(line.referred or 0),
        )
        for line in lines
        if (part := share(line)) is not None
    )
