"""Who asks, at every request: the cookie, the signed-in member, the persona that acts.

The cookie holds a random session id and the active persona, sealed and bound to that id. The server
row knows the member, to the hour. Member and persona are read by two statements, never by one that
would put both into a slow-query log. A visitor costs none. After this, only ``g.viewer`` counts.
"""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta
from functools import cache
from typing import Any, cast

from flask import Flask, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security.core import AnonymousUser
from flask_security.utils import login_user, set_request_attr
from sqlalchemy import Select, String, bindparam, delete, select
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from community.accounts import vault
from community.accounts.guards import AT_WORK, TYPED
from community.accounts.idleness import SEEN, lay_idle
from community.accounts.members import SignIn, User
from community.accounts.services import devices
from community.accounts.strength import MARK, is_strong, lead_to_second_factor, without_waiting_duties
from community.accounts.viewer import VISITOR, Viewer, viewer_kept, viewer_of
from community.core import clock, keyfile
from community.core.db import UtcDateTime, db, transaction
from community.core.errors import NotAllowed
from community.core.ids import new_key
from community.core.prepared import Prepared
from community.core.sealing import CannotUnseal, seal_text, unseal_text
from community.core.store import settings

# Absolute: nobody stays signed in longer without their password. A shared device forgets the same day.
LASTS = timedelta(days=14)
LASTS_SHARED = timedelta(hours=3)
ID, _ACTIVE, _MEMBER = "sid", "as", "_user_id"
_PERMANENT = "_permanent"  # as Flask keeps it
_SEAL = "active persona"
_NOBODY_ASKED = frozenset({"static", "door.healthz", "door.readyz", "door.robots", "operations.metrics"})
_PAGES_OF_NOBODY: set[str] = set()  # see nobody_at
# Where somebody signed in who has no name yet may go; everything else leads to choosing one.
_WITHOUT_NAME = ("accounts.", "privacy.", "security.", "core.text", "core.help", "core.choose_theme", "door.")


def _open_session() -> Select[Any]:
    """The member of a session that is open, and how long it may lie idle; it is asked at every request."""
    asked: Any = (
        select(SignIn.member_id, User.idle_minutes)
        .join(User, SignIn.member_id == User.id)
        .where(
            SignIn.id_hash == bindparam("id_hash", type_=String()),
            SignIn.ends_at > bindparam("now", type_=UtcDateTime()),
            User.fs_uniquifier == bindparam("uniquifier", type_=String()),
            User.active,
        )
    )
    return cast(Select[Any], asked)


_OF_COOKIE = Prepared(_open_session)


def init_app(app: Flask) -> None:
    """Ask who asks before anything else does: the CSRF check and the limits count by persona."""
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(lead_to_second_factor)
    app.permanent_session_lifetime = LASTS
    # Not as a default: Flask has one of its own, and would sign and send the cookie anew with each page.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.config.setdefault("SESSION_PROTECTION", None)  # it would write the address into the cookie


def begin() -> Response | None:
    """Fill ``g.viewer`` (and ``g.member``, for accounts alone); lead who has no name yet to choose one."""
    g.viewer, g.member, g._login_user = VISITOR, None, _nobody()
    g.duties_wait, g.waits = False, ""
    if request.endpoint in _PAGES_OF_NOBODY:
        session.clear()
        g.leave_cookie_as_it_is = True
        return None
    if request.endpoint in _NOBODY_ASKED or ID not in session:
        return None
    member_id = _member_id_of_cookie(session.get(_MEMBER))
    if member_id is None:
        _forget_cookie()
        return None
    g.member = g._login_user = _when_asked_for(member_id)
    g.viewer = without_waiting_duties(_speaking(member_id) or VISITOR)
    if lay_idle(g.viewer, g.may_lie_idle):
        _end_idle()
        return None
    if g.viewer.signed_in or (request.endpoint or "").startswith(_WITHOUT_NAME):
        return None
    first = "accounts.security" if g.waits else "accounts.names"
    return redirect(url_for(first)) if request.endpoint and request.method == "GET" else None


def _end_idle() -> None:
    """Nobody is here any more. The row ends by itself: what is only asked for changes no table, and this
    cookie, or a copy of it, opens nothing."""
    _forget_cookie()
    g.viewer, g.member, g._login_user = VISITOR, None, _nobody()
    g.duties_wait, g.waits = False, ""
    if request.method == "GET" and request.headers.get("X-Requested-With") != "fetch":
        flash(_("You were signed out: nothing had been done here for a while. Sign in to go on."), "gold")


def nobody_at(*endpoints: str) -> None:
    """Let these pages be asked for by nobody, signed in or not: they see an empty session, are the same for
    all, set no cookie, and leave the cookie that is there as it is."""
    _PAGES_OF_NOBODY.update(endpoints)


def _nobody() -> object:
    """What Flask-Login calls a visitor; set by us, so that it never asks the database for one."""
    return AnonymousUser()  # type: ignore[no-untyped-call]


def hashed(session_id: str) -> str:
    """What the server keeps of a session id."""
    return hashlib.sha256(session_id.encode()).hexdigest()


def member_of_cookie(uniquifier: object) -> User | None:
    """The member of this cookie: Flask-Login's ``user_loader``."""
    member_id = _member_id_of_cookie(uniquifier)
    return db.session.get(User, member_id) if member_id else None


