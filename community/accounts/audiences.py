"""Whom an audience admits.

A space lists audiences; a persona has those of its groups, of its verified titles and of what upper
domains add (membership of a space). A claim is not a credential: a profession or an affiliation
opens nothing until it is verified, and an expired one closes what it opened that second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Select

from community.accounts.models import (
    AFFILIATIONS,
    CLINICIANS,
    LIVED,
    PROFESSIONAL_GROUPS,
    PROFESSIONS,
    Credential,
)

EVERYONE = "everyone"
MEMBER = "member"
PROFESSIONAL = "professional"
CLINICIAN = "clinician"
# The mark of a name that those who moderate suspended: it reads what everyone reads.
SUSPENDED = "limit:suspend"
# In these states a title says who speaks; the others are over.
_STANDING = frozenset({"claimed", "pending", "verified"})

Rows = Callable[[], Select[str, str]]
Admitted = Callable[[str, str], Iterable[str]]
Ends = Callable[[], Select[datetime | None]]
# The persona's rows, two texts each, at ``bindparam("now")`` for ``bindparam("persona_id")``; whom a row
# admits; and the moments after ``now`` at which one of them ends. Rows rather than an answer, so that who
# asks is known by one statement.
Admissions = tuple[Rows, Admitted, Ends]
_further: list[Admissions] = []


def group(code: str) -> str:
    """The audience of a stakeholder group."""
    return f"group:{code}"


def space(space_id: int) -> str:
    """The audience of a space's own members."""
    return f"space:{space_id}"


def also_admits(rows: Rows, admitted: Admitted, ends: Ends) -> None:
    """Let an upper domain add audiences of a persona. A change of these rows moves a number (``numbers``)."""
    if (rows, admitted, ends) not in _further:
        _further.append((rows, admitted, ends))


def left_by_limits(found: frozenset[str]) -> frozenset[str]:
    """What a suspended name is left of its audiences; all of them for any other name."""
    return frozenset({EVERYONE, SUSPENDED}) if SUSPENDED in found else found


def further() -> tuple[Admissions, ...]:
    """What upper domains add."""
    return tuple(_further)


def of_groups(groups: Iterable[str], titles: Iterable[Credential] = ()) -> set[str]:
    """The audiences of the groups a persona chose.

    Professions and affiliations open nothing by being chosen. Lived experience and family do, unless
    the same name says, or has a title which says, that it is a professional's: they come in only as guests.
    """
    chosen = set(groups)
    admitted = {group(code) for code in chosen - PROFESSIONAL_GROUPS - set(AFFILIATIONS)}
    if chosen & PROFESSIONAL_GROUPS or any(speaks_as_professional(one) for one in titles):
        admitted -= {group(code) for code in LIVED}
    return admitted


def speaks_as_professional(credential: Credential) -> bool:
    """Whether this is the title of a profession, and waits or holds: not one that ended or was refused."""
    return credential.profession in PROFESSIONAL_GROUPS and credential.state in _STANDING


def of_credentials(credentials: Iterable[Credential], at: datetime) -> set[str]:
    """The audiences of the titles that are verified at this moment."""
    admitted: set[str] = set()
    for credential in credentials:
        if holds(credential, at):
            admitted |= of_title(credential.profession)
    return admitted


def of_title(profession: str) -> set[str]:
    """What a title or an affiliation opens while it is verified. A learner is no professional yet."""
    admitted = {group(profession)}
    if profession in PROFESSIONS:
        admitted.add(PROFESSIONAL)
    if profession in CLINICIANS:
        admitted.add(CLINICIAN)
    return admitted


def of_attested(*, attested: bool) -> set[str]:
    """What the vault's word opens to a protected name: what is for clinicians, and nothing finer."""
    return {PROFESSIONAL, CLINICIAN} if attested else set()


def holds(credential: Credential, at: datetime) -> bool:
    """Whether a title is verified at this moment."""
    return credential.state == "verified" and (credential.until is None or at < credential.until)
