"""What another site sends is refused, before its token is even looked at.

Three things stand between a reader and a forged form: the cookie stays at home (SameSite), the form
carries a token, and the browser says where the form came from. Our pages send no referrer, which makes
browsers say ``Origin: null`` of our own forms too; ``Sec-Fetch-Site`` then still tells them apart.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request
from flask_babel import lazy_gettext as _l

from community.core.errors import NotAllowed
from community.core.store import settings

_ASKING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OURS = frozenset({"", "same-origin", "none"})


def init_app(app: Flask) -> None:
    """Look at every request that may change something."""
    app.before_request(refuse_others)


def refuse_others() -> None:
    """:raises NotAllowed: the browser says that another site sent this."""
    if request.method in _ASKING:
        return
    origin = request.headers.get("Origin", "")
    foreign = origin not in {"", "null", _origin(request.host_url), _origin(settings().base_url)}
    if foreign or request.headers.get("Sec-Fetch-Site", "") not in _OURS:
        raise NotAllowed(_l("This form was open too long, or was sent from elsewhere. Nothing was sent."))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
