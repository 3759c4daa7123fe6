"""A double click, a retry or a reload after a crash makes one thing.

Every form that creates something carries a random key. The first time, the answer (an address) is
kept under a hash of key and actor; every later time that answer is given again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import String, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from community.core import clock, jobs
from community.core.db import Base, db, transaction
from community.core.prepared import Prepared

KEPT = timedelta(days=3)


class Once(Base):
    """The answer given to a form that was already sent."""

    __tablename__ = "once"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[str] = mapped_column(String(300))
    made_on: Mapped[date]


_KEPT = Prepared(lambda: select(Once.answer).where(Once.key_hash == bindparam("hashed")))
_TAKE = Prepared(
    lambda: insert(Once).values(key_hash=bindparam("hashed"), answer="", made_on=bindparam("day"))
)
_ANSWER = Prepared(
    lambda: update(Once).where(Once.key_hash == bindparam("hashed")).values(answer=bindparam("said"))
)


def _hash(form_key: str, actor: str) -> str:
    return hashlib.sha256(f"{actor}\n{form_key}".encode()).hexdigest()


def was_taken(form_key: str, actor: str) -> bool:
    """Whether this form was sent already, so that what its page still saves of it can be forgotten."""
    return db.session.get(Once, _hash(form_key, actor)) is not None


def once(form_key: str, actor: str, make: Callable[[], str]) -> str:
    """Run ``make`` in its transaction unless this form was already taken; return its answer.

    :param form_key: the hidden value of the form; empty means the sender is no browser of ours, and
        nothing is remembered.
    :param actor: who sends; the same key of somebody else is another form.
    """
    if not form_key:
        with transaction():
            return make()
    hashed = _hash(form_key, actor)
    try:
        with transaction():
            if (kept := _kept(hashed)) is not None:
                return kept
            # A second sender waits or fails here, not after both have made one.
            _TAKE.change(hashed=hashed, day=clock.today())
            answer = make()
            _ANSWER.change(hashed=hashed, said=answer)
            return answer
    except IntegrityError:
        with transaction():
            if (kept := _kept(hashed)) is not None:
                return kept
            raise


def _kept(hashed: str) -> str | None:
    return next((str(row[0]) for row in _KEPT.rows(hashed=hashed)), None)


@jobs.job("core.forget_sent_forms", lane="bulk", every=timedelta(days=1))
def forget_sent_forms() -> None:
    """Drop answers older than three days."""
    with transaction():
        db.session.execute(delete(Once).where(Once.made_on < clock.today() - KEPT))
