"""A provider of the tests' own, over loopback, that can be told to lie in every way a provider can."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from community.core import clock
from config import Provider

Claims = dict[str, Any]
SECRET = "a secret of two who know it"
CLIENT = "passerelle-of-the-tests"
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
FOREIGN = RSAKey.generate_key(2048, {"kid": "first"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})


def signed(claims: Claims, header: dict[str, Any] | None = None, key: Any = KEY) -> str:
    """A token as an honest provider makes it, unless told otherwise."""
    head = {"alg": "RS256", "kid": "first", **(header or {})}
    head = {name: value for name, value in head.items() if value is not None}
    text = json.dumps(claims)
    return jws.serialize_compact(head, text, key, algorithms=[head["alg"]], registry=_ANY)


_ANY = jws.JWSRegistry(algorithms=["RS256", "RS384", "ES256", "HS256", "none"], strict_check_header=False)


def with_public_key(claims: Claims) -> str:
    """Signed by HS256, its secret being the public key that everybody has."""
    head = _plain(json.dumps({"alg": "HS256", "kid": "first"}).encode())
    said = f"{head}.{_plain(json.dumps(claims).encode())}"
    return f"{said}.{_plain(hmac.digest(KEY.as_pem(private=False), said.encode(), 'sha256'))}"


def unsigned(claims: Claims) -> str:
    """A token with ``alg: none``."""
    parts = ({"alg": "none", "kid": "first"}, claims)
    return ".".join(_plain(json.dumps(part).encode()) for part in parts) + "."


def _plain(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Granted:
    """Somebody who signed in there, until their code is handed in."""

    subject: str
    asked: dict[str, str]
    taken: int = 0


@dataclass
class FaultyProvider:
    """A provider. ``claims`` and ``token`` change what it says; the rest tells how it behaves."""

    says_who: bool = True
    claims: Callable[[Claims], Claims] = lambda claims: claims
    token: Callable[[Claims], str] = signed
    describes: Callable[[Claims], Claims] = lambda document: document
    keys: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, Granted] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    down: bool = False

    def __post_init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.reset()
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def reset(self) -> None:
        """An honest provider again."""
        self.says_who, self.down = True, False
        self.claims, self.token, self.describes = (lambda claims: claims), signed, (lambda said: said)
        self.keys = [KEY.as_dict(private=False), CURVE.as_dict(private=False)]
        self.codes.clear()
        self.asked.clear()

    def stop(self) -> None:
        """Close the port."""
        self.server.shutdown()
        self.server.server_close()

    def settings(self, key: str, *, vouches: bool = False) -> Provider:
        """The line of the settings that names it."""
        names = {"fr": f"Hôpital {key}", "en": f"Hospital {key}"}
        return Provider(key, self.issuer, CLIENT, SECRET, names, vouches)

    def lets_in(self, location: str, subject: str = "anna", **changes: str | None) -> str:
        """Somebody signs in there: the address to which the provider then sends the browser.

        :param changes: of the answer's query; None takes a value out.
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        code = hashlib.sha256(f"{location}{subject}{time.monotonic_ns()}".encode()).hexdigest()
        self.codes[code] = Granted(subject, asked)
        said = {"code": code, "state": asked["state"], "iss": self.issuer if self.says_who else None}
        query = {name: value for name, value in {**said, **changes}.items() if value is not None}
        return f"{urlsplit(asked['redirect_uri']).path}?{urlencode(query)}"

    def answer(self, path: str) -> tuple[int, Claims]:
        """What a GET gives."""
        if path == "/.well-known/openid-configuration":
            return 200, self.describes(
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    "authorization_response_iss_parameter_supported": self.says_who,
                }
            )
        return (200, {"keys": self.keys}) if path == "/keys" else (404, {})

    def exchange(self, sent: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """What a code gives. It forgives a second use: refusing that is the other side's task too."""
        granted = self.codes.get(sent.get("code", ""))
        told = _plain(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if granted is None or authorization != basic or told != granted.asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        granted.taken += 1
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": granted.subject,
            "nonce": granted.asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
        }
        token = self.token(self.claims(claims))
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": token}


def _handler(provider: FaultyProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            self._say(*((503, {}) if provider.down else provider.answer(self.path)))

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*provider.exchange(sent, self.headers.get("Authorization", "")))

        def _say(self, status: int, said: Claims) -> None:
            raw = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_facts: Any) -> None:
            """Say nothing."""

    return Handler
