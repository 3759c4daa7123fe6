"""Corridors, a youth window, contacts and expert support between organizations that exist nowhere."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib import resources
from typing import Any

from community.accounts.viewer import OPERATOR
from community.core import clock
from community.core.db import transaction
from community.demo.loader import store
from community.directory.arrangements import Terms
from community.directory.models.arrangements import Arrangement
from community.directory.queries.parties import Party, parties
from community.directory.services import arrangements as services

_LISTS = ("regions", "ages", "needs", "langs", "modes", "services")
_PLAIN = ("phone", "extension", "delay_days", "joint", "single", "public")


def listed() -> list[dict[str, Any]]:
    """What the file says."""
    text = resources.files("community.demo").joinpath("data/arrangements.toml").read_text("utf-8")
    return list(tomllib.loads(text)["arrangement"])


def arrangements() -> int:
    """Write them down once, and agree for everybody. Returns how many."""
    with transaction():
        loaded = store.Loaded()
        if loaded.has("arrangements", "all"):
            return 0
        found = listed()
        ends = parties(OPERATOR, [id for one in found for id in (one["to"], one.get("from", ""))])
        for one in found:
            _agreed(one["kind"], _terms(one, ends), int(one["review_days"]))
        loaded.add("arrangements", ["all"])
    return len(found)


def _agreed(kind: str, terms: Terms, review_days: int) -> None:
    row = services.arrange(OPERATOR, kind, terms)
    for side in row.waits_for.split():
        services.agree(OPERATOR, row, side, services.mark(row))
    _since(row, review_days)


def _since(row: Arrangement, review_days: int) -> None:
    """As if it had been confirmed some time ago: one of them is overdue."""
    row.review_on = _day(review_days)
    row.confirmed_on = _day(min(0, review_days - 100))
    row.terms = {**row.terms, "review_on": row.review_on.isoformat()}


def _day(days: int) -> date:
    return clock.today() + timedelta(days=days)


def _terms(one: Mapping[str, Any], ends: Mapping[str, Party]) -> Terms:
    to, origin = ends[one["to"]], ends.get(one.get("from", ""), Party(""))
    names = dict.fromkeys([*one["fr"], *one["en"]])
    written = clock.today().isoformat()
    facts: dict[str, Any] = {
        **{name: tuple(one[name]) for name in _LISTS if name in one},
        **{name: one[name] for name in _PLAIN if name in one},
    }
    return Terms(
        organization_id=to.organization_id,
        service_id=to.service_id,
        from_organization_id=origin.organization_id,
        from_service_id=origin.service_id,
        texts={
            name: {lang: (one[lang][name], written) for lang in ("fr", "en") if name in one[lang]}
            for name in names
        },
        schedules=tuple(
            {"freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes}
            for days, opens, closes in one["hours"]
        ),
        starts_on=_day(one["starts_days"]) if "starts_days" in one else None,
        signed_until=_day(one["signed_days"]) if "signed_days" in one else None,
        review_on=_day(max(31, int(one["review_days"]))),
        **facts,
    )
