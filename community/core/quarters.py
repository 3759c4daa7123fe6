"""Quarters of a year: what is published is published of one that is over, and of no other period.

Two figures of periods that overlap could be taken from one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months; a week belongs to that of its Monday."""

    year: int
    number: int

    @property
    def begins(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends(self) -> date:
        """Its last day."""
        following = self.begins + timedelta(days=100)
        return date(following.year, following.month, 1) - timedelta(days=1)

    @property
    def code(self) -> str:
        """As it stands in an address."""
        return f"{self.year}-{self.number}"


def quarter_of(day: date) -> Quarter:
    """The quarter of a day."""
    return Quarter(day.year, (day.month + 2) // 3)


def ended(today: date, many: int) -> Iterator[Quarter]:
    """The last quarters that are over, so many of them, the newest first."""
    day = today
    for _ in range(many):
        quarter = quarter_of(quarter_of(day).begins - timedelta(days=1))
        yield quarter
        day = quarter.begins


def quarter_name(year: int, number: int) -> str:
    """A quarter as readers say it: January to March 2026."""
    names = (
        gettext("January to March %(year)s", year=year),
        gettext("April to June %(year)s", year=year),
        gettext("July to September %(year)s", year=year),
        gettext("October to December %(year)s", year=year),
    )
    return names[number - 1]
