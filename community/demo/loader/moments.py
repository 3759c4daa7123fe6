"""Dates relative to the day of loading: the same for the same texts, never in the future. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from community.demo.loader.topics import Conversation

_BETWEEN = timedelta(minutes=2)  # between two posts of a topic, at least
_LATEST = timedelta(minutes=5)  # before now


@dataclass(frozen=True)
class Calendar:
    """Now, in the zone in which people say the hour."""

    now: datetime
    zone: ZoneInfo

    def at(self, days_from_now: int, hour: int, minute: int = 0) -> datetime:
        """That hour of that day."""
        day = self.now.astimezone(self.zone).date() + timedelta(days=days_from_now)
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
        return local.astimezone(self.now.tzinfo)

    def posts(self, conversation: Conversation) -> list[datetime]:
        """When each post of a topic was written, in its order, the last before now.

        Nobody writes on the hour: each post has minutes of its own, always the same.
        """
        start = self.at(-self._days_ago(conversation), conversation.hour)
        found: list[datetime] = []
        for number, post in enumerate(conversation.said):
            at = start + timedelta(hours=post.after_hours, minutes=_minutes(conversation.id, number))
            found.append(max(at, found[-1] + _BETWEEN) if found else at)
        return self._before_now(found)

    def _days_ago(self, conversation: Conversation) -> int:
        if not conversation.in_month:
            return conversation.days_ago
        today = self.now.astimezone(self.zone).date()
        last = today.replace(day=1) - timedelta(days=1)
        before_last = last.replace(day=1) - timedelta(days=1)
        return (today - before_last.replace(day=conversation.in_month)).days

    def _before_now(self, moments: list[datetime]) -> list[datetime]:
        latest = self.now - _LATEST
        kept: list[datetime] = []
        for moment in reversed(moments):
            kept.append(min(moment, latest))
            latest = kept[-1] - _BETWEEN
        return kept[::-1]


def _minutes(topic: str, number: int) -> int:
    return hashlib.sha256(f"{topic} {number}".encode()).digest()[0] % 53 + 3
