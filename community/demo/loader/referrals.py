"""Referrals that nobody made, to services that exist nowhere: so that a page of rates has something to show,
and something to hide."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from community.accounts.viewer import viewer_of
from community.core import clock
from community.core.db import db, transaction
from community.demo.loader import store, unmet
from community.demo.loader.directory import listed
from community.directory.models.referrals import ReferralCount
from community.directory.services import listing, rates, referral_counts, referrals

MONTHS = 12
# How many a month are referred to a service, by the order in which the file names the services of a place.
_BUSY = (16, 9, 11, 4, 2, 1, 12, 7, 14, 1, 3, 5, 2, 4, 1)
_BECAME = {"taken_in": 11, "waiting": 3, "refused": 2, "declined": 2, "unknown": 4}
_WHO = ("physician", "nurse", "nurse_practitioner", "social_worker")
# The list of one name: how many days ago, and what became of it.
_OWN = ("noemie-lavigne", ((2, "unknown"), (16, "unknown"), (33, "waiting"), (61, "taken_in")))


def referred() -> int:
    """Count them, once, and publish what is due. Returns how many were referred."""
    with transaction():
        loaded = store.Loaded()
        if loaded.has("referrals", "all"):
            return 0
        services = [str(service["id"]) for service in listed()]
        listing.write(services)  # the job that does it may run later: regions and needs are told from it
        number = sum(_count(id, at) for at, id in enumerate(services)) + _own_list(services)
        unmet.searched()
        loaded.add("referrals", ["all"])
    for first, last, lines in rates.due():
        with transaction():
            rates.publish(first, last, lines)
    return number


def _count(service_id: str, at: int) -> int:
    dice, month, number = random.Random(service_id), clock.today().replace(day=1), 0  # noqa: S311 (no secret)
    for _each in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        became = _drawn(dice, _BUSY[at % len(_BUSY)])
        _keep(service_id, month, became)
        number += became.total()
    return number


def _drawn(dice: random.Random, busy: int) -> Counter[tuple[str, str]]:
    many = max(0, round(dice.gauss(busy, busy / 4)))
    outcomes = dice.choices(list(_BECAME), list(_BECAME.values()), k=many)
    return Counter((outcome, dice.choice(_WHO)) for outcome in outcomes)


def _keep(service_id: str, month: date, became: Counter[tuple[str, str]]) -> None:
    for (outcome, profession), count in sorted(became.items()):
        row = {"outcome": outcome, "profession": profession, "count": count}
        db.session.add(ReferralCount(service_id=service_id, month=month, **row))
    db.session.flush()


def _own_list(services: list[str]) -> int:
    name, said = _OWN
    viewer = viewer_of(store.persona_ids().get(name, ""))
    if viewer is None:
        return 0
    for at, (days, outcome) in enumerate(said):
        row = referrals.refer(viewer, services[at])
        referral_counts.take(row)
        row.made_on, row.outcome = clock.today() - timedelta(days=days), outcome
        referral_counts.add(row)
    return len(said)
