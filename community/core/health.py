"""Is the process alive, and can it serve? For load balancers and operators."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from community.core import clock
from community.core.db import db
from community.core.jobs import Job
from community.core.store import settings

Check = Callable[[], bool]
_LEAST_FREE = 50 * 1024 * 1024
_MOST_WAITING = timedelta(minutes=15)
_checks: dict[str, Check] = {}


def ready_when(name: str, check: Check) -> None:
    """Add a check to ``/readyz`` (the search index, …)."""
    _checks[name] = check


def _database() -> bool:
    return bool(db.session.scalar(text("SELECT 1")) == 1)


def _queue() -> bool:
    """Nothing due has waited for long: some worker is alive."""
    oldest = db.session.scalar(select(func.min(Job.run_at)).where(Job.state == "waiting", Job.lane < 20))
    return oldest is None or clock.now() - oldest < _MOST_WAITING


def _disk() -> bool:
    folder = settings().instance_dir
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _LEAST_FREE


def report() -> dict[str, bool]:
    """Each part and whether it works."""
    parts = {"database": _database, "queue": _queue, "disk": _disk, **_checks}
    found = {}
    for name, check in parts.items():
        try:
            found[name] = bool(check())
        except (SQLAlchemyError, OSError):
            db.session.rollback()
            found[name] = False
    return found
