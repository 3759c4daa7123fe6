"""What accounts put into archives: of a name its face and its titles, of an account how one comes in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from community.accounts.members import Consent, RescueCode, SignIn, User
from community.accounts.models import Credential, CredentialDecision, Duty, Persona, PersonaGroup
from community.accounts.names import skeleton
from community.core import archives, clock
from community.core.archives import Row, Rows
from community.core.db import db
from community.core.errors import Conflict


def register() -> None:
    """Name the parts."""
    archives.part("name", of_persona, load)
    archives.account_part("account", of_account)


def columns(row: Any, *names: str) -> Row:
    """These columns of a row."""
    return {name: getattr(row, name) for name in names}


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
        "names": [columns(persona, "id", "name", "kind", "region", "lang", "made_on")],
        "groups": [{"group": code} for code in sorted(row.group for row in persona.groups)],
        "titles": [columns(title, *_TITLE) for title in titles],
        "decisions": [columns(step, *_STEP) for step in steps],
        "duties": [columns(duty, "duty", "scope", "given_on") for duty in duties],
    }


def load(persona_id: str, rows: Rows) -> int:
    """Make the name of an archive. Nobody is behind it; titles and duties are asked for anew.

    :raises Conflict: the name, or one that looks like it, is there.
    """
    kept = rows["names"][0]
    read = skeleton(kept["name"])
    taken = select(Persona.id).where((Persona.id == persona_id) | (Persona.skeleton == read))
    if db.session.scalar(taken.limit(1)) is not None:
        raise Conflict("This name is there already: an archive is loaded into a community that lacks it.")
    db.session.add(
        Persona(
            id=persona_id,
            name=kept["name"],
            skeleton=read,
            kind=kept["kind"],
            state="active",
            region=kept["region"],
            lang=kept["lang"],
            made_on=clock.today().fromisoformat(kept["made_on"]),
            groups=[PersonaGroup(group=row["group"]) for row in rows["groups"]],
        )
    )
    db.session.flush()
    return 1 + len(rows["groups"])


def of_account(member_id: str) -> Rows:
    """An account: how one comes in, what was agreed to, where one is signed in."""
    member = db.session.get_one(User, member_id)
    consents = db.session.scalars(
        select(Consent).where(Consent.member_id == member_id).order_by(Consent.given_at, Consent.purpose)
    )
    sessions = db.session.scalars(select(SignIn).where(SignIn.member_id == member_id).order_by(SignIn.since))
    codes = select(func.count()).select_from(RescueCode).where(RescueCode.member_id == member_id)
    return {
        "account": [columns(member, "email", "username", "lang", "joined_at", "confirmed_at")],
        "consents": [
            columns(row, "purpose", "text_version", "lang", "given_at", "withdrawn_at") for row in consents
        ],
        "sessions": [columns(row, "since", "ends_at") for row in sessions],
        "rescue_codes": [{"left": db.session.scalar(codes) or 0}],
    }
