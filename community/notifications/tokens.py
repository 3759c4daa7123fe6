"""What stands in unsubscribe links: sealed, so that it says nothing; other in each mail; without an end."""

from __future__ import annotations

from dataclasses import dataclass

from community.core.i18n import LANGUAGES
from community.core.sealing import CannotUnseal, seal_text, unseal_text

_PURPOSE = "unsubscribe"
_LENGTH = 60  # of every token: the digits of a space must not tell how many there are


@dataclass(frozen=True)
class Stop:
    """What a link stops: mail of a kind, of a space, of a digest, to one persona."""

    persona_id: str
    scope: str
    space_id: int
    lang: str


def token_of(stop: Stop) -> str:
    """The token of a link; another each time."""
    plain = " ".join((stop.persona_id, stop.scope, str(stop.space_id), stop.lang))
    return seal_text(_PURPOSE, plain.ljust(_LENGTH))


def read(token: str) -> Stop | None:
    """What a token says; None when it was made up."""
    try:
        persona_id, scope, space_id, lang = unseal_text(_PURPOSE, token).split()
    except (CannotUnseal, ValueError):
        return None
    return Stop(persona_id, scope, int(space_id), lang if lang in LANGUAGES else "en")
