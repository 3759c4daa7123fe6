"""What stands around Flask-Security's pages: limits, the confirming button, a clean way out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import (
    Flask,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import UnsupportedMediaType

from community.accounts import session as sessions
from community.accounts.proposals import as_kept
from community.accounts.signin import confirming, second_step
from community.accounts.signin.datastore import Overtaken
from community.accounts.signin.destination import is_ours
from community.accounts.signin.forms import JoinForm
from community.core.db import db, transaction
from community.core.limits import by_block, by_place, limiter, seconds_left, who
from community.core.sealing import tag

View = Callable[..., Any]


def by_account() -> str:
    """Counts attempts on one account, wherever they come from, without keeping its address."""
    typed = as_kept(request.form.get("email") or request.form.get("sign_in_name") or "")
    return "i:" + tag("limit", typed).hex()[:32]


def by_account_and_place() -> str:
    """Counts attempts on one account from one place: who guesses there locks nobody out elsewhere."""
    return by_account() + by_place()


def by_half() -> str:
    """Counts guesses at the second step of one account, whichever browser began it."""
    known = second_step.waiting()
    return "h:" + tag("limit", known[0].id).hex()[:32] if known else by_place()


def everybody() -> str:
    """Counts what the whole site takes in."""
    return "everybody"


def _refused(response: Response) -> bool:
    """Only attempts that failed count."""
    return response.status_code not in {302, 303}


def _came_in(response: Response) -> bool:
    """Only who joined counts; a known address is answered, and so counted, like any other."""
    return not _refused(response)


def init_app(app: Flask) -> None:
    """Put limits and our own steps around the pages that Flask-Security registered."""
    views = app.view_functions
    for name, (limits, counts) in _LIMITS.items():
        view = _forms_only(views[f"security.{name}"])
        for rate, counted in limits:
            view = limiter.limit(rate, key_func=counted, methods=["POST"], deduct_when=counts)(view)
        views[f"security.{name}"] = view
    again = limiter.limit("10 per 15 minutes", key_func=who, methods=["POST"], deduct_when=_refused)
    views["security.login"] = _stays_here(views["security.login"])
    views["security.verify"] = _stays_here(again(_forms_only(views["security.verify"])))
    views["security.change_password"] = again(_forms_only(_once(views["security.change_password"])))
    views["security.reset_password"] = _forms_only(_once(views["security.reset_password"]))
    register = _one_of_them(_other_names(views["security.register"]))
    views["security.register"] = kindly(_join_later)(braked(register))
    views["security.confirm_email"] = confirming.asks_first(views["security.confirm_email"])
    views["security.logout"] = _leaves_nothing(views["security.logout"])


_Limit = tuple[str, Callable[[], str]]
_LETTERS: list[_Limit] = [("5 per hour", by_account), ("40 per hour", by_place)]

# How many attempts, counted by what, and which of them count. A hospital is one place: those are wide.
# A wrong password slows for a quarter of
# an hour at most; each letter that is asked for counts.
_LIMITS: dict[str, tuple[list[_Limit], Callable[[Response], bool] | None]] = {
    "login": (
        [
            ("10 per 15 minutes", by_account_and_place),
            ("60 per 15 minutes", by_account),
            ("100 per 15 minutes", by_place),
        ],
        _refused,
    ),
    "register": (_LETTERS, None),
    "forgot_password": (_LETTERS, None),
    "send_confirmation": (_LETTERS, None),
}


# The same for our own pages beside Flask-Security's: none of their letters, but as much hashing.
_OWN: dict[str, tuple[list[_Limit], Callable[[Response], bool] | None]] = {
    "join_by_name": ([("40 per hour", by_place)], None),
    "come_back": (_LIMITS["login"][0], _refused),
    "change_address": (_LETTERS[1:], None),
    "second_step": ([("5 per 15 minutes", by_half), ("100 per 15 minutes", by_place)], _refused),
    "passkey": ([("100 per 15 minutes", by_place)], _refused),
}


# How many may come in within an hour: from one block of addresses, and at all.
_BRAKES: list[_Limit] = [("60 per hour", by_block), ("200 per hour", everybody)]


def braked(view: View) -> View:
    """Count who joins, by whichever door; beyond the brakes nobody does for a while."""
    for rate, counted in _BRAKES:
        brake = limiter.shared_limit(
            rate, scope="joining", key_func=counted, methods=["POST"], deduct_when=_came_in
        )
        view = brake(view)
    return view


def kindly(later: Callable[[], str]) -> Callable[[View], View]:
    """Whoever meets a limit gets their form back: ``later`` makes the page, ``g.waits`` says how long."""

    def kind(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except RateLimitExceeded:
                g.waits = seconds_left()
                return later(), 429, {"Retry-After": str(g.waits), "Cache-Control": "no-store"}

        return guarded

    return kind


def _join_later() -> str:
    return render_template("security/register_user.html", register_user_form=JoinForm(request.form))


def slowed(name: str) -> Callable[[View], View]:
    """Count what is sent to a page of joining or coming back without an address."""
    limits, counts = _OWN[name]

    def slow(view: View) -> View:
        for rate, counted in limits:
            view = limiter.limit(rate, key_func=counted, methods=["POST"], deduct_when=counts)(view)
        return view

    return slow


def _forms_only(view: View) -> View:
    """These pages take forms; Flask-Security would also read JSON, which nothing here sends."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        if request.is_json:
            raise UnsupportedMediaType
        return view(**arguments)

    return guarded


def _stays_here(view: View) -> View:
    """Whatever was asked, one is led to a page of this site."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        answer = make_response(view(**arguments))
        if answer.status_code == 302 and not is_ours(answer.location):
            answer.location = url_for("core.home")
        return answer

    return guarded


def _other_names(view: View) -> View:
    """The button for other proposals gives the form back as it is, without judging it."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        if "more" in request.form:
            return render_template("security/register_user.html", register_user_form=JoinForm(request.form))
        return view(**arguments)

    return guarded


def _one_of_them(view: View) -> View:
    """Of several requests under one address at the same moment, one is kept and all are answered alike: a
    button pressed twice is no fault, and where somebody has that address nothing clashes either."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        try:
            return view(**arguments)
        except (IntegrityError, StaleDataError):
            db.session.rollback()
            return redirect(url_for("accounts.joined"))

    return guarded


def _once(view: View) -> View:
    """Whoever sends the same link or old password a moment after another is answered as whoever comes later:
    taken twice, the one who pressed last would hold the account, and the first would not know."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        try:
            return view(**arguments)
        except Overtaken:
            db.session.rollback()
            return view(**arguments)

    return guarded


def _leaves_nothing(view: View) -> View:
    """Sign out: the session ends on the server, the cookie goes, the browser is asked to forget."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        with transaction():
            sessions.close()
        answer = make_response(view(**arguments))
        session.clear()
        flash(_("You are signed out."), "ok")
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    return guarded
