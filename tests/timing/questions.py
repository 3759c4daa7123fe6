"""Pairs of questions whose answers must not tell by their time what they do not say.

SECURITY section 6.3, cases 2 and 6. Each pair asks about something that is there and about something
that is not. How far the medians may lie apart is said there too: a tenth for addresses, a fifth for what
one may not see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from community.accounts.members import User
from community.core.db import db
from tests.rules import route_table, things
from tests.rules.place import Place

ADDRESSES = 0.10
UNSEEN = 0.20
# Of the same length as those of the cast, whose first part is a key.
NOBODY = "Zz0000000000000000000z@example.org".lower()
# Who asks for what is not shown to everybody.
ASKER = "member"


@dataclass(frozen=True)
class Question:
    """One request."""

    who: str
    method: str
    address: str
    form: dict[str, Any]

    def ask(self, place: Place) -> Any:
        """Ask it; nothing of it stays."""
        more = {"data": self.form} if self.method == "POST" else {}
        return place.ask(self.who, self.method, self.address, **more)


@dataclass(frozen=True)
class Pair:
    """Two questions that nobody may tell apart by the time of their answers."""

    name: str
    bound: float
    there: Question
    nothing: Question


def pairs(place: Place) -> list[Pair]:
    """Every pair."""
    return [*_addresses(place), *_unseen(place)]


def _addresses(place: Place) -> Iterator[Pair]:
    known = _somebody(place)
    wrong = {"password": "not the password of anybody"}
    asked: dict[str, tuple[str, dict[str, Any]]] = {
        "sign in with a wrong password": ("/en/sign-in", wrong),
        "forgot the password": ("/en/password/forgotten", {}),
        "ask for the confirmation again": ("/en/confirm", {}),
        "join": ("/en/join", things.JOINING),
    }
    for name, (address, form) in asked.items():
        there, nothing = (
            Question("visitor", "POST", address, {**form, "email": email}) for email in (known, NOBODY)
        )
        yield Pair(name, ADDRESSES, there, nothing)


def _somebody(place: Place) -> str:
    member_id = place.world.cast["physician"].member_id
    email = db.session.scalars(select(User.email).where(User.id == member_id)).one()
    db.session.remove()
    return str(email)


def _unseen(place: Place) -> Iterator[Pair]:
    """One line of each address that the asker is answered with "not found"."""
    endpoints = set()
    for row in route_table.read():
        if row.method != "GET" or not row.thing or row.answers[ASKER] != "404" or row.endpoint in endpoints:
            continue
        endpoints.add(row.endpoint)
        values = things.values(place.world, row.thing)
        made_up = {name: things.made_up(name, value) for name, value in values.items()}
        there, nothing = (
            Question(ASKER, "GET", place.address(row.endpoint, found), {}) for found in (values, made_up)
        )
        yield Pair(str(row), UNSEEN, there, nothing)
