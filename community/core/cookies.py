"""The cookie of the session, which bears that a clock was wrong.

Flask refuses a cookie that says it was signed later than now. After a clock that was an hour ahead was
set right, everybody who had come meanwhile would be signed out, and what they were sending refused.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Request, Response, g
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, bytes_to_int

CLOCKS_DIFFER = 2 * 3600  # seconds
MOST_KEPT = 1_024  # cookies of a process
_PLAIN = (str, int, float, bool, type(None))  # what one request cannot change for the next


class PatientSigner(TimestampSigner):
    """As any other, but a signature from a little later than now is as good as one from now."""

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """What was signed. :raises BadSignature: by somebody else, or too long ago."""
        try:
            return super().unsign(signed_value, max_age=max_age, return_timestamp=return_timestamp)  # type: ignore[call-overload]
        except SignatureExpired as problem:
            signed = problem.date_signed
            early = signed.timestamp() - time.time() if signed is not None else 0
            if problem.payload is None or not 0 < early <= CLOCKS_DIFFER:
                raise
            return (problem.payload, datetime.now(UTC)) if return_timestamp else problem.payload


@dataclass(frozen=True)
class _Opened:
    """What a cookie holds, and when it was signed."""

    values: dict[str, Any]
    signed: float


class Cookies(SecureCookieSessionInterface):
    """Flask's own sessions with that signer. A cookie that was read a moment ago is not read anew."""

    def __init__(self) -> None:
        self._opened: OrderedDict[tuple[object, ...], _Opened] = OrderedDict()
        self._lock = threading.Lock()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie of this request holds; empty where it is none of ours."""
        said = request.cookies.get(self.get_cookie_name(app))
        if not said:
            return super().open_session(app, request)
        # Other keys read other cookies.
        name = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()), said)
        known = self._opened.get(name)
        lasts = app.permanent_session_lifetime.total_seconds()
        if known is not None and 0 <= time.time() - known.signed <= lasts:
            return self.session_class(known.values)
        found = super().open_session(app, request)
        if found and all(isinstance(value, _PLAIN) for value in found.values()):
            self._keep(name, _Opened(dict(found), _signed(said)))
        return found

    def _keep(self, name: tuple[object, ...], opened: _Opened) -> None:
        with self._lock:
            self._opened[name] = opened
            if len(self._opened) > MOST_KEPT:
                self._opened.popitem(last=False)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = PatientSigner
        return serializer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie, unless the page was asked for by nobody: then the browser's own stays as it is."""
        if not g.get("leave_cookie_as_it_is"):
            super().save_session(app, session, response)


def _signed(said: str) -> float:
    """When a cookie that is known to be good was signed."""
    return float(bytes_to_int(base64_decode(said.rsplit(".", 2)[1])))
