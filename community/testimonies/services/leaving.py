"""Leaving a testimony and taking it back. Nobody is asked who they are, and nothing here could be told.

Address and code are computed from the hidden key of the form, with a key outside the database: a form that
is sent twice leaves one testimony and shows one code, and nothing has to be remembered for that.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from community.core import clock
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.ids import base62, new_key
from community.core.publish import Text, before_publish
from community.core.sealing import CannotUnseal, seal_text, tag, unseal_text
from community.core.text import render
from community.core.tidy import tidy
from community.forum.models.posts import NOTES
from community.operations import erasures
from community.testimonies import codes
from community.testimonies.models import AUDIENCES, Testimony
from community.testimonies.services.counting import count
from community.testimonies.signals import testimony_letting_go, testimony_storing, testimony_words_gone

LEAST, MOST = 20, 10_000  # characters
MOST_A_DAY = 30  # that wait: so many are read in a day by those who keep the space
SHOWN_AGAIN = timedelta(days=1)  # how long the same form shows its code once more
ERASURE = "testimony"
BATCH = 200
_ADDRESS, _CODE = "testimony address", "testimony code"
_FORM_KEY = re.compile(r"[0-9A-Za-z]{22}")
FULL = _l(
    "So many testimonies came today that nobody could read one more with care. Keep your text, if that is "
    "safe where you are, and come back tomorrow."
)
SENT = _l("This form was sent already. To leave another testimony, open the form again.")
NO_CODE = _l("This is not a code as the site writes them: nine words of five letters. Look for a slip.")
UNKNOWN = _l("No testimony has this code. It may have been taken back already, or not been accepted.")


@dataclass(frozen=True)
class Writing:
    """What somebody wrote, and for whom."""

    body: str
    lang: str
    notes: tuple[str, ...] = ()
    audience: str = AUDIENCES[0]


@dataclass(frozen=True)
class Left:
    """The code of a testimony. ``changed``: the same form had left it before, with other words."""

    code: str
    changed: bool = False


def leave(writing: Writing, form_key: str) -> Left:
    """Keep a testimony until somebody has looked at it, or its form's first one; give its code.

    :param form_key: the hidden key of the form; of one that no page of ours made, nothing is told again.
    :raises Invalid: it cannot be kept; too many wait today.
    :raises Conflict: the form was sent before, and its testimony is no longer new.
    """
    writing = _check(writing)
    key, secret = _drawn(form_key if _FORM_KEY.fullmatch(form_key) else new_key())
    there = db.session.get(Testimony, key)
    if there is not None:
        return _again(there, writing, codes.written(secret))
    before_publish(Text("testimony", "body", writing.body, writing.lang, None))
    _refuse_too_many(writing)
    db.session.add(_row(key, secret, writing))
    db.session.flush()
    announce(testimony_storing, key=key)
    return Left(codes.written(secret))


def _check(writing: Writing) -> Writing:
    body = tidy(writing.body).replace("\x00", "")
    if not LEAST <= len(body) <= MOST:
        raise Invalid("body", _l("Write 20 to 10,000 characters."), kept=body)
    if writing.audience not in AUDIENCES:
        raise Invalid("audience", _l("Choose who may read it."), kept=body)
    notes = tuple(code for code in NOTES if code in writing.notes)
    return Writing(body, writing.lang, notes, writing.audience)


def _drawn(form_key: str) -> tuple[str, bytes]:
    address = tag(_ADDRESS, form_key)[: codes.BYTES]
    return base62(int.from_bytes(address)), tag(_CODE, form_key)[: codes.BYTES]


def _again(there: Testimony, writing: Writing, code: str) -> Left:
    if there.written_on is None or there.written_on < clock.today() - SHOWN_AGAIN:
        raise Conflict(SENT, yours=writing.body)
    return Left(code, changed=there.body != writing.body)


def _refuse_too_many(writing: Writing) -> None:
    today = select(func.count()).select_from(Testimony).where(Testimony.written_on == clock.today())
    if (db.session.scalar(today) or 0) >= MOST_A_DAY:
        raise Invalid("body", FULL, kept=writing.body)


def _row(key: str, secret: bytes, writing: Writing) -> Testimony:
    return Testimony(
        key=key,
        sealed=seal_text(_CODE, _hash(secret), key),
        body=writing.body,
        html=render(writing.body),
        lang=writing.lang,
        note=",".join(writing.notes),
        audience=writing.audience,
        state="waiting",
        written_on=clock.today(),
    )


def _hash(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


# Taking back


def withdraw(code: str) -> None:
    """Take a testimony back: its words are gone at once, whatever became of it.

    :raises Invalid: this is no code, or opens nothing (any more): all such answer alike.
    """
    secret = codes.read(code)
    if secret is None:
        raise Invalid("code", NO_CODE)
    found = _of_secret(secret)
    if found is None:
        raise Invalid("code", UNKNOWN)
    count("withdrawn" if found.month else "taken_back")
    let_go(found)


def _of_secret(secret: bytes) -> Testimony | None:
    """Each row is looked at, the right one or not: their number is small, and the time tells nothing."""
    wanted, found = _hash(secret), None
    rows = select(Testimony.key, Testimony.sealed).where(Testimony.sealed != "")
    for key, sealed in db.session.execute(rows).all():
        if hmac.compare_digest(_opened(key, sealed), wanted):
            found = key
    # Whoever sent the same code a moment before has emptied it by now.
    held = select(Testimony).where(Testimony.key == found, Testimony.sealed != "")
    return db.session.scalar(held.with_for_update().execution_options(populate_existing=True))


def _opened(key: str, sealed: str) -> str:
    try:
        return unseal_text(_CODE, sealed, key)
    except CannotUnseal:
        return ""


def let_go(testimony: Testimony) -> None:
    """Erase a testimony, here and wherever it was kept. Where everybody could read it, its address stays
    and says that it was withdrawn."""
    erasures.record(ERASURE, testimony.key)
    announce(testimony_letting_go, key=testimony.key)
    if testimony.month:
        announce(testimony_words_gone, key=testimony.key)
    if testimony.month and testimony.audience == "everyone":
        testimony.sealed = testimony.body = testimony.html = testimony.note = testimony.month = ""
        testimony.state, testimony.first = "withdrawn", False
    else:
        db.session.delete(testimony)
    db.session.flush()


# After a restore, and when the key changes


def there() -> list[str]:
    """The addresses of what was not withdrawn."""
    return list(db.session.scalars(select(Testimony.key).where(Testimony.state != "withdrawn")))


def let_go_again(key: str) -> None:
    """A restored copy brought it back."""
    found = db.session.get(Testimony, key)
    if found is not None:
        let_go(found)


def reseal(after: str) -> str:
    """Put the next few hashes under the newest key: a code works for ever."""
    rows = db.session.scalars(
        select(Testimony).where(Testimony.key > after).order_by(Testimony.key).limit(BATCH)
    ).all()
    for row in rows:
        if opened := _opened(row.key, row.sealed):
            row.sealed = seal_text(_CODE, opened, row.key)
    return rows[-1].key if rows else ""
