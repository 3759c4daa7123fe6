"""Who writes in a community that was grown: its members, and names that only wrote."""

from __future__ import annotations

import random
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from community.accounts import session as sessions
from community.accounts.idleness import SEEN
from community.accounts.models import Credential, Persona, PersonaGroup
from community.accounts.services import Wish, bring_in
from community.core import clock
from community.core.db import db, transaction
from ground.bench import words
from ground.bench.bulk import drawn_key, insert_all

MEMBERS, OTHERS = 50, 450
TITLED = 5  # every fifth name has a verified title
NO_PASSWORD = "!"  # noqa: S105 - no hash of any password: their sessions are made here


def people_of(dice: random.Random) -> tuple[list[str], list[str]]:
    """The members' names, and names that only wrote; made the first time."""
    known = db.session.execute(select(Persona.id, Persona.name).order_by(Persona.name)).all()
    if not known:
        _make_people(dice)
        known = db.session.execute(select(Persona.id, Persona.name).order_by(Persona.name)).all()
    mine = [row.id for row in known if row.name.startswith("Member ")]
    return mine, [row.id for row in known if not row.name.startswith("Member ")]


def _make_people(dice: random.Random) -> None:
    with transaction():
        for number in range(MEMBERS):
            wish = Wish("public", f"Member {words.name(number)}", ("public",), "on", "en")
            bring_in(wish, email=f"bench{number}@example.org", password_hash=NO_PASSWORD)
    ids = [drawn_key(dice) for _ in range(OTHERS)]
    with transaction():
        insert_all(
            Persona,
            (
                {
                    "id": one,
                    "name": f"Writer {words.name(number)}",
                    "skeleton": f"writer{one}".lower(),
                    "kind": "public",
                    "state": "active",
                    "lang": "en",
                    "made_on": clock.today().replace(day=1),
                }
                for number, one in enumerate(ids)
            ),
        )
        titled = ids[::TITLED]
        insert_all(PersonaGroup, ({"persona_id": one, "group": "physician"} for one in titled))
        insert_all(Credential, (_title(dice, one) for one in titled))


def _title(dice: random.Random, persona_id: str) -> dict[str, Any]:
    return {
        "id": drawn_key(dice),
        "persona_id": persona_id,
        "profession": "physician",
        "jurisdiction": "on",
        "state": "verified",
        "number_end": "",
        "since": clock.ago(days=200),
        "until": clock.now() + timedelta(days=300),
    }


def sessions_of(app: Flask) -> list[dict[str, str]]:
    """A new session for each member, as its cookie; with what a browser's holds since its first page."""
    found = []
    since = {"csrf_token": secrets.token_hex(20), SEEN: int(clock.now().timestamp()) // 60}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    members = db.session.scalars(select(Persona.id).where(Persona.name.like("Member %"))).all()
    with app.test_request_context(), transaction():
        for persona_id in members:
            member_id = sessions.vault.member_of(persona_id)
            assert member_id is not None  # noqa: S101 - grown above
            values = {**sessions.new_values(member_id, persona_id), "_permanent": True, **since}
            cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(values)}"
            found.append({"persona": persona_id, "cookie": cookie})
    return found
