"""From the code a browser brings back to the one thing kept of it: who they are at the provider.

Authlib checks what the standard says of an ID token; beside it stand the rules that are stricter here.
"""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_token_request
from authlib.oidc.core import CodeIDToken
from joserfc import jws
from joserfc.errors import ClaimError, JoseError

from community.accounts.oidc import discovery, wire
from community.accounts.oidc.journey import Journey, Refused
from community.core import clock
from config import Provider

SKEW = 60  # seconds by which clocks may differ
OLDEST = 600  # a token is used at once; one that was made long ago comes from elsewhere
LONGEST = 16 * 1024
_LONGEST_SUBJECT = 255
# Signed with a key of the provider's own: never "none", never a secret that both sides know.
_ALGORITHMS = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
}
# A token that says where its key lies, or brings it along, is not asked for either.
_FOREIGN = frozenset({"jku", "jwk", "x5u", "x5c", "crit"})


def subject_of(provider: Provider, journey: Journey, code: str, back: str) -> str:
    """Who the provider says has come back.

    :param back: the address to which it sent them.
    :raises Refused: it says nothing that can be trusted. :raises Unreachable: it says nothing.
    """
    answer = _exchange(provider, journey, code, back)
    raw, access = answer.get("id_token"), answer.get("access_token")
    if not isinstance(raw, str) or len(raw) > LONGEST:
        raise Refused("id_token")
    header, claims = _opened(provider, raw)
    _check(provider, journey, header, claims, access if isinstance(access, str) else "")
    return str(claims["sub"])


def _exchange(provider: Provider, journey: Journey, code: str, back: str) -> dict[str, Any]:
    known = discovery.about(provider)
    body = prepare_token_request(
        "authorization_code", redirect_uri=back, code=code, code_verifier=journey.verifier
    )
    method = "client_secret_basic" if known.basic else "client_secret_post"
    headers = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
    auth = ClientAuth(provider.client_id, provider.secret, method)
    url, headers, body = auth.prepare("POST", known.token_endpoint, headers, body)
    status, answer = wire.post_form(url, headers, body)
    if status != 200:
        raise Refused("code")
    return answer


def _opened(provider: Provider, raw: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token whose signature is the provider's."""
    header = _header(raw)
    algorithm = header.get("alg")
    kind = _ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
    if kind is None:
        raise Refused("alg")
    if not _FOREIGN.isdisjoint(header):
        raise Refused("header")
    kid = header.get("kid")
    key = discovery.key_of(provider, kid, kind) if kid is None or isinstance(kid, str) else None
    if key is None:
        raise Refused("kid")
    try:
        opened = jws.deserialize_compact(raw, key, algorithms=[str(algorithm)])
        claims = json.loads(opened.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Refused("signature") from None
    if not isinstance(claims, dict):
        raise Refused("claims")
    return header, claims


def _header(raw: str) -> dict[str, Any]:
    first = raw.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise Refused("id_token")
    return header


def _check(
    provider: Provider, journey: Journey, header: dict[str, Any], claims: dict[str, Any], access: str
) -> None:
    _check_times(journey, claims)
    _check_strictly(provider, journey, claims)
    asked = {"nonce": journey.nonce, "client_id": provider.client_id, "access_token": access}
    try:
        token = CodeIDToken(claims, header, {"iss": {"essential": True, "value": provider.issuer}}, asked)
        token.validate(now=int(clock.now().timestamp()), leeway=SKEW)
    except ClaimError as fault:
        raise Refused(str(fault.claim)) from None
    except (JoseError, ValueError, TypeError):
        raise Refused("claims") from None


def _check_times(journey: Journey, claims: dict[str, Any]) -> None:
    now = clock.now().timestamp()
    for name in ("exp", "iat", *(name for name in ("nbf", "auth_time") if name in claims)):
        if isinstance(claims.get(name), bool) or not isinstance(claims.get(name), (int, float)):
            raise Refused(name)
    if claims["exp"] <= now - SKEW:
        raise Refused("exp")
    if not now - OLDEST <= claims["iat"] <= now + SKEW:
        raise Refused("iat")
    if journey.purpose == "again" and not claims.get("auth_time", 0) >= journey.began - SKEW:
        raise Refused("auth_time")


def _check_strictly(provider: Provider, journey: Journey, claims: dict[str, Any]) -> None:
    """Exactly this provider, for this site alone, in answer to this browser."""
    if claims.get("iss") != provider.issuer:
        raise Refused("iss")
    audience = claims.get("aud")
    if audience not in (provider.client_id, [provider.client_id]):
        raise Refused("aud")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise Refused("azp")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), journey.nonce.encode()):
        raise Refused("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or "\x00" in subject:
        raise Refused("sub")
    if claims.get("email_verified", True) is not True:
        # An address is never used here; a provider that says this of somebody does not know them either.
        raise Refused("email_verified")
