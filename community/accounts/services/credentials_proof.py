"""Showing that a title is one's own: a code to an institutional mailbox, or a sign-in of an institution.

The address is used once and kept nowhere. Of the institution a keyed hash is kept, of the code too, for
half an hour; it works once.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from community.accounts.models import Credential
from community.accounts.permissions import may_prove
from community.accounts.services.credentials_steps import prove
from community.accounts.titles import Institution, MailboxCode
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid
from community.core.sealing import tag, tags

LASTS = timedelta(minutes=30)
MOST_TRIES = 5
_DIGITS = 8
_CODE, _INSTITUTION = "mailbox code", "institution"
_ADDRESS = re.compile(r"[a-z0-9._%+'-]{1,64}@((?:[a-z0-9-]{1,63}\.)+[a-z]{2,24})")


def new_code(viewer: Viewer, credential: Credential, address: str) -> tuple[str, str]:
    """A code for this title, to be sent to this address: returns the address as written, and the code.

    A code that waited before is worth nothing any more.

    :raises Invalid: no address, or of no institution of the list.
    """
    require(may_prove(viewer, credential))
    plain = address.strip().lower()
    behind = _institution_of(plain)
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    db.session.execute(delete(MailboxCode).where(MailboxCode.credential_id == credential.id))
    db.session.add(
        MailboxCode(
            credential_id=credential.id,
            code_hash=tag(_CODE, credential.id, code),
            institution_hash=tag(_INSTITUTION, behind.value),
            ends_at=clock.now() + LASTS,
            tries=0,
        )
    )
    db.session.flush()
    return plain, code


def _institution_of(address: str) -> Institution:
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise Invalid("address", _l("Write a whole address, such as name@hospital.example."))
    parts = found.group(1).split(".")
    ends = [".".join(parts[place:]) for place in range(len(parts) - 1)]
    rows = db.session.scalars(
        select(Institution).where(Institution.kind == "domain", Institution.value.in_(ends))
    ).all()
    if not rows:
        raise Invalid(
            "address",
            _l("This address is of no institution of our list. A coordinator can speak with you instead."),
        )
    return max(rows, key=lambda row: len(row.value))


def code_waits(credential: Credential) -> bool:
    """Whether a code was sent that can still be entered."""
    row = db.session.get(MailboxCode, credential.id)
    return row is not None and row.ends_at > clock.now() and row.tries < MOST_TRIES


def enter_code(viewer: Viewer, credential: Credential, code: str) -> bool:
    """Whether this is the code that was sent; then the title is proved. A wrong try is counted.

    :raises Invalid: no code waits: none was sent, the half hour is over, or it was tried too often.
    """
    require(may_prove(viewer, credential))
    sent = select(MailboxCode).where(MailboxCode.credential_id == credential.id).with_for_update()
    row = db.session.scalar(sent.execution_options(populate_existing=True))  # each try counts
    if row is None or row.ends_at <= clock.now() or row.tries >= MOST_TRIES:
        raise Invalid("code", _l("No code waits here any more. Have another one sent."))
    row.tries += 1
    written = "".join(c for c in code if c.isdigit())
    if not any(hmac.compare_digest(row.code_hash, one) for one in tags(_CODE, credential.id, written)):
        return False
    prove(credential, "mailbox", row.institution_hash)
    db.session.delete(row)
    db.session.flush()
    return True


def listed_issuers(issuers: Iterable[str]) -> list[Institution]:
    """Those of these issuers that are on the list, letter by letter. No address, no domain counts."""
    listed = Institution.kind == "issuer"
    rows = select(Institution).where(listed, Institution.value.in_(list(issuers)))
    return list(db.session.scalars(rows.order_by(Institution.value)))


def prove_by_sign_in(viewer: Viewer, credential: Credential, issuers: Iterable[str]) -> None:
    """The member behind the name signs in by an institution, and says so for this title.

    Kept to the day, so that no row can be matched to a sign-in.

    :raises Invalid: none of these issuers is on the list.
    """
    require(may_prove(viewer, credential))
    found = listed_issuers(issuers)
    if not found:
        raise Invalid("issuer", _l("Your account is tied to no institution of our list."))
    prove(credential, "issuer", tag(_INSTITUTION, found[0].value))


def institution_behind(credential: Credential) -> str:
    """The name of the institution behind the proof; empty when it is none, or no longer on the list."""
    if credential.proof_by is None:
        return ""
    rows = db.session.scalars(select(Institution))
    return next(
        (row.name for row in rows if credential.proof_by in tags(_INSTITUTION, row.value)),
        "",
    )
