"""What a page asks of whoever opens it: a member, a name that speaks, a password typed a moment ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec

from flask import g, redirect, request, url_for
from flask_security.utils import check_and_update_authn_fresh
from werkzeug.exceptions import Unauthorized

# How long after a password was typed one may list one's names, change name, or act on duties.
FRESH = timedelta(minutes=10)
FRESH_TO_SEND = timedelta(minutes=45)

Parameters = ParamSpec("Parameters")
Page = Callable[Parameters, Any]


def is_fresh(within: timedelta = FRESH) -> bool:
    """Whether the password was typed in this session a moment ago."""
    return bool(check_and_update_authn_fresh(within, FRESH, "session"))


def here() -> str:
    """The address of this page, to come back to after signing in; of no page for what was sent."""
    if request.method != "GET":
        return url_for("core.home")
    return request.full_path if request.query_string else request.path


def members_only(page: Page[Parameters]) -> Page[Parameters]:
    """A page for whoever is signed in, with or without a name; others are asked to sign in."""

    @wraps(page)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Any:
        if g.member is not None:
            return page(*args, **kwargs)
        if request.method != "GET":
            raise Unauthorized
        return redirect(url_for("security.login", next=here()))

    return guarded


def signed_in(page: Page[Parameters]) -> Page[Parameters]:
    """A page for a name that speaks; visitors are asked to sign in and come back here."""

    @wraps(page)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Any:
        if g.viewer.signed_in:
            return page(*args, **kwargs)
        if request.method != "GET":
            raise Unauthorized
        return redirect(url_for("security.login", next=here()))

    return guarded


def _fresh_door(page: Page[Parameters], to_send: timedelta) -> Page[Parameters]:
    @members_only
    @wraps(page)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Any:
        opening = request.method == "GET"
        if is_fresh(FRESH if opening else to_send):
            return page(*args, **kwargs)
        return redirect(url_for("security.verify", next=here() if opening else None))

    return guarded


def freshly(page: Page[Parameters]) -> Page[Parameters]:
    """A page for which the password must have been typed a moment ago; else it is asked again."""
    return _fresh_door(page, FRESH)


def freshly_opened(page: Page[Parameters]) -> Page[Parameters]:
    """The same, with time to write in the form that was opened: what was typed is not thrown away."""
    return _fresh_door(page, FRESH_TO_SEND)
