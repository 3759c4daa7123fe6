"""Which level holds for a kind of news, and when a mail may arrive. Pure but for the dice.

Nothing is sent to whom did not agree to mail (accounts asks that). With it, what is said to a persona
itself comes at once; what gathers (new topics, unanswered questions) only where it was chosen.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULTS: Mapping[str, str] = {
    "mention": "now",
    "answer": "now",
    "reply": "now",
    "kept": "now",
    "offered": "now",
    "title": "now",
    "duty": "now",
    "message": "now",
    "report": "now",
    "moderation": "now",
    "directory": "now",
    "topic": "never",
    "unanswered": "never",
    "opening": "never",
    "returned": "never",
}
# Above this many mails in a day the rest waits for the daily digest.
MOST_A_DAY = 20
# Mails of one event do not leave in one breath: two names of one person must not be told together.
SPREAD = timedelta(seconds=45)
AFTER_QUIET = timedelta(minutes=20)
DIGEST_HOUR, DIGEST_SPREAD = 6, timedelta(minutes=110)
WEEKLY_ON = 0  # Monday
EVERY_KIND = "*"

Choices = Mapping[tuple[str, int], str]


def level_of(choices: Choices, kind: str, space_id: int = 0) -> str:
    """How this kind of news goes by mail: what was said of the space wins over what was said of the kind."""
    return choices[key] if (key := deciding(choices, kind, space_id)) in choices else DEFAULTS[kind]


def deciding(choices: Choices, kind: str, space_id: int = 0) -> tuple[str, int]:
    """The choice that decides: of this kind in this space, of the space, of the kind."""
    if space_id:
        for key in ((kind, space_id), (EVERY_KIND, space_id)):
            if key in choices:
                return key
    return (kind, 0)


def zone_named(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone of that name; ``otherwise`` where there is none."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise


def jitter(most: timedelta) -> timedelta:
    """A random while, at least a second: no mail may be matched to the moment of anything else."""
    return timedelta(milliseconds=1_000 + secrets.randbelow(max(int(most.total_seconds() * 1000), 1)))


def quiet_end(at: datetime, zone: ZoneInfo, start: int | None, end: int | None) -> datetime | None:
    """When the quiet hours end that ``at`` falls into; None outside of them."""
    if start is None or end is None or start == end:
        return None
    local = at.astimezone(zone)
    inside = start <= local.hour < end if start < end else local.hour >= start or local.hour < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if local.hour >= end else 0)
    return datetime.combine(day, time(end), zone)


def due(at: datetime, zone: ZoneInfo, start: int | None, end: int | None) -> datetime:
    """When a mail that is ready at this moment may go."""
    over = quiet_end(at, zone, start, end)
    return over + jitter(AFTER_QUIET) if over else at + jitter(SPREAD)
