"""Sealed values and keyed tags, under a ring of keys that lies outside the database.

The key file holds one secret a line, newest first. From each, HKDF-SHA256 (RFC 5869) derives one
key per purpose, so that no two uses share a key. Values are sealed with ChaCha20-Poly1305
(RFC 8439); tags are HMAC-SHA256. Losing the file loses what it seals; that is its point.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

SECRET_BYTES = 32
_NONCE = 12


class CannotUnseal(Exception):
    """The value was made under another key, for another purpose, or was changed."""


class KeyFileProblem(SystemExit):
    """The key file is absent, unreadable or the wrong one; the message is for the operator."""


@dataclass(frozen=True)
class Keyring:
    """The secrets of one key file, newest first. New values use the first; all can read."""

    secrets: tuple[bytes, ...]

    def keys(self, purpose: str) -> list[bytes]:
        """One derived key per secret for this purpose, newest first."""
        return [_derive(secret, purpose) for secret in self.secrets]

    def key(self, purpose: str) -> bytes:
        """The newest key for this purpose."""
        return _derive(self.secrets[0], purpose)

    def fingerprint(self) -> str:
        """A value that tells this ring's newest key apart from others and reveals nothing of it."""
        return self.key("fingerprint").hex()[:32]


@lru_cache(maxsize=256)
def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=b"passerelle", info=purpose.encode()).derive(secret)


def read_keyring(path: Path) -> Keyring:
    """Read the key file.

    :raises KeyFileProblem: it is absent, empty or holds a line that is not a secret.
    """
    try:
        lines = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as problem:
        raise KeyFileProblem(f"The key file {path} cannot be read ({problem.__class__.__name__}).") from None
    try:
        found = tuple(base64.urlsafe_b64decode(line) for line in lines)
    except ValueError:
        raise KeyFileProblem(f"The key file {path} is damaged: a line is not a key.") from None
    if not found or any(len(secret) != SECRET_BYTES for secret in found):
        raise KeyFileProblem(f"The key file {path} is damaged: a key has the wrong length.")
    return Keyring(found)


def write_keyring(path: Path, ring: Sequence[bytes]) -> None:
    """Write the key file so that only its owner reads it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = "".join(base64.urlsafe_b64encode(secret).decode() + "\n" for secret in ring)
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def new_secret() -> bytes:
    """A fresh secret for a key file."""
    return secrets.token_bytes(SECRET_BYTES)


def keyring() -> Keyring:
    """The ring of the running application.

    :raises KeyFileProblem: a command runs without the right key and needs it.
    """
    ring: Keyring | KeyFileProblem = current_app.extensions["keyring"]
    if isinstance(ring, KeyFileProblem):
        raise ring
    return ring


def seal(purpose: str, value: bytes, associated: bytes = b"") -> bytes:
    """Seal a value under the newest key; ``associated`` must be given again to open it."""
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(keyring().key(purpose)).encrypt(nonce, value, associated)


def unseal(purpose: str, sealed: bytes, associated: bytes = b"") -> bytes:
    """Open a sealed value with any key of the ring. :raises CannotUnseal: none fits."""
    for key in keyring().keys(purpose):
        try:
            return ChaCha20Poly1305(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], associated)
        except (InvalidTag, ValueError):
            continue
    raise CannotUnseal


def _tag(key: bytes, parts: Sequence[str]) -> bytes:
    # Each part carries its length, so that ("ab", "c") and ("a", "bc") differ.
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.new(key, message, hashlib.sha256).digest()


def tag(purpose: str, *parts: str) -> bytes:
    """The keyed tag of these parts under the newest key, 32 bytes."""
    return _tag(keyring().key(purpose), parts)


def tags(purpose: str, *parts: str) -> list[bytes]:
    """The tags of these parts under every key of the ring, newest first."""
    return [_tag(key, parts) for key in keyring().keys(purpose)]


def seal_text(purpose: str, value: str, associated: str = "") -> str:
    """Seal a text into URL-safe characters."""
    return base64.urlsafe_b64encode(seal(purpose, value.encode(), associated.encode())).decode().rstrip("=")


def unseal_text(purpose: str, sealed: str, associated: str = "") -> str:
    """Open what :func:`seal_text` made. :raises CannotUnseal: also when it is not even base64."""
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    except (ValueError, UnicodeEncodeError):
        raise CannotUnseal from None
    return unseal(purpose, raw, associated.encode()).decode()


# What tables keep sealed for good follows a change of key


Reseal = Callable[[str], str]
_kept_sealed: list[Reseal] = []


def also_reseal(batch: Reseal) -> None:
    """Have what a table keeps sealed put under the newest key when the key changes.

    :param batch: does some of it in the open transaction, from where the last batch ended ("" at first),
        and says where it ended; "" when all is done. It may be done twice.
    """
    if batch not in _kept_sealed:
        _kept_sealed.append(batch)


def resealers() -> tuple[Reseal, ...]:
    """Everything that :func:`also_reseal` was given."""
    return tuple(_kept_sealed)
