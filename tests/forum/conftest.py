"""The cast for the forum's tests, and a browser that sends forms as a person would."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from community.core import clock
from community.core.db import db
from config import TIME_ZONE
from tests import cast as people
from tests.make.tokens import token_of
from tests.query_counter import Statements

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def cast(whole_cast: dict[str, people.Someone]) -> dict[str, people.Someone]:
    """Everybody, by name."""
    return whole_cast


@pytest.fixture
def statements() -> Statements:
    """What is sent to the database."""
    return Statements()


class Visit:
    """A browser in somebody's hands: it reads pages and sends their forms with their token."""

    def __init__(self, app: Flask, who: people.Someone) -> None:
        self.client = who.signs_in(app.test_client())

    def get(self, address: str, **more: Any) -> Any:
        """Open a page."""
        db.session.rollback()  # what the test only read must not frame what the request writes
        return self.client.get(address, **more)

    def post(self, address: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a form, with the token that pages carry."""
        data = {"csrf_token": self.token(), **(data or {})}
        db.session.rollback()
        return self.client.post(address, data=data, **more)

    def token(self) -> str:
        """The token in the forms of this browser's pages."""
        return token_of(self.client)


def _days(moment: datetime) -> list[date]:
    return [moment.astimezone(where).date() for where in (UTC, ZoneInfo(TIME_ZONE))]


@pytest.fixture
def early_in_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the fifth second of a minute, and no day ends within the hour: what is kept stays meanwhile."""
    now = clock.now
    ahead = timedelta(seconds=(65 - now().second) % 60)
    while _days(now() + ahead) != _days(now() + ahead + AN_HOUR):
        ahead += AN_HOUR
    monkeypatch.setattr(clock, "now", lambda: now() + ahead)


@pytest.fixture
def visit(app: Flask) -> Any:
    """``visit(cast["physician"])``: that person's browser."""
    return lambda who: Visit(app, who)
