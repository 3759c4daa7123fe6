"""Telling open pages that something changed, once it is saved: best effort, names of things only.

``ping("topic:<key>", "post", number=7)`` notes it in the session; after the commit all pings of the
session go to whoever registered as :data:`sender` (the domain *live*). Rolled back, nothing was said.
A ping carries no words and no person: whoever hears it asks again, and the rule decides again. What gets
lost is healed the same way, so nothing may depend on a ping.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import event
from sqlalchemy.orm import Session

from community.core.db import db
from community.core.sealing import tag

_KEPT = "pings"


@dataclass(frozen=True)
class Ping:
    """What is told to whoever watches a room, and nothing that anybody wrote.

    ``space`` is where it happened (a slug), ``coarse`` that nobody may learn the minute.
    """

    room: str
    event: str
    ids: dict[str, str | int] = field(default_factory=dict)
    space: str = ""
    coarse: bool = False


Sender = Callable[[Sequence[Ping]], None]
_senders: list[Sender] = []


def sender(function: Sender) -> Sender:
    """Have a function given the pings of each commit. It must come back at once and never fail."""
    if function not in _senders:
        _senders.append(function)
    return function


def ping(room: str, event: str, *, space: str = "", coarse: bool = False, **ids: str | int) -> None:
    """Tell the room, once the open transaction is saved. Said twice in one transaction, it is told once."""
    note(db.session(), Ping(room, event, ids, space, coarse))


def note(session: Session, said: Ping) -> None:
    """The same, for those who have the session at hand."""
    if not _senders:
        return
    kept: list[Ping] = session.info.setdefault(_KEPT, [])
    if said not in kept:
        kept.append(said)


def bell_room(persona_id: str) -> str:
    """The room of a persona's bell: a keyed tag, so that what passes between processes names nobody."""
    return "bell:" + tag("bell room", persona_id).hex()[:32]


def ring(persona_id: str, *, coarse: bool = False) -> None:
    """Something new waits for this persona: its open pages ask how much. ``coarse``: on the quarter hour."""
    ping(bell_room(persona_id), "bell", coarse=coarse)


@event.listens_for(Session, "after_commit")
def _send(session: Session) -> None:
    if session.in_nested_transaction():  # only a savepoint: the transaction goes on
        return
    said = session.info.pop(_KEPT, None)
    for send in _senders if said else ():
        send(said)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_KEPT, None)
