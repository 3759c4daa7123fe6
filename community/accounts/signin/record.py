"""Each attempt to sign in is a line of the log: by which way, and how it ended. Never who, nor from where.

An operator sees that somebody guesses, and how much; the limits stand in their way meanwhile.
"""

from __future__ import annotations

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("sign-in")
# The pages by which one comes in. A provider sends people back by GET, as its standard has it.
_WAYS = {
    ("security.login", "POST"): "password",
    ("accounts.second_step", "POST"): "second step",
    ("accounts.use_passkey", "POST"): "passkey",
    ("accounts.come_back", "POST"): "rescue code",
    ("oidc.back", "GET"): "provider",
}
# A password may be followed by a second step; a rescue code sets a password and opens nothing.
_LEADS_ON = frozenset({"password", "rescue code"})


def init_app(app: Flask) -> None:
    """Write a line after each."""
    app.after_request(_note)


def opened() -> None:
    """Somebody has just signed in by this request."""
    g.sign_in_opened = True


def _note(response: Response) -> Response:
    way = _WAYS.get((request.endpoint or "", request.method))
    if way is not None:
        log.info("sign-in", way=way, outcome=_outcome(way, response.status_code))
    return response


def _outcome(way: str, status: int) -> str:
    if g.get("sign_in_opened"):
        return "opened"
    if status == 429:
        return "slowed"
    return "led on" if way in _LEADS_ON and status in {302, 303} else "refused"
