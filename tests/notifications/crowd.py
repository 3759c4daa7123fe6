"""A thousand members at once, written as rows: each with an address, a name, a consent, and a follow."""

from __future__ import annotations

from sqlalchemy import insert

from community.accounts.members import Consent, User
from community.accounts.models import Persona, VaultRow
from community.core import clock
from community.core.db import db, transaction
from community.core.ids import new_key
from community.core.sealing import seal, tag
from community.forum.models import Follow, Topic


def gather(count: int, topic: Topic) -> list[str]:
    """So many people who watch a topic and agreed to mail; their addresses."""
    pairs = [(new_key(), new_key()) for _ in range(count)]
    hour, today = clock.this_hour(), clock.today().replace(day=1)
    with transaction():
        db.session.execute(
            insert(User),
            [
                {
                    "id": member,
                    "email": f"{member.lower()}{number}@example.org",
                    "fs_uniquifier": member,
                    "active": True,
                    "confirmed_at": hour,
                    "joined_at": hour,
                    "lang": "en",
                }
                for number, (member, _) in enumerate(pairs)
            ],
        )
        db.session.execute(
            insert(Persona),
            [
                {"id": name, "name": f"N {name}", "kind": "public", "lang": "en", "made_on": today}
                for _, name in pairs
            ],
        )
        db.session.execute(
            insert(Consent),
            [
                {
                    "id": new_key(),
                    "member_id": member,
                    "purpose": "notifications",
                    "text_version": "1",
                    "lang": "en",
                    "given_at": hour,
                }
                for member, _ in pairs
            ],
        )
        db.session.execute(insert(VaultRow), [_half(member, name) for member, name in pairs])
        follow = {"target": f"topic:{topic.id}", "level": "watch"}
        db.session.execute(insert(Follow), [{"persona_id": name, **follow} for _, name in pairs])
    return [f"{member.lower()}{number}@example.org" for number, (member, _) in enumerate(pairs)]


def _half(member: str, name: str) -> dict[str, bytes]:
    """The half of a link that leads from a name to its member: all that mail needs."""
    row_tag = tag("vault tag", "p", name)
    return {"tag": row_tag, "sealed": seal("vault seal", member.encode(), row_tag)}
