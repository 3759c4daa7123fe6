"""The cookie of the session, which bears that a clock was wrong.

Flask refuses a cookie that says it was signed later than now. After a clock that was an hour ahead was
set right, everybody who had come meanwhile would be signed out, and what they were sending refused.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

CLOCKS_DIFFER = 2 * 3600  # seconds


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


class Cookies(SecureCookieSessionInterface):
    """Flask's own sessions with that signer."""

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
