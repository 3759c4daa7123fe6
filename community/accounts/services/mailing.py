"""Mail to a persona: the address behind it, in memory only.

Upper domains have a persona and ask here when a mail really goes out; nothing they store says who it
went to. Mail goes only to an account that is confirmed, active, has an address, and agreed to it.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from community.accounts import vault
from community.accounts.members import User
from community.accounts.models import Persona
from community.accounts.services.joining import agree, has_agreed, who_agrees
from community.core.db import db


def address_of(persona_id: str) -> tuple[str, str] | None:
    """The address behind a persona, and the language the persona is written to in.

    None where there is none, the account is not confirmed, or its owner did not agree to mail. Persona
    and member are read by statements of their own: no log ever holds both.
    """
    lang = db.session.scalar(select(Persona.lang).where(Persona.id == persona_id, Persona.state == "active"))
    if lang is None:
        return None
    member = _member(persona_id)
    if member is None or _hindrance(member):
        return None
    return str(member.email), lang


def who_takes_mail(persona_ids: Collection[str]) -> frozenset[str]:
    """Those of these active personas to whom mail may go, in three statements whatever their number.

    None of them names a persona beside a member.
    """
    members = vault.members_of(persona_ids)
    ids = sorted(set(members.values()))  # in no order that the personas have
    reached = db.session.scalars(
        select(User.id).where(User.id.in_(ids), User.email != "", User.active, User.confirmed_at.is_not(None))
    )
    able = who_agrees(sorted(reached), "notifications")
    return frozenset(persona_id for persona_id, member_id in members.items() if member_id in able)


def no_mail_because(persona_id: str) -> str:
    """Why this persona gets no mail: "address", "consent", or nothing when it does. For its own eyes."""
    member = _member(persona_id)
    return "address" if member is None else _hindrance(member)


def agree_to_mail(persona_id: str) -> None:
    """Keep that whoever is behind a persona agreed to mail: for the demonstration, where nobody is asked.

    A member with two names agrees once.
    """
    member = _member(persona_id)
    if member is not None and not has_agreed(member.id, "notifications"):
        agree(member.id, "notifications", member.lang)


def _member(persona_id: str) -> User | None:
    member_id = vault.member_of(persona_id)
    return None if member_id is None else db.session.get(User, member_id)


def _hindrance(member: User) -> str:
    if not member.email or not member.active or member.confirmed_at is None:
        return "address"
    return "" if has_agreed(member.id, "notifications") else "consent"
