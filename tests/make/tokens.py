"""The token that the forms of a browser carry, for acts whose page no test looks at."""

from __future__ import annotations

import hashlib
import os

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer


def token_of(client: FlaskClient) -> str:
    """What every page of this browser would carry now, without a page being made for it."""
    with client.session_transaction() as cookie:
        held = cookie.setdefault("csrf_token", hashlib.sha1(os.urandom(64)).hexdigest())  # noqa: S324 - as Flask-WTF
    signer = URLSafeTimedSerializer(str(client.application.secret_key), salt="wtf-csrf-token")
    return str(signer.dumps(held))
