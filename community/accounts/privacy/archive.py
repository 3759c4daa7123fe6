"""What accounts put into archives: of a name its face and its titles, of an account how one comes in."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import func, select

from community.accounts.members import Consent, RescueCode, SignIn, User
from community.accounts.models import Credential, CredentialDecision, Duty, Persona, PersonaGroup
from community.accounts.names import fault_of, skeleton
from community.accounts.services import likeness, personas
from community.accounts.services.personas import Wish
from community.core import archives
from community.core.archive_rows import BadRow, columns, each
from community.core.archives import Row, Rows
from community.core.db import db
from community.core.errors import Conflict


def register() -> None:
    """Name the parts."""
    archives.part("name", of_persona, load)
    archives.account_part("account", of_account)


def _columns(row: Any, *names: str) -> Row:
    return {name: getattr(row, name) for name in names}


_ID = re.compile(r"[0-9A-Za-z]{22}")
_NAME = ("name", "kind", "region", "lang", "made_on")
_TITLE = (
    *("id", "profession", "specialty", "jurisdiction", "organization", "state", "number_end"),
    *("claimed_at", "proof", "proved_on", "since", "until"),
)
_STEP = ("credential_id", "number", "decision", "because", "reason", "at")


def of_persona(persona_id: str) -> Rows:
    """A name: what others read of it, its titles with their decisions, its duties."""
    persona = db.session.get_one(Persona, persona_id)
    titles = list(db.session.scalars(select(Credential).where(Credential.persona_id == persona_id)))
    steps = db.session.scalars(
        select(CredentialDecision)
        .where(CredentialDecision.credential_id.in_([title.id for title in titles]))
        .order_by(CredentialDecision.credential_id, CredentialDecision.number)
    )
    duties = db.session.scalars(select(Duty).where(Duty.persona_id == persona_id))
    return {
        "names": [_columns(persona, "id", *_NAME)],
        "groups": [{"group": code} for code in sorted(row.group for row in persona.groups)],
        "titles": [_columns(title, *_TITLE) for title in titles],
        "decisions": [_columns(step, *_STEP) for step in steps],
        "duties": [_columns(duty, "duty", "scope", "given_on") for duty in duties],
    }


def load(persona_id: str, rows: Rows) -> int:
    """Make the name of an archive. Nobody is behind it; titles and duties are asked for anew.

    :raises Conflict: the name, or one that looks like it, is there.
    :raises Invalid: nobody could take this name. :raises BadRow: a row is not one of an archive.
    """
    kept = next(each(rows, "names"))
    made = columns(Persona, kept, *_NAME)
    made["name"] = _without_title(made["name"])
    groups = [columns(PersonaGroup, row, "group")["group"] for row in each(rows, "groups")]
    wish = Wish(made["kind"], made["name"], tuple(groups), made["region"], made["lang"])
    personas.check_form(wish, proposed=False)
    read = skeleton(wish.name)
    taken = select(Persona.id).where((Persona.id == persona_id) | (Persona.skeleton == read))
    if made["lang"] not in ("fr", "en") or _ID.fullmatch(persona_id) is None:
        raise BadRow("“names” is not as an archive has it.")
    if db.session.scalar(taken.limit(1)) is not None or likeness.is_anothers(wish.name):
        raise Conflict("This name is there already: an archive is loaded into a community that lacks it.")
    made["groups"] = [PersonaGroup(group=code) for code in sorted(set(groups))]
    db.session.add(Persona(id=persona_id, skeleton=read, state="active", **made))
    db.session.flush()
    return 1 + len(groups)


def _without_title(name: str) -> str:
    """A title is asked for anew: the words before and behind a name that say one are left out."""
    if fault_of(name, "public") is None:
        return name
    words = name.replace(",", " ").split()
    cuts = ((first, last) for last in range(len(words), 0, -1) for first in range(last))
    shorter = (" ".join(words[first:last]) for first, last in cuts)
    return next((one for one in shorter if fault_of(one, "public") is None), name)


def of_account(member_id: str) -> Rows:
    """An account: how one comes in, what was agreed to, where one is signed in."""
    member = db.session.get_one(User, member_id)
    consents = db.session.scalars(
        select(Consent).where(Consent.member_id == member_id).order_by(Consent.given_at, Consent.purpose)
    )
    sessions = db.session.scalars(select(SignIn).where(SignIn.member_id == member_id).order_by(SignIn.since))
    codes = select(func.count()).select_from(RescueCode).where(RescueCode.member_id == member_id)
    return {
        "account": [_columns(member, "email", "username", "lang", "joined_at", "confirmed_at")],
        "consents": [
            _columns(row, "purpose", "text_version", "lang", "given_at", "withdrawn_at") for row in consents
        ],
        "sessions": [_columns(row, "since", "ends_at") for row in sessions],
        "rescue_codes": [{"left": db.session.scalar(codes) or 0}],
    }
