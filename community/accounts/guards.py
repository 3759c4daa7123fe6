"""What a page asks of whoever opens it: a member, a name that speaks, a password typed a moment ago."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec

from flask import g, redirect, request, session, url_for
from werkzeug.exceptions import Unauthorized

# How long after a password was typed one may list one's names, change name, or act on duties.
FRESH = timedelta(minutes=10)
FRESH_TO_SEND = timedelta(minutes=45)
TYPED, AT_WORK = "fs_paa", "work"  # as the cookie holds them

Parameters = ParamSpec("Parameters")
Page = Callable[Parameters, Any]


def is_fresh(within: timedelta = FRESH) -> bool:
    """Whether the password was typed in this session a moment ago, whatever was done since."""
    typed = session.get(TYPED)
    return isinstance(typed, int | float) and abs(time.time() - typed) < within.total_seconds()


def _is_at_work() -> bool:
    """Whether it was, or one page of a duty has followed the other since: whoever works through a queue is
    asked each three quarters of an hour, not each ten minutes, and after a pause at once."""
    now = time.time()
    goes_on = is_fresh() or (is_fresh(FRESH_TO_SEND) and now < session.get(AT_WORK, 0))
    if goes_on:
        session[AT_WORK] = int(now + FRESH.total_seconds())
    return goes_on


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


def _fresh_door(
    page: Page[Parameters], opens: Callable[[], bool], sends: Callable[[], bool]
) -> Page[Parameters]:
    @members_only
    @wraps(page)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Any:
        opening = request.method == "GET"
        if opens() if opening else sends():
            return page(*args, **kwargs)
        return redirect(url_for("security.verify", next=here() if opening else None))

    return guarded


def freshly(page: Page[Parameters]) -> Page[Parameters]:
    """A page for which the password must have been typed a moment ago; else it is asked again."""
    return _fresh_door(page, is_fresh, is_fresh)


def freshly_opened(page: Page[Parameters]) -> Page[Parameters]:
    """The same, with time to write in the form that was opened: what was typed is not thrown away."""
    return _fresh_door(page, _is_at_work, lambda: is_fresh(FRESH_TO_SEND))