def _member_id_of_cookie(uniquifier: object) -> str | None:
    """The same by name only, in one statement.

    A session from before a password change is dead twice: its row is gone, and its uniquifier is old.
    """
    session_id = session.get(ID)
    if not isinstance(session_id, str) or not isinstance(uniquifier, str):
        return None
    found = _OF_COOKIE.rows_apart(id_hash=hashed(session_id), now=clock.this_hour(), uniquifier=uniquifier)
    if not found:
        return None
    g.may_lie_idle = found[0][1]
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get(TYPED, 0))
    return str(found[0][0])


def _when_asked_for(member_id: str) -> User:
    """The member, whose row is read only when a page asks for more than whether somebody is there."""
    return cast(User, LocalProxy(cache(lambda: db.session.get_one(User, member_id))))


def _speaking(member_id: str) -> Viewer | None:
    """The persona of the cookie; where it is no more, the member's first name that is."""
    chosen = _active_persona()
    viewer = viewer_kept(chosen) if chosen else None
    if viewer is not None:
        return viewer
    for persona_id in first_names(member_id):
        viewer = viewer_of(persona_id)
        if viewer is not None:
            if _ACTIVE in session:
                _forget_what_was_begun()
            session[_ACTIVE] = seal_text(_SEAL, persona_id, session[ID])
            return viewer
    return None


def _forget_what_was_begun() -> None:
    """No form that was opened under the name before is sent under this one: it would tie the two."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    flash(
        _("The name that you wrote under was left behind. Nothing begun under it is sent under another."),
        "gold",
    )


def _active_persona() -> str | None:
    sealed = session.get(_ACTIVE)
    if not isinstance(sealed, str):
        return None
    for _attempt in (1, 2):
        try:
            return unseal_text(_SEAL, sealed, session[ID])
        except CannotUnseal:
            if not keyfile.reread():
                return None
    return None


def first_names(member_id: str) -> list[str]:
    """The personas of a member, first slot first."""
    return [persona_id for _slot, persona_id in sorted(vault.personas_of(member_id).items())]


def new_values(
    member_id: str, persona_id: str | None, *, shared: bool = False, strong: bool = False, device: str = ""
) -> dict[str, Any]:
    """Open a session in the open transaction, ``strong`` by more than a password; what its cookie holds."""
    member = db.session.get_one(User, member_id)
    session_id = new_key()
    lasts = LASTS_SHARED if shared else LASTS
    db.session.add(
        SignIn(
            id_hash=hashed(session_id),
            member_id=member_id,
            since=clock.now(),
            ends_at=clock.now() + lasts,
            device=device,
        )
    )
    values: dict[str, Any] = {_MEMBER: member.fs_uniquifier, TYPED: time.time(), ID: session_id}
    if not shared:
        values[_PERMANENT] = True
    if persona_id:
        values[_ACTIVE] = seal_text(_SEAL, persona_id, session_id)
    if strong:
        values[MARK] = True
    return values


def renew(
    member: User, *, persona_id: str | None = None, shared: bool = False, strong: bool | None = None
) -> None:
    """Give this browser a new session id in the open transaction; the old one is dead.

    Called at each sign-in, password change and change of name. Nothing of the old cookie stays but
    the messages still to be shown, and the moment at which the password was typed.

    :param strong: it was opened by more than a password; as before when it is only renewed.
    """
    strong = is_strong() if strong is None else strong
    kept = {name: session[name] for name in ("_flashes", TYPED) if name in session}
    close()
    session.clear()
    g.pop("csrf_token", None)
    device = devices.device_of(request.user_agent.string)
    values = new_values(member.id, persona_id, shared=shared, strong=strong, device=device)
    session.update({**values, **kept})
    session.permanent = not shared


def close() -> None:
    """End the session of this cookie on the server, in the open transaction."""
    session_id = session.get(ID)
    if isinstance(session_id, str):
        db.session.execute(delete(SignIn).where(SignIn.id_hash == hashed(session_id)))


def close_all(member_id: str) -> None:
    """End every session of a member, in the open transaction."""
    db.session.execute(delete(SignIn).where(SignIn.member_id == member_id))


def _forget_cookie() -> None:
    for name in (ID, _ACTIVE, _MEMBER, TYPED, AT_WORK, MARK, SEEN, "_fresh", "_id"):
        session.pop(name, None)


def speak_as(persona_id: str) -> None:
    """Go on under another name of this member. The caller has asked for the password.

    :raises NotAllowed: the name is not theirs.
    """
    member = g.member
    if member is None or persona_id not in first_names(member.id):
        raise NotAllowed
    renew(member, persona_id=persona_id, shared=not session.permanent)


def sign_in_as(persona_id: str) -> None:
    """Sign in as one of the demonstration's cast, without a password.

    :raises NotAllowed: this is no demonstration, or nobody is behind that name.
    """
    member_id = vault.member_of(persona_id)
    if not settings().demonstration or member_id is None:
        raise NotAllowed
    with transaction():
        member = db.session.get_one(User, member_id)
        g.enter_as = persona_id
        login_user(member, authn_via=["demonstration"])


def typed_now() -> None:
    """Whoever is here has just proved again that it is them."""
    session[TYPED] = time.time()
