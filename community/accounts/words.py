"""Groups, titles and duties in words people read, neutral in both languages.

In French a title is said by its field (« Titre vérifié : pharmacie »), which has no gender.
"""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_date
from flask_babel import gettext, pgettext
from flask_babel import lazy_pgettext as _lp

from community.accounts.queries import Label
from community.core.i18n import LOCALES, current_language, day
from community.core.regions import REGIONS

_GROUPS = {
    "physician": _lp("group", "Physician"),
    "nurse_practitioner": _lp("group", "Nurse practitioner"),
    "nurse": _lp("group", "Nurse"),
    "pharmacist": _lp("group", "Pharmacist"),
    "social_worker": _lp("group", "Social worker"),
    "psychotherapist": _lp("group", "Psychotherapist"),
    "counsellor": _lp("group", "Counsellor"),
    "harm_reduction_worker": _lp("group", "Harm-reduction worker"),
    "learner": _lp("group", "Student or resident in a profession of care"),
    "lived_experience": _lp("group", "Lived or living experience of substance use"),
    "family": _lp("group", "Family or friend of a person who uses"),
    "government": _lp("group", "Government or public agency"),
    "public_health": _lp("group", "Public health"),
    "researcher": _lp("group", "Research"),
    "public": _lp("group", "Interested public"),
}
_PROFESSIONS = {
    "physician": _lp("title", "physician"),
    "nurse_practitioner": _lp("title", "nurse practitioner"),
    "nurse": _lp("title", "nurse"),
    "pharmacist": _lp("title", "pharmacist"),
    "social_worker": _lp("title", "social worker"),
    "psychotherapist": _lp("title", "psychotherapist"),
    "counsellor": _lp("title", "counsellor"),
    "harm_reduction_worker": _lp("title", "harm-reduction worker"),
}
_STATES = {
    "claimed": _lp("claim", "Claimed, waiting to be checked"),
    "pending": _lp("claim", "Checked once, waiting for a second person"),
    "verified": _lp("claim", "Verified"),
    "refused": _lp("claim", "Refused"),
    "lapsed": _lp("claim", "Ended, to be renewed"),
    "revoked": _lp("claim", "Withdrawn"),
}
_DUTIES = {
    "coordinator": _lp("duty", "Coordinator"),
    "administrator": _lp("duty", "Administrator"),
    "moderator": _lp("duty", "Moderator of a space"),
}

_HELP_KINDS = {
    "emergency": _lp("help line", "In danger, now"),
    "suicide": _lp("help line", "Thoughts of suicide"),
    "overdose": _lp("help line", "Using alone"),
    "health": _lp("help line", "Health advice"),
    "drugs": _lp("help line", "Alcohol and other drugs"),
    "treatment": _lp("help line", "Treatment"),
    "poison": _lp("help line", "Poison centre"),
    "crisis": _lp("help line", "Crisis"),
}
_ACTS: dict[str, object] = {
    "credential.pending": _lp("act", "Title checked once"),
    "credential.verified": _lp("act", "Title verified"),
    "credential.refused": _lp("act", "Title refused"),
    "credential.revoked": _lp("act", "Title withdrawn"),
    "duty.given": _lp("act", "Duty given"),
    "duty.taken": _lp("act", "Duty taken back"),
    "help_line.saved": _lp("act", "Help line saved"),
    "help_line.removed": _lp("act", "Help line removed"),
    "help_line.called": _lp("act", "Help line called"),
    "job.retried": _lp("act", "Failed job started again"),
    "vault.rotated": _lp("act", "Key of the vault changed"),
    "vault.started_over": _lp("act", "Vault started over"),
}


def act_name(act: str) -> str:
    """An act of the register in words; the code itself for acts of other domains that have none."""
    return str(_ACTS[act]) if act in _ACTS else act


def name_acts(names: dict[str, object]) -> None:
    """Let an upper domain say its acts in words."""
    _ACTS.update(names)


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
    return REGIONS[code].name(current_language()) if code and code in REGIONS else ""


def month(moment: datetime) -> str:
    """novembre 2026, November 2026."""
    return str(format_date(moment, "MMMM y", locale=LOCALES[current_language()]))


def label_words(label: Label) -> str:
    """What stands beside a name: the verified title and since when, or until when it was verified."""
    facts = {"profession": profession_name(label.profession), "place": place_name(label.jurisdiction)}
    if not label.holds:
        return gettext("Verified until %(day)s (%(profession)s, %(place)s)", day=day(label.ended), **facts)
    if label.since is None:
        return pgettext("label", "Verified %(profession)s, %(place)s") % facts
    return gettext("Verified %(profession)s, %(place)s, since %(month)s", month=month(label.since), **facts)


def short_label(label: Label) -> str:
    """The same in the room of a list: "Verified nurse, Ontario"."""
    facts = {"profession": profession_name(label.profession), "place": place_name(label.jurisdiction)}
    if not label.holds:
        return gettext("Verified until %(day)s", day=day(label.ended))
    return pgettext("label", "Verified %(profession)s, %(place)s") % facts
