"""Services that exist nowhere, in two regions of the demonstration, brought in as any others are."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import resources
from typing import Any

from community.accounts.viewer import OPERATOR
from community.core import clock
from community.core.db import transaction
from community.demo.loader import store
from community.directory.hsds.rows import Report
from community.directory.hsds.shapes import rows_of
from community.directory.services import bringing, documents
from community.directory.services.runs import Import


def listed() -> list[dict[str, Any]]:
    """What the file says; how long ago somebody confirmed a service is told from today."""
    text = resources.files("community.demo").joinpath("data/directory.json").read_text("utf-8")
    return [_dated(service) for service in json.loads(text)]


def _dated(service: dict[str, Any]) -> dict[str, Any]:
    service["assured_date"] = _day(service.pop("confirmed_days_ago"))
    if "capacity" in service:
        service["capacity"]["as_of"] = _day(service.pop("capacity_days_ago"))
    return service


def _day(ago: int) -> str:
    return (clock.today() - timedelta(days=ago)).isoformat()


def services() -> int:
    """Bring them in, once. Returns how many."""
    with transaction():
        loaded = store.Loaded()
        if loaded.has("directory", "all"):
            return 0
        found, run = listed(), Import("demonstration", Report())
        rows = (rows_of("service", one, f"/{number}", run.report) for number, one in enumerate(found))
        bringing.bring(OPERATOR, [row for some in rows for row in some], run)
        loaded.add("directory", ["all"])
    while _written_up():
        pass
    return len(found)


def _written_up() -> int:
    with transaction():
        return documents.write_up()
