"""A second factor for a test: an app that shows codes, and a device that holds a passkey."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask.testing import FlaskClient
from webauthn.helpers import bytes_to_base64url
from werkzeug.test import TestResponse

from community.accounts.services import authenticator
from tests.make import accounts as make

_PRESENT, _UNLOCKED, _HOLDS_KEY = 1, 4, 64


def set_up_app(client: FlaskClient, code: str = "") -> tuple[str, TestResponse]:
    """Go through the page that sets up an app; what the app was given, and the answer."""
    page = client.get("/en/security/app")
    found = re.search(r'<code translate="no">([A-Z2-7 ]+)</code>', page.text)
    plan = re.search(r'name="plan" value="([^"]+)"', page.text)
    assert found, page.text
    assert plan
    secret = found.group(1).replace(" ", "")
    sent = {"csrf_token": make.csrf(page), "plan": plan.group(1)}
    answer = client.post("/en/security/app", data={**sent, "code": code or authenticator.code_now(secret)})
    return secret, answer


@dataclass
class Device:
    """What keeps a passkey and signs with it, as a phone does."""

    origin: str = "http://localhost:8000"
    place: str = "localhost"
    unlocked: bool = True
    uses: int = 0
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: bytes = field(default_factory=lambda: os.urandom(32))

    def makes(self, options: dict[str, Any]) -> str:
        """The answer to a page that wants a passkey made."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        held = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + cbor2.dumps(public)
        data = self._data(_HOLDS_KEY) + held
        said = {
            "clientDataJSON": self._said("webauthn.create", options),
            "attestationObject": cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
        }
        return self._answer(said)

    def signs(self, options: dict[str, Any]) -> str:
        """The answer to a page that wants it used."""
        self.uses += 1
        data, said = self._data(), self._said("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": said, "authenticatorData": data, "signature": signature})

    def _data(self, more: int = 0) -> bytes:
        flags = _PRESENT | more | (_UNLOCKED if self.unlocked else 0)
        return hashlib.sha256(self.place.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _said(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _answer(self, said: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.name)
        response = {part: bytes_to_base64url(value) for part, value in said.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def add_passkey(client: FlaskClient, device: Device, label: str = "My phone") -> TestResponse:
    """Go through the page that adds a passkey."""
    token = make.csrf(client.get("/en/security/passkeys/new"))
    options = client.get("/en/security/passkeys/challenge").get_json()
    sent = {"csrf_token": token, "label": label, "answer": device.makes(options)}
    return client.post("/en/security/passkeys/new", data=sent)


def use_passkey(client: FlaskClient, device: Device, answer: str = "", **more: str) -> TestResponse:
    """Press the button of the sign-in page (or of the page that asks again)."""
    token = make.csrf(client.get("/en/menu") if more.pop("again", "") else client.get("/en/sign-in"))
    answer = answer or device.signs(client.get("/en/sign-in/passkey").get_json())
    return client.post("/en/sign-in/passkey", data={"csrf_token": token, "answer": answer, **more})
