"""Groups, titles and duties in words people read, neutral in both languages.

In French a title is said by its field (« Titre vérifié : pharmacie »), which has no gender.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from flask_babel import gettext, lazy_pgettext, pgettext
from flask_babel import lazy_gettext as _l

from community.accounts.models import AFFILIATIONS, LEARNER
from community.accounts.queries import Label
from community.core.i18n import LOCALES, current_language, day
from community.core.regions import REGIONS

_GROUPS = {
    "physician": lazy_pgettext("group", "Physician"),
    "nurse_practitioner": lazy_pgettext("group", "Nurse practitioner"),
    "nurse": lazy_pgettext("group", "Nurse"),
    "pharmacist": lazy_pgettext("group", "Pharmacist"),
    "social_worker": lazy_pgettext("group", "Social worker"),
    "psychotherapist": lazy_pgettext("group", "Psychotherapist"),
    "counsellor": lazy_pgettext("group", "Counsellor"),
    "harm_reduction_worker": lazy_pgettext("group", "Harm-reduction worker"),
    "learner": lazy_pgettext("group", "Student or resident in a profession of care"),
    "lived_experience": lazy_pgettext("group", "Lived or living experience of substance use"),
    "family": lazy_pgettext("group", "Family or friend of a person who uses"),
    "government": lazy_pgettext("group", "Government or public agency"),
    "public_health": lazy_pgettext("group", "Public health"),
    "researcher": lazy_pgettext("group", "Research"),
    "public": lazy_pgettext("group", "Interested public"),
}
_PROFESSIONS = {
    "physician": lazy_pgettext("title", "physician"),
    "nurse_practitioner": lazy_pgettext("title", "nurse practitioner"),
    "nurse": lazy_pgettext("title", "nurse"),
    "pharmacist": lazy_pgettext("title", "pharmacist"),
    "social_worker": lazy_pgettext("title", "social worker"),
    "psychotherapist": lazy_pgettext("title", "psychotherapist"),
    "counsellor": lazy_pgettext("title", "counsellor"),
    "harm_reduction_worker": lazy_pgettext("title", "harm-reduction worker"),
    "learner": lazy_pgettext("title", "learner"),
    "government": lazy_pgettext("title", "government"),
    "public_health": lazy_pgettext("title", "public health"),
    "organization": lazy_pgettext("title", "community organization"),
}
_STATES = {
    "claimed": lazy_pgettext("claim", "Claimed, waiting to be checked"),
    "pending": lazy_pgettext("claim", "Checked once, waiting for a second person"),
    "verified": lazy_pgettext("claim", "Verified"),
    "refused": lazy_pgettext("claim", "Refused"),
    "checked": lazy_pgettext("claim", "Checked again: it stands"),
    "lapsed": lazy_pgettext("claim", "Ended, to be renewed"),
    "revoked": lazy_pgettext("claim", "Withdrawn"),
}
_DUTIES = {
    "coordinator": lazy_pgettext("duty", "Coordinator"),
    "administrator": lazy_pgettext("duty", "Administrator"),
    "moderator": lazy_pgettext("duty", "Moderator of a space"),
}

# For how long, in minutes, nothing may be done in a session.
IDLE = {
    15: _l("A quarter of an hour"),
    60: _l("An hour"),
    480: _l("Eight hours"),
    10_080: _l("A week"),
}
_HELP_KINDS = {
    "emergency": lazy_pgettext("help line", "In danger, now"),
    "suicide": lazy_pgettext("help line", "Thoughts of suicide"),
    "overdose": lazy_pgettext("help line", "Using alone"),
    "health": lazy_pgettext("help line", "Health advice"),
    "drugs": lazy_pgettext("help line", "Alcohol and other drugs"),
    "treatment": lazy_pgettext("help line", "Treatment"),
    "poison": lazy_pgettext("help line", "Poison centre"),
    "crisis": lazy_pgettext("help line", "Crisis"),
}
_ACTS: dict[str, object] = {
    "credential.looked": lazy_pgettext("act", "Claim of a title looked at"),
    "credential.pending": lazy_pgettext("act", "Title checked once"),
    "credential.verified": lazy_pgettext("act", "Title verified"),
    "credential.refused": lazy_pgettext("act", "Title refused"),
    "credential.revoked": lazy_pgettext("act", "Title withdrawn"),
    "credential.checked": lazy_pgettext("act", "Title checked again"),
    "institution.added": lazy_pgettext("act", "Institution added to the list"),
    "institution.removed": lazy_pgettext("act", "Institution taken off the list"),
    "duty.given": lazy_pgettext("act", "Duty given"),
    "duty.taken": lazy_pgettext("act", "Duty taken back"),
    "help_line.saved": lazy_pgettext("act", "Help line saved"),
    "help_line.removed": lazy_pgettext("act", "Help line removed"),
    "help_line.called": lazy_pgettext("act", "Help line called"),
    "account.sessions_ended": lazy_pgettext("act", "Sessions of an account ended"),
    "job.retried": lazy_pgettext("act", "Failed job started again"),
    "vault.rotated": lazy_pgettext("act", "Key of the vault changed"),
    "vault.started_over": lazy_pgettext("act", "Vault started over"),
    "site.restored": lazy_pgettext("act", "Site restored from a copy"),
}
# By domain and detail: what its codes are called.
_DETAILS: dict[tuple[str, str], Mapping[str, object]] = {}


def act_name(act: str) -> str:
    """An act of the register in words; the code itself for acts of other domains that have none."""
    return str(_ACTS[act]) if act in _ACTS else act


def name_acts(names: dict[str, object]) -> None:
    """Let an upper domain say its acts in words."""
    _ACTS.update(names)


def detail_name(act: str, detail: str, value: object) -> str:
    """What an act of the register says of itself, in words; the value itself where its domain has none."""
    if detail == "duty":
        return duty_name(str(value))
    domain = act.partition(".")[0]
    return str(_DETAILS.get((domain, detail), {}).get(str(value), value))


def name_details(domain: str, detail: str, names: Mapping[str, object]) -> None:
    """Let an upper domain say the codes of one detail of its acts in words."""
    _DETAILS[domain, detail] = names


def help_kinds() -> list[tuple[str, str]]:
    """The kinds of help lines, as choices."""
    return [(kind, str(name)) for kind, name in _HELP_KINDS.items()]


def group_name(code: str) -> str:
    """A stakeholder group, as a choice in a form."""
    return str(_GROUPS[code])


def profession_name(code: str) -> str:
    """A profession inside a sentence: "nurse practitioner", « pratique infirmière spécialisée »."""
    return str(_PROFESSIONS[code])


def capital(text: str) -> str:
    """The text with a capital at its start, for a title or a cell."""
    return text[:1].upper() + text[1:]


def state_name(state: str) -> str:
    """Where the checking of a title stands."""
    return str(_STATES[state])


def duty_name(duty: str) -> str:
    """What the community entrusts to a persona."""
    return str(_DUTIES[duty])


def place_name(code: str | None) -> str:
    """A province or region by its name; empty for none."""
    if code == "ca":
        return "Canada"
    return REGIONS[code].name(current_language()) if code and code in REGIONS else ""


def month(moment: date) -> str:
    """novembre 2026, November 2026."""
    return str(format_date(moment, "MMMM y", locale=LOCALES[current_language()]))


def label_words(label: Label) -> str:
    """What stands beside a name: the verified title and since when, or until when it was verified."""
    facts = {"profession": profession_name(label.profession), "place": place_name(label.jurisdiction)}
    if not label.holds:
        return gettext("Verified until %(day)s (%(profession)s, %(place)s)", day=day(label.ended), **facts)
    if label.since is None:
        return short_label(label)
    facts["month"] = month(label.since)
    if label.profession == LEARNER:
        return gettext("Learner, vouched for, %(place)s, since %(month)s", **facts)
    if label.profession in AFFILIATIONS:
        return gettext("Verified affiliation: %(profession)s, %(place)s, since %(month)s", **facts)
    return gettext("Verified %(profession)s, %(place)s, since %(month)s", **facts)


def short_label(label: Label) -> str:
    """The same in the room of a list: "Verified nurse, Ontario"."""
    facts = {"profession": profession_name(label.profession), "place": place_name(label.jurisdiction)}
    if not label.holds:
        return gettext("Verified until %(day)s", day=day(label.ended))
    if label.profession == LEARNER:
        return gettext("Learner, vouched for, %(place)s", **facts)
    if label.profession in AFFILIATIONS:
        return gettext("Verified affiliation: %(profession)s, %(place)s", **facts)
    return pgettext("label", "Verified %(profession)s, %(place)s") % facts


def device_words(device: str) -> str:
    """A kind of browser as its owner knows it: "Firefox, Android"."""
    browser, _slash, system = device.partition("/")
    browser = gettext("Another browser") if browser in {"", "?"} else browser
    return browser if system in {"", "?"} else f"{browser}, {system}"
