"""Claiming a title or an affiliation. Of a number, a keyed hash and its end are kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.models import AFFILIATIONS, PROFESSIONS, Credential
from community.accounts.permissions import may_claim
from community.accounts.professions import professions
from community.accounts.services.credentials_steps import holds_now, step
from community.accounts.services.personas import check_groups
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.identifiers import without_numbers
from community.core.regions import provinces
from community.core.sealing import tag, tags
from community.core.tidy import tidy

FEDERAL = "ca"  # the jurisdiction of an affiliation that belongs to no province
_OPEN = ("claimed", "pending")
_TAG = "licence number"
_LONGEST_NUMBER = 30
_END, _UNKNOWN = 3, 2  # so many last characters are kept, and so many first ones never, however short it is
_MOST_PARTS = 8  # "1 2 3 4 5" is a number in five parts
_LONGEST_ORGANIZATION = 120


def claim(
    viewer: Viewer,
    profession: str,
    jurisdiction: str,
    number: str = "",
    *,
    specialty: str = "",
    organization: str = "",
) -> Credential:
    """Claim a title or an affiliation for the public name that speaks.

    Of the number, a keyed hash and its end are kept.

    :raises Invalid: no such profession or province, or no number. :raises Conflict: claimed already.
    """
    require(may_claim(viewer), _l("A title is claimed under a public name."))
    if profession not in (*PROFESSIONS, *AFFILIATIONS):
        raise Invalid("profession", _l("Choose a profession from the list."))
    check_place(profession, jurisdiction)
    if profession in PROFESSIONS:
        check_groups([*viewer.groups, profession], "profession")
    digits = _number(profession, number)
    row = claimed_row(str(viewer.persona_id), profession, jurisdiction)
    row.specialty = _specialty(profession, specialty)
    row.organization = _organization(profession, organization)
    row.number_hash = tag(_TAG, profession, jurisdiction, digits) if digits else None
    row.number_end = digits[_UNKNOWN:][-_END:]
    step(row, "claimed", str(viewer.persona_id))
    return row


def check_place(profession: str, jurisdiction: str) -> None:
    """:raises Invalid: not a province or territory, nor the country for an affiliation."""
    places = {place.code for place in provinces()} | ({FEDERAL} if profession in AFFILIATIONS else set())
    if jurisdiction not in places:
        raise Invalid("jurisdiction", _l("Choose a province or territory from the list."))


def _number(profession: str, number: str) -> str:
    kept = _plain(number)
    if not kept and not professions()[profession].registered:
        return ""
    if not 3 <= len(kept) <= _LONGEST_NUMBER or not any(c.isdigit() for c in kept):
        raise Invalid("number", _l("Write the licence or member number as your college gives it."))
    return kept


def _specialty(profession: str, specialty: str) -> str:
    if specialty and specialty not in professions()[profession].specialties:
        raise Invalid("specialty", _l("This specialty does not go with this profession. Leave it empty."))
    return specialty


def _organization(profession: str, organization: str) -> str:
    words = without_numbers(tidy(organization))
    least = 3 if profession in AFFILIATIONS else 0
    if not least <= len(words) <= _LONGEST_ORGANIZATION:
        raise Invalid("organization", _l("Write the name of the organization, in at most 120 characters."))
    return words


def claimed_row(
    persona_id: str,
    profession: str,
    jurisdiction: str,
    waits: Callable[[Credential], bool] = lambda _row: True,
) -> Credential:
    """The row of a title that is claimed now, for the first time or anew: nothing is proved.

    :param waits: whether one that waits is still to be waited for.
    :raises Conflict: it waits already, or holds.
    """
    row = db.session.scalar(
        select(Credential)
        .where(
            Credential.persona_id == persona_id,
            Credential.profession == profession,
            Credential.jurisdiction == jurisdiction,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is not None and (holds_now(row) or (row.state in _OPEN and waits(row))):
        raise Conflict(_l("This title is claimed already."))
    if row is None:
        row = Credential(persona_id=persona_id, profession=profession, jurisdiction=jurisdiction)
        db.session.add(row)
    row.proof, row.proof_by, row.proved_on = "", None, None
    row.claimed_at = clock.now()
    db.session.flush()
    return row


def is_number_of(credential: Credential, number: str) -> bool:
    """Whether this number, as read in a register, is the one that was claimed."""
    wanted = tags(_TAG, credential.profession, credential.jurisdiction, _plain(number))
    return credential.number_hash in wanted


def _plain(number: str) -> str:
    """The letters and figures of a number, in capitals, however wide or raised they were typed."""
    return "".join(c for c in unicodedata.normalize("NFKC", number).upper() if c.isalnum())


def says_number_of(credential: Credential, words: str) -> bool:
    """Whether words hold the number that was claimed, in one part or several."""
    if credential.number_hash is None:
        return False
    words = unicodedata.normalize("NFKC", words)
    parts = re.findall(r"[^\W_]+", words)
    runs = {
        "".join(parts[at : at + length]) for at in range(len(parts)) for length in range(1, _MOST_PARTS + 1)
    }
    runs |= set(re.findall(r"\d+", words))
    return any(is_number_of(credential, run) for run in runs if 3 <= len(run) <= _LONGEST_NUMBER)
