"""Testimonies of nobody: some are shown, some wait for those who keep the lived-experience space."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from community.core import clock
from community.core.db import db, transaction
from community.core.ids import new_key
from community.demo.loader import store
from community.testimonies.models import Testimony
from community.testimonies.services import leaving
from community.testimonies.services.leaving import Writing


def listed() -> list[dict[str, Any]]:
    """What the file says."""
    text = resources.files("community.demo").joinpath("data/testimonies.toml").read_text("utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["testimony"]
    return found


def testimonies() -> int:
    """Leave them, once. Returns how many."""
    with transaction():
        loaded = store.Loaded()
        if loaded.has("testimonies", "all"):
            return 0
        rows = listed()
        for row in rows:
            _leave(row)
        loaded.add("testimonies", ["all"])
    return len(rows)


def _leave(row: dict[str, Any]) -> None:
    before = set(leaving.there())
    leaving.leave(Writing(row["body"], row["lang"], tuple(row.get("notes", ())), row["audience"]), new_key())
    (key,) = set(leaving.there()) - before
    made = db.session.get_one(Testimony, key)
    if "months" in row:
        made.state, made.written_on, made.month = "shown", None, _month(row["months"])


def _month(ago: int) -> str:
    """So many months before this one."""
    today = clock.today()
    months = today.year * 12 + today.month - 1 - ago
    return f"{months // 12}-{months % 12 + 1:02}"
