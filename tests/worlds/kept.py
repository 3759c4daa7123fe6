"""What the machine keeps and sends, besides pages: letters and jobs, opened as far as a key opens them."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from flask_mailman import Mail

from community.core.db import db
from community.core.jobs import Job, run_waiting_jobs
from community.core.sealing import unseal_text


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
