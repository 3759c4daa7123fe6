"""What the pages of titles say: specialties, affiliations, proofs, decisions and their reasons."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from community.accounts.models import AFFILIATIONS, Credential
from community.accounts.professions import Register
from community.core import clock

_SPECIALTIES = {
    "family_medicine": lazy_pgettext("specialty", "Family medicine"),
    "addiction_medicine": lazy_pgettext("specialty", "Addiction medicine"),
    "psychiatry": lazy_pgettext("specialty", "Psychiatry"),
    "emergency_medicine": lazy_pgettext("specialty", "Emergency medicine"),
    "internal_medicine": lazy_pgettext("specialty", "Internal medicine"),
    "pain_medicine": lazy_pgettext("specialty", "Pain medicine"),
    "public_health_medicine": lazy_pgettext("specialty", "Public health and preventive medicine"),
    "pediatrics": lazy_pgettext("specialty", "Pediatrics"),
    "obstetrics": lazy_pgettext("specialty", "Obstetrics and gynecology"),
    "anesthesiology": lazy_pgettext("specialty", "Anesthesiology"),
    "infectious_diseases": lazy_pgettext("specialty", "Infectious diseases"),
    "other_specialty": lazy_pgettext("specialty", "Another specialty"),
}
_AFFILIATIONS = {
    "government": lazy_pgettext("affiliation", "A ministry or another part of a government"),
    "public_health": lazy_pgettext("affiliation", "A public-health agency or department"),
    "organization": lazy_pgettext("affiliation", "A community organization"),
}
_PROOFS = {
    "mailbox": _l("A code was sent to an institutional mailbox and came back"),
    "issuer": _l("Signed in through an institution"),
    "call": _l("A coordinator spoke with the person and saw the licence or the badge"),
    "supervisor": _l("A verified professional vouches"),
}
_DECISIONS = {
    "verified": _l("Verify: the register says so"),
    "refused": _l("Refuse"),
    "revoked": _l("Withdraw the title now"),
    "checked": _l("Checked again: it stands"),
}
_REASONS = {
    "register": lazy_pgettext("reason", "The register shows this name, in good standing"),
    "institution": lazy_pgettext("reason", "The institution confirms it"),
    "not_found": lazy_pgettext("reason", "Not found in the register"),
    "other_name": lazy_pgettext("reason", "The register shows another name"),
    "other_number": lazy_pgettext("reason", "The register shows another number"),
    "not_active": lazy_pgettext("reason", "The licence is not active"),
    "no_proof": lazy_pgettext("reason", "Nothing shows that the title is theirs"),
    "limited": lazy_pgettext("reason", "The register shows limits that the label would hide"),
    "left": lazy_pgettext("reason", "They no longer work there"),
    "asked": lazy_pgettext("reason", "The person asked for it"),
    "mistaken": lazy_pgettext("reason", "It was verified by mistake"),
    "supervisor": lazy_pgettext("reason", "By the word, or with the title, of whoever vouches"),
    "other": lazy_pgettext("reason", "Another reason"),
}
INSTITUTIONS = {
    "domain": lazy_pgettext("institution", "Mail at this domain"),
    "issuer": lazy_pgettext("institution", "Sign-in by this issuer"),
}


def specialty_name(code: str) -> str:
    """A specialty."""
    return str(_SPECIALTIES[code])


def affiliation_name(code: str) -> str:
    """A kind of affiliation, as a choice in a form."""
    return str(_AFFILIATIONS[code])


def proof_name(title: Credential) -> str:
    """How the person showed that the title is theirs."""
    return str(_PROOFS.get(title.proof) or _("Nothing yet"))


def decision_name(code: str, profession: str) -> str:
    """A decision, as a choice. No register holds where somebody works."""
    if code == "verified" and profession in AFFILIATIONS:
        return _("Verify: the institution confirms it")
    return str(_DECISIONS[code])


def reason_name(code: str) -> str:
    """A reason of the list; nothing for none."""
    return str(_REASONS[code]) if code in _REASONS else ""


def institution_kind(code: str) -> str:
    """What shows that somebody is of an institution."""
    return str(INSTITUTIONS[code])


def waiting_since(moment: datetime | None) -> str:
    """How long a claim has been waiting."""
    if moment is None:
        return ""
    days = (clock.now() - moment).days
    return ngettext("waiting for %(num)s day", "waiting for %(num)s days", days) if days else _("asked today")


def digits_hint(register: Register | None) -> str:
    """How long the numbers of a register usually are; nothing where that is not known."""
    if register is None or not register.digits:
        return ""
    if len(register.digits) == 1:
        return _("Its numbers usually have %(n)s digits.", n=register.digits[0])
    return _(
        "Its numbers usually have %(least)s or %(most)s digits.",
        least=register.digits[0],
        most=register.digits[-1],
    )
