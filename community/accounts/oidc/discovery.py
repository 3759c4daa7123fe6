"""What a provider says of itself: where to send people, where to ask, and the keys it signs with.

Kept for an hour in this process. A key that is not known yet is looked for again, but not more often
than every ten seconds, whatever tokens come.
"""

from __future__ import annotations

import threading
import time
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from community.accounts.oidc.wire import Unreachable, get_json, is_askable
from config import Provider

if TYPE_CHECKING:
    from joserfc.jwk import Key

KEPT = 3600.0
AGAIN_AFTER = 10.0
_MOST_KEYS = 50
_LEAST_RSA_BITS = 2048


@dataclass
class About:
    """A provider's own description, checked."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    says_who: bool  # it names itself in every answer (RFC 9207)
    basic: bool  # it takes the secret in a header
    read_at: float = field(default_factory=time.monotonic)
    keys: list[tuple[str, Key]] = field(default_factory=list)
    keys_read_at: float = -KEPT


_known: dict[str, About] = {}
_silent: dict[str, float] = {}  # who did not answer, and when: nobody waits for them again at once
_lock = threading.Lock()


def about(provider: Provider) -> About:
    """What a provider says of itself. :raises Unreachable: nothing, or of another."""
    found = _known.get(provider.issuer)
    if found is None or time.monotonic() - found.read_at > KEPT:
        if time.monotonic() - _silent.get(provider.issuer, -KEPT) < AGAIN_AFTER:
            raise Unreachable("silent")
        try:
            found = _described(provider, get_json(_address(provider.issuer)))
        except Unreachable:
            _silent[provider.issuer] = time.monotonic()
            raise
        with _lock:
            _known[provider.issuer] = found
    return found


def _address(issuer: str) -> str:
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def _described(provider: Provider, said: dict[str, Any]) -> About:
    if said.get("issuer") != provider.issuer:
        raise Unreachable("issuer")
    places = {name: said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if not all(is_askable(place) for place in places.values()):
        raise Unreachable("endpoints")
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return About(
        str(places["authorization_endpoint"]),
        str(places["token_endpoint"]),
        str(places["jwks_uri"]),
        says_who=said.get("authorization_response_iss_parameter_supported") is True,
        basic="client_secret_basic" in methods,
    )


def key_of(provider: Provider, kid: object, kind: str) -> Key | None:
    """The key of this id and type, or the only one of the type where the token names none.

    :raises Unreachable: the keys cannot be read.
    """
    known = about(provider)
    if time.monotonic() - known.keys_read_at > KEPT:
        _read_keys(known)
    found = _one(known, kid, kind)
    if found is None and time.monotonic() - known.keys_read_at > AGAIN_AFTER:
        _read_keys(known)
        found = _one(known, kid, kind)
    return found


def _one(known: About, kid: object, kind: str) -> Key | None:
    fit = [key for name, key in known.keys if key.key_type == kind and kid in (None, name)]
    return fit[0] if len(fit) == 1 else None


def _read_keys(known: About) -> None:
    rows = get_json(known.jwks_uri).get("keys")
    if not isinstance(rows, list):
        raise Unreachable("keys")
    known.keys = [(str(row.get("kid", "")), key) for row in rows[:_MOST_KEYS] if (key := _key(row))]
    known.keys_read_at = time.monotonic()


def _key(row: object) -> Key | None:
    """A public key to check signatures with; None for any other."""
    if not isinstance(row, dict) or row.get("kty") not in {"RSA", "EC"} or row.get("use", "sig") != "sig":
        return None
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a weak key is left out below
            key = KeySet.import_key_set({"keys": [row]}).keys[0]
            size = key.public_key.key_size  # type: ignore[union-attr]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return key if key.key_type == "EC" or size >= _LEAST_RSA_BITS else None


def forget() -> None:
    """Ask every provider anew (tests)."""
    with _lock:
        _known.clear()
        _silent.clear()
