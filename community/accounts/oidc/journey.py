"""One way to a provider and back: what this browser carries meanwhile, sealed, and hands in once."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass

from community.accounts.oidc.discovery import About
from community.core import clock, idempotency
from community.core.sealing import CannotUnseal, seal_text, unseal_text
from config import Provider

LASTS = 600  # seconds between leaving and coming back
PURPOSES = ("enter", "link", "again")
_SEAL = "sign-in elsewhere"


class Refused(Exception):
    """What came back cannot be trusted. ``fault`` says why, in the register and to nobody else."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Journey:
    """What must come back as it left, why somebody went, and where they go on."""

    provider: str
    purpose: str  # enter: sign in; link: add this way to one's account; again: prove that it is still you
    lang: str
    next: str
    shared: bool
    state: str
    nonce: str
    verifier: str
    began: float

    def sealed(self) -> str:
        """What the cookie carries."""
        return seal_text(_SEAL, json.dumps(asdict(self)))


def begin(provider: Provider, purpose: str, lang: str, *, next: str = "", shared: bool = False) -> Journey:
    """Draw what a new way needs."""
    from authlib.common.security import generate_token

    state, nonce, verifier = generate_token(43), generate_token(43), generate_token(64)
    began = clock.now().timestamp()
    return Journey(provider.key, purpose, lang, next, shared, state, nonce, verifier, began)


def opened(sealed: object) -> Journey | None:
    """What :meth:`Journey.sealed` made, unless it is too old."""
    try:
        journey = Journey(**json.loads(unseal_text(_SEAL, sealed))) if isinstance(sealed, str) else None
    except (CannotUnseal, TypeError):  # also one that an older version of the program began
        return None
    if journey is None or not 0 <= clock.now().timestamp() - journey.began <= LASTS:
        return None
    return journey


def address(journey: Journey, provider: Provider, known: About, back: str) -> str:
    """Where the browser is sent: a code is asked for, with PKCE, and nothing but who they are."""
    from authlib.oauth2.client import OAuth2Client

    client = OAuth2Client(
        None, client_id=provider.client_id, redirect_uri=back, scope="openid", code_challenge_method="S256"
    )
    more = {"prompt": "login", "max_age": "0"} if journey.purpose == "again" else {}
    url, _state = client.create_authorization_url(
        known.authorization_endpoint,
        state=journey.state,
        code_verifier=journey.verifier,
        nonce=journey.nonce,
        ui_locales=journey.lang,
        **more,
    )
    return str(url)


def is_answered_by(journey: Journey, provider: Provider, state: str) -> bool:
    """Whether this answer belongs to this way."""
    return journey.provider == provider.key and hmac.compare_digest(state.encode(), journey.state.encode())


def spend(journey: Journey) -> bool:
    """Mark a way as used. False when it was used before, also with a copy of the cookie."""
    first: list[bool] = []

    def make() -> str:
        first.append(True)
        return ""

    idempotency.once(journey.state, "oidc", make)
    return bool(first)
