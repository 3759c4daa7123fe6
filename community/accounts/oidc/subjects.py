"""What is kept of somebody whom a provider knows: a keyed hash that only this site can make.

Its key is drawn once, kept sealed, and sealed again when the key of the site changes: hashes cannot be
made anew, since what they were made of is not kept.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from community.core import keyfile, store
from community.core.db import transaction
from community.core.sealing import CannotUnseal, seal_text, unseal_text

_STORED, _SEAL = "linked_sign_in_key", "linked sign-in key"


def subject_hash(issuer: str, subject: str) -> bytes:
    """What is kept of a provider's name for somebody."""
    said = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in (issuer, subject))
    return hmac.new(_key(), said, hashlib.sha256).digest()


def _key() -> bytes:
    return _kept() or _drawn()


def _kept() -> bytes | None:
    sealed = store.get(_STORED)
    for _attempt in (1, 2):
        try:
            return bytes.fromhex(unseal_text(_SEAL, sealed)) if isinstance(sealed, str) else None
        except CannotUnseal:
            if not keyfile.reread():
                return None
    return None


def _drawn() -> bytes:
    """A first key; a new one where the vault was started over, which leaves the old links dead."""
    with transaction():
        found = _kept()
        if found is None:
            found = secrets.token_bytes(32)
            store.put(_STORED, seal_text(_SEAL, found.hex()))
        return found


def reseal(_after: str) -> str:
    """Put the key of the hashes under the newest key of the site."""
    sealed = store.get(_STORED)
    if isinstance(sealed, str):
        store.put(_STORED, seal_text(_SEAL, unseal_text(_SEAL, sealed)))
    return ""
