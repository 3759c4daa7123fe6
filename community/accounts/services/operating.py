"""What administrators keep running: help lines and failed jobs. Each act is in the register."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from community.accounts.permissions import may_operate
from community.accounts.viewer import Viewer
from community.core import audit, clock, help, jobs
from community.core.access import require
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.help import EVERYWHERE, HelpLine
from community.core.regions import provinces

EDITED = (
    *("kind", "tel", "text", "shown_fr", "shown_en", "name_fr", "name_en", "says_fr", "says_en", "source"),
    *("source_date", "position"),
)


def save_line(viewer: Viewer, line: HelpLine | None, values: dict[str, Any]) -> HelpLine:
    """Add a help line, or change one; whoever saves it has looked at its source today.

    :raises Invalid: a number that cannot be called, or an unknown province.
    """
    require(may_operate(viewer))
    regions, but = _places("regions", values["regions"]), _places("but", values["but"])
    if values["tel"] and not set(values["tel"]) <= set("+0123456789"):
        raise Invalid("tel", _l("Write digits and + only."))
    row = line or HelpLine(status="")
    for name in EDITED:
        setattr(row, name, values[name])
    row.regions, row.but, row.checked = regions, but, clock.today()
    db.session.add(row)
    db.session.flush()
    audit.record(str(viewer.persona_id), "help_line.saved", row.id)
    help.forget()
    return row


def _places(field: str, typed: str) -> list[str]:
    codes = (typed or "").lower().split()
    if set(codes) - {place.code for place in provinces()} - {EVERYWHERE}:
        raise Invalid(field, _l("Write codes of provinces and territories, or *."))
    return codes


def remove_line(viewer: Viewer, line: HelpLine) -> None:
    """Take a help line away."""
    require(may_operate(viewer))
    audit.record(str(viewer.persona_id), "help_line.removed", line.id)
    db.session.delete(line)
    help.forget()


def called_line(viewer: Viewer, line: HelpLine, on: date | None = None) -> None:
    """Somebody called the number today, and it answers as it says."""
    require(may_operate(viewer))
    line.checked, line.status = on or clock.today(), "called"
    audit.record(str(viewer.persona_id), "help_line.called", line.id)
    help.forget()


def retry_job(viewer: Viewer, job_id: str) -> None:
    """Give a failed job another five attempts. :raises Conflict: it is not failed (any more)."""
    require(may_operate(viewer))
    if not jobs.retry(job_id):
        raise Conflict(_l("This job is not waiting for help any more."))
    audit.record(str(viewer.persona_id), "job.retried", job_id)
