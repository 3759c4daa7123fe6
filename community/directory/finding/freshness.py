"""How old what a listing says is: since when nobody confirmed it, since when its places are known. Pure."""

from __future__ import annotations

from datetime import date

REMIND = 150  # days since it was confirmed: its keeper is reminded
SINK = 180  # and from here it sinks in every list, and says so
AGING = 90  # days: shown in another colour
GREY = 7  # days since its free places were told
HIDE = 30  # and from here they are shown to nobody


def age(confirmed: date | None, today: date) -> int | None:
    """Days since it was confirmed; None when it never was. A day to come counts as today."""
    return None if confirmed is None else max(0, (today - confirmed).days)


def state(confirmed: date | None, today: date) -> str:
    """``fresh``, ``aging`` (90 days) or ``stale`` (180 days, or never confirmed)."""
    days = age(confirmed, today)
    if days is None or days >= SINK:
        return "stale"
    return "aging" if days > AGING else "fresh"


def reminds(confirmed: date | None, today: date) -> bool:
    """Whether its keeper is to be reminded."""
    days = age(confirmed, today)
    return days is None or days >= REMIND


def capacity_state(as_of: date | None, today: date) -> str:
    """``shown``, ``grey`` (older than 7 days) or ``hidden`` (older than 30, or of no day)."""
    days = age(as_of, today)
    if days is None or days > HIDE:
        return "hidden"
    return "grey" if days > GREY else "shown"
