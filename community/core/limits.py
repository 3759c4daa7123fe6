"""Rate limits, by persona when there is one, else by address; shared by all processes.

Through Redis when it is set, else through a file beside the data. Either lost: each process counts for
itself until it is back. Nobody is locked out, and nobody gets more than their share from one process.
Every form has a limit: its own where its view says one, else ``ANY_FORM``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from math import ceil
from typing import Any

from flask import Flask, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_qualified_name
from limits import RateLimitItemPerDay

from community.core import clock, counts, passing_limits
from community.core.networks import network_of
from community.core.sealing import tag

# What nobody reaches by hand: for a form whose view names no limit of its own.
ANY_FORM = "120 per minute"
_LONGEST_WAIT = 3600
SECONDS_A_DAY = 86_400
View = Callable[..., Any]


def who() -> str:
    """Whom a limit counts: the acting persona, never the member behind it; else the address."""
    viewer = getattr(g, "viewer", None)
    if viewer is not None and viewer.persona_id:
        return _hidden("p", viewer.persona_id)
    return by_place()


def by_place() -> str:
    """Counts what comes from one address; of the newer kind, from all those of one household."""
    return _hidden("a", _network(32, 64))


def by_block() -> str:
    """Counts what comes from one block of addresses, as a firm or a hired crowd of machines has."""
    return _hidden("b", _network(24, 48))


def _hidden(kind: str, value: str) -> str:
    """What is kept instead of an address or a persona: a keyed hash of the day.

    Whoever reads the counts, in Redis or in a copy of it, learns neither who was here nor whether the same
    came back another day. At midnight (UTC) counts begin anew.
    """
    return f"{kind}:{tag('limit of the day', clock.today().isoformat(), value).hex()[:32]}"


def _network(old: int, new: int) -> str:
    """The network of the client; as it is written where it is no address (a socket of this machine)."""
    return network_of(request.remote_addr or "127.0.0.1", old, new)


limiter = Limiter(key_func=who, strategy="sliding-window-counter", headers_enabled=False)


@limiter.request_filter
def _switched_off() -> bool:
    """Whether the application that is asked counts nothing: the limiter of a process serves all of its
    applications, and would else count for each of them what the last one made says."""
    return not current_app.config["RATELIMIT_ENABLED"]


def init_app(app: Flask) -> None:
    """Wire the limiter; tests and benchmarks may switch it off by ``RATELIMIT_ENABLED``."""
    shared = app.extensions["redis"]
    if shared is not None:
        # The same connections, with their short patience: a page never waits long for a count.
        store: tuple[str, dict[str, Any]] = "redis://", {"connection_pool": shared.connection_pool}
    else:
        path = app.extensions["settings"].instance_dir / "counts.db"
        store = f"{counts.SCHEME}://", {"path": str(path)}
    app.config.setdefault("RATELIMIT_STORAGE_URI", store[0])
    app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", store[1])
    # A limiter whose store is away lets people through rather than lock them out.
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    limiter.init_app(app)


def cover_forms(app: Flask) -> None:
    """Give every form that has no limit of its own the one of any form. Called when all views are there."""
    for endpoint, view in list(app.view_functions.items()):
        if _takes_forms(app, endpoint) and not is_limited(view):
            covered: Any = limiter.limit(ANY_FORM, methods=["POST"])(view)
            app.view_functions[endpoint] = covered


def _takes_forms(app: Flask, endpoint: str) -> bool:
    return any("POST" in (rule.methods or ()) for rule in app.url_map.iter_rules(endpoint))


def is_limited(view: View) -> bool:
    """Whether what is sent to this view is counted."""
    if hasattr(view, passing_limits.MARK):  # it counts without keeping who
        return True
    # The library's own mark: its list alone also knows the limits of another application of this process.
    return hasattr(view, "__wrapper-limiter-instance") and any(True for _ in of_form(view))


def of_form(view: View) -> Iterator[tuple[str, str]]:
    """The limits of a form: how many in how long, and the name of what counts them."""
    for limit in limiter.limit_manager.decorated_limits(get_qualified_name(view)):
        if not limit.methods or "post" in limit.methods:
            yield str(limit.limit), limit.key_func.__name__


def may_today(what: str, most: int) -> bool:
    """Count one more of something of the acting persona; whether it may be, of so many in a day.

    For what leaves no row to be counted once it was taken back. Where no counts can be reached it may.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return True
    try:
        return limiter.limiter.hit(RateLimitItemPerDay(most), what, who())
    except limiter.storage.base_exceptions:
        return True


def first_today(*what: str) -> bool:
    """Whether nobody of this neighbourhood did this today (UTC) yet; once asked, somebody has.

    All processes count together. Kept until midnight is one keyed hash: nobody reads from it who did what.
    Where no counts can be reached, each process remembers for itself.
    """
    now = clock.now()
    done = tag("first today", now.date().isoformat(), _network(24, 48), *what).hex()[:32]
    left = SECONDS_A_DAY - (now.hour * 60 + now.minute) * 60 - now.second
    if not (limiter.enabled and current_app.config["RATELIMIT_ENABLED"]):
        return passing_limits.first_today(*what)
    try:
        return int(limiter.storage.incr(done, left)) == 1
    except limiter.storage.base_exceptions:
        return passing_limits.first_today(*what)


def seconds_left() -> int:
    """How long whoever reached a limit has to wait, at most an hour."""
    reached = limiter.current_limit
    if reached is None or not reached.breached:
        return 60
    # The window slides: a place is free a little after the one before has ended.
    left = reached.reset_at - time.time() + reached.limit.get_expiry() / reached.limit.amount
    return max(1, min(ceil(round(left, 3)), _LONGEST_WAIT))
