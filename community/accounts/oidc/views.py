"""To a provider and back. These two addresses have no language: a provider knows one of each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security.utils import login_user

from community.accounts import guards
from community.accounts import session as sessions
from community.accounts.members import User
from community.accounts.oidc import discovery, journey, links, providers, subjects
from community.accounts.oidc.journey import Journey, Refused
from community.accounts.oidc.wire import Unreachable
from community.accounts.signin import letters, second_step
from community.accounts.signin.destination import is_ours
from community.core import audit, clock
from community.core.db import db, transaction
from community.core.errors import Conflict
from community.core.i18n import LANGUAGES, current_language
from community.core.limits import by_place, limiter
from community.core.sealing import seal_text
from config import Provider

bp = Blueprint("oidc", __name__, url_prefix="/oidc")

AWAY, NEW, ASKED = "oidc", "oidc_new", "oidc_link"
NEW_SEAL = "somebody new from elsewhere"
_LONGEST = 2000


@bp.get("/<provider>")
@limiter.limit("60 per 15 minutes", key_func=by_place)
def start(provider: str) -> Any:
    """Lead this browser to a provider. Nothing changes but what its own cookie carries."""
    chosen = providers.provider_or_404(provider)
    lang = request.args.get("lang", "")
    g.lang = lang if lang in LANGUAGES else current_language()
    purpose = _purpose(chosen)
    if purpose is None:
        return redirect(url_for("core.home"))
    asked = request.args.get("next", "")
    way = journey.begin(
        chosen,
        purpose,
        g.lang,
        next=asked if is_ours(asked) else "",
        shared=request.args.get("shared") == "yes",
    )
    db.session.rollback()  # nobody waits for a provider with the database in hand
    try:
        known = discovery.about(chosen)
    except Unreachable:
        return _cannot_be_reached(way, chosen)
    session[AWAY] = way.sealed()
    return redirect(journey.address(way, chosen, known, providers.back_of(chosen)))


def _purpose(provider: Provider) -> str | None:
    """Why somebody leaves; none for whoever is here already and asks for nothing."""
    asked = request.args.get("purpose", "enter")
    if g.member is None:
        return "enter" if asked == "enter" else None
    if asked == "again" or (asked == "link" and _pressed_for(provider) and guards.is_fresh()):
        return asked
    return None


def ask_to_link(provider: Provider) -> None:
    """Note in this browser that the button which links a provider was pressed here, on a page of ours."""
    session[ASKED] = f"{int(clock.now().timestamp())} {provider.key}"


def _pressed_for(provider: Provider) -> bool:
    """Whether that was a moment ago, for this provider; it counts once.

    An address alone links nothing: another site could lead there a browser that it has signed in over
    there as somebody else, who would open this account from then on.
    """
    at, _space, key = session.pop(ASKED, "0 ").partition(" ")
    return key == provider.key and clock.now().timestamp() - int(at) <= journey.LASTS


@bp.get("/<provider>/back")
@limiter.limit("60 per 15 minutes", key_func=by_place)
def back(provider: str) -> Any:
    """What a provider sends back. The only GET that opens a session: the standard has it so, and its
    state belongs to this browser, once."""
    from community.accounts.oidc.tokens import subject_of  # with it come libraries that few sites need

    chosen = providers.provider_or_404(provider)
    way = journey.opened(session.pop(AWAY, None))
    if way is not None:
        g.lang = way.lang
    try:
        way = _answered(chosen, way)
        subject = subject_of(chosen, way, _single("code"), providers.back_of(chosen))
        return _ARRIVALS[way.purpose](way, chosen, subjects.subject_hash(chosen.issuer, subject))
    except Refused as fault:
        return _refuse(way, chosen, fault.fault)
    except Unreachable:
        return _cannot_be_reached(way, chosen)


def _answered(provider: Provider, way: Journey | None) -> Journey:
    """The way that this answer ends. :raises Refused: it ends none, or another."""
    if way is None or not journey.is_answered_by(way, provider, _single("state")):
        raise Refused("state")
    db.session.rollback()
    says = request.args.getlist("iss")
    if says != [provider.issuer] and (says or discovery.about(provider).says_who):
        raise Refused("iss")
    if not journey.spend(way):
        raise Refused("replayed")
    db.session.rollback()
    if not _single("code"):
        raise Refused("code")
    return way


def _single(name: str) -> str:
    """A value of the query that is there once; empty otherwise."""
    values = request.args.getlist(name)
    return values[0] if len(values) == 1 and len(values[0]) <= _LONGEST else ""


def _refuse(way: Journey | None, provider: Provider, fault: str) -> Any:
    """One sentence for every reason; the register holds which it was."""
    with transaction():
        audit.record("site", "sign_in.refused", provider=provider.key, fault=fault)
    flash(_("Signing in there did not work. Nothing was changed. Try again, or choose another way."), "brick")
    return redirect(_page_of(way))


def _cannot_be_reached(way: Journey | None, provider: Provider) -> Any:
    flash(
        _(
            "%(name)s cannot be reached at the moment. Try again later, or choose another way.",
            name=providers.name_of(provider),
        ),
        "brick",
    )
    return redirect(_page_of(way))


def _page_of(way: Journey | None) -> str:
    if way is None or way.purpose == "enter":
        return url_for("security.login")
    return url_for("accounts.linked_sign_ins" if way.purpose == "link" else "security.verify")


def _enter(way: Journey, provider: Provider, hashed: bytes) -> Any:
    """Sign in; whoever is new is led to joining, and nothing of them is kept until they did."""
    member = links.member_of(hashed)
    if member is None:
        session[NEW] = seal_text(NEW_SEAL, f"{int(way.began)} {provider.key} {hashed.hex()}")
        return redirect(url_for("accounts.join_elsewhere"))
    if not member.active:
        raise Refused("closed")
    with transaction():
        return _sign_in(db.session.get_one(User, member.id), way)


def _sign_in(member: User, way: Journey) -> Any:
    """A new session under the first name of this member, whoever was here before; first the second step."""
    sessions.close()
    session.clear()
    g.shared_device = way.shared
    second = second_step.lead(member, "oidc", way.next)
    if second is not None:
        return second
    g.enter_as = next(iter(sessions.first_names(member.id)), None)
    login_user(member, authn_via=["oidc"])
    return redirect(way.next or url_for("core.home"))


def _link(way: Journey, provider: Provider, hashed: bytes) -> Any:
    """Add this way to the account that asked for it, which proved a moment ago that it is them."""
    if g.member is None or not guards.is_fresh():
        raise Refused("session")
    try:
        with transaction():
            links.link(g.member.id, provider.issuer, hashed)
            letters.tell(g.member, "sign-in added")
    except Conflict:
        raise Refused("linked elsewhere") from None
    flash(_("From now on you can sign in with %(name)s.", name=providers.name_of(provider)), "ok")
    return redirect(url_for("accounts.linked_sign_ins"))


def _again(way: Journey, provider: Provider, hashed: bytes) -> Any:
    """The same as the password once more; it must be the same person."""
    found = links.member_of(hashed)
    if g.member is None or found is None or found.id != g.member.id:
        raise Refused("somebody else")
    sessions.typed_now()
    with transaction():
        sessions.renew(g.member, persona_id=g.viewer.persona_id, shared=not session.permanent)
    return redirect(way.next or url_for("accounts.names"))


_ARRIVALS = {"enter": _enter, "link": _link, "again": _again}
