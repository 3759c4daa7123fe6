"""What the machine keeps and sends, besides pages: letters, jobs, archives, and what open pages are told.

Letters and jobs are opened as far as a key opens them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from flask_mailman import Mail

from community.accounts.viewer import Viewer
from community.core import archives, clock, pings
from community.core.db import db
from community.core.jobs import Job, run_waiting_jobs
from community.core.pings import Ping
from community.core.sealing import unseal_text
from community.live.rooms import QUEUE, rooms_seen


def waiting() -> list[dict[str, Any]]:
    """Every job that waits, with its letter opened."""
    db.session.expire_all()
    rows = [
        {"name": row.name, "arguments": _opened(row), "lane": row.lane, "at": row.run_at.isoformat()}
        for row in db.session.query(Job)
    ]
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def _opened(row: Job) -> Any:
    if row.name == "core.send_mail":
        return json.loads(unseal_text("mail", row.arguments["sealed"]))
    return row.arguments


def to_others(jobs: list[dict[str, Any]], addresses: Collection[str]) -> list[dict[str, Any]]:
    """The jobs that are not letters to these addresses."""
    return [
        job
        for job in jobs
        if not (isinstance(job["arguments"], dict) and job["arguments"].get("to") in addresses)
    ]


def sent(app: Any, addresses: Collection[str]) -> list[dict[str, Any]]:
    """Run what waits; the letters that went to others than these addresses, whole."""
    run_waiting_jobs()
    mail: Mail = app.extensions["mailman"]
    return [
        {
            "to": letter.to,
            "subject": letter.subject,
            "body": letter.body,
            "html": [text for text, _kind in getattr(letter, "alternatives", [])],
            "sender": letter.from_email,
            "headers": dict(letter.extra_headers),
        }
        for letter in getattr(mail, "outbox", [])
        if not set(letter.to) & set(addresses)
    ]


class Ear:
    """Hears all that passes to open pages from now on, and when, unless nobody may learn the minute."""

    def __init__(self) -> None:
        self.said: list[tuple[Ping, str]] = []
        pings.sender(self)

    def __call__(self, some: Sequence[Ping]) -> None:
        """What one commit said."""
        self.said += [(one, "" if one.coarse else clock.now().isoformat()) for one in some]

    def heard_by(self, viewer: Viewer) -> list[dict[str, Any]]:
        """What an open page of this viewer would be told, as the rule of rooms says now."""
        seen = rooms_seen(viewer, {one.room for one, _ in self.said})
        bell = pings.bell_room(viewer.persona_id or "")
        return [
            {**asdict(one), "at": at}
            for one, at in self.said
            if one.room in {bell, "*"}
            or (one.room in seen and (one.room != QUEUE or one.space in seen[QUEUE].spaces))
        ]


def taken_along(viewer: Viewer) -> dict[str, Any]:
    """The archive of a name, as its file holds it."""
    return archives.of_persona(str(viewer.persona_id)) if viewer.signed_in else {}
