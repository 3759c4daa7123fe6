"""The browsers in which a member is signed in, by family only, and ending their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

from community.accounts.members import KnownDevice, SignIn, User
from community.accounts.permissions import may_operate
from community.accounts.proposals import as_kept
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import NotFound
from community.core.upsert import insert_into

UNKNOWN = "?"
FORGOTTEN_AFTER = timedelta(days=180)  # a kind of browser not seen for so long is new again
# What a browser says of itself, and its family; the first that fits, since most name others as well.
_BROWSERS = (
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_of(agent: str) -> str:
    """The family of a browser and of its system, as it is kept: "Firefox/Android"."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), UNKNOWN)
    system = next((name for sign, name in _SYSTEMS if sign in agent), UNKNOWN)
    return f"{browser}/{system}"[:24]


def open_of(member_id: str) -> Sequence[SignIn]:
    """The sessions of a member that are open, newest first."""
    mine = select(SignIn).where(SignIn.member_id == member_id, SignIn.ends_at > clock.now())
    return db.session.scalars(mine.order_by(SignIn.since.desc(), SignIn.id_hash)).all()


def end(member_id: str, mark: str) -> None:
    """End one session of a member. :raises NotFound: there is none such, or it is somebody else's."""
    gone = delete(SignIn).where(SignIn.id_hash == mark, SignIn.member_id == member_id)
    if db.session.scalar(gone.returning(SignIn.id_hash)) is None:
        raise NotFound


def end_others(member_id: str, here: str) -> None:
    """End every session of a member but this one."""
    db.session.execute(delete(SignIn).where(SignIn.member_id == member_id, SignIn.id_hash != here))


def let_lie_idle(member_id: str, minutes: int) -> None:
    """Keep for how long sessions of this member may lie idle."""
    db.session.get_one(User, member_id).idle_minutes = minutes


def end_all_of(viewer: Viewer, typed: str) -> User | None:
    """End every session of the account with this address or sign-in name, for an administrator who was asked
    to. Whether there is one is nobody's business: the caller says nothing of it, and the register neither.

    Returns the member, to be told; no name of theirs is looked up.
    """
    require(may_operate(viewer))
    audit.record(str(viewer.persona_id), "account.sessions_ended", "")
    kept = as_kept(typed)
    column = User.email if "@" in kept else User.username
    member = db.session.scalar(select(User).where(column == kept, User.active))
    db.session.execute(delete(SignIn).where(SignIn.member_id == (member.id if member else "")))
    return member


def forget_old() -> None:
    """Drop the kinds of browser that nobody used for half a year."""
    db.session.execute(delete(KnownDevice).where(KnownDevice.seen_on < clock.today() - FORGOTTEN_AFTER))


def recognize(member_id: str, device: str) -> bool:
    """Keep that a member signed in with such a browser; whether it is one not seen before.

    The first one ever is not new: nobody is told of the browser in which they joined.
    """
    mine = KnownDevice.member_id == member_id
    row = insert_into(KnownDevice).values(member_id=member_id, device=device, seen_on=clock.today())
    # Signed in twice at once, it is kept once: the second finds the row.
    if db.session.scalar(row.on_conflict_do_nothing().returning(KnownDevice.device)) is None:
        seen = update(KnownDevice).where(mine, KnownDevice.device == device)
        db.session.execute(seen.values(seen_on=clock.today()))
        return False
    others = select(KnownDevice.device).where(mine, KnownDevice.device != device).limit(1)
    return db.session.scalar(others) is not None
