"""Passkeys: a device proves that it holds a key, after its owner unlocked it. Two factors in one.

What a device is asked to sign carries its own proof that it was asked here, for what and when; what was
signed is taken once. The library is imported where it is used: few processes ever need it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from community.accounts.members import Passkey, UsedChallenge, User
from community.core import clock
from community.core.db import db
from community.core.errors import Invalid, NotFound
from community.core.sealing import tag, tags
from community.core.store import settings
from community.core.tidy import tidy

MOST = 20
LONGEST = 20_000  # characters of what a browser answers
_MINUTES = 5
_NONCE, _TIME, _PROOF = 16, 8, 16
_PURPOSE = "passkey challenge"
_FAULTS = (ValueError, TypeError, KeyError, AttributeError)


def place() -> str:
    """The name of the site that passkeys are made for; a machine that has none is called localhost."""
    host = urlsplit(settings().base_url).hostname or "localhost"
    try:
        return "localhost" if ip_address(host).is_loopback else host
    except ValueError:
        return host


def _origin() -> str:
    parts = urlsplit(settings().base_url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{place()}{port}"


def of(member_id: str) -> Sequence[Passkey]:
    """The passkeys of a member."""
    mine = select(Passkey).where(Passkey.member_id == member_id)
    return db.session.scalars(mine.order_by(Passkey.added_on, Passkey.id)).all()


def to_add(member_id: str) -> str:
    """What the browser is asked to make a passkey from, as JSON."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    made = generate_registration_options(
        rp_id=place(),
        rp_name=settings().site_name,
        # Shown by the device when it asks which account: nothing that tells whose it is.
        user_name=settings().site_name,
        user_id=tag("passkey owner", member_id),
        challenge=_challenge("add", member_id),
        timeout=_MINUTES * 60_000,
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=row.credential_id) for row in of(member_id)
        ],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(made)


def to_use() -> str:
    """What any passkey of this site is asked to sign, as JSON; it says nothing of who has one."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    asked = generate_authentication_options(
        rp_id=place(),
        challenge=_challenge("use", ""),
        timeout=_MINUTES * 60_000,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(asked)


def add(member_id: str, answer: str, label: str) -> Passkey:
    """Keep the passkey that a browser has made.

    :raises Invalid: what came is no answer to what was asked, or there are too many.
    """
    if len(of(member_id)) >= MOST:
        raise Invalid("passkey", _l("Twenty passkeys are enough. Remove one first."))
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _taken(answer, "add", member_id)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, *_FAULTS):
        raise _unusable() from None
    row = Passkey(
        member_id=member_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        uses=made.sign_count,
        label=tidy(label)[:60],
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise _unusable() from None
    return row


def whose(answer: str) -> User:
    """The member whose passkey signed this answer.

    :raises Invalid: nobody's did, it was not asked here a moment ago, or it was taken before.
    """
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _taken(answer, "use", "")
    try:
        row = _counting(base64url_to_bytes(json.loads(answer)["id"]))
        if row is None:
            raise _unusable()
        used = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place(),
            expected_origin=_origin(),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.uses,
            require_user_verification=True,
        )
    except (WebAuthnException, *_FAULTS):
        raise _unusable() from None
    row.uses = used.new_sign_count
    member = db.session.get_one(User, row.member_id)
    if not member.active:
        raise _unusable()
    return member


def _counting(credential_id: bytes) -> Passkey | None:
    """A passkey whose uses are counted now: a copy that signs at the same moment waits, and is found out."""
    found = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    return db.session.scalar(found.execution_options(populate_existing=True))


def remove(member_id: str, key: str) -> str:
    """Forget a passkey of a member; returns what it was called. :raises NotFound: it is not theirs."""
    gone = delete(Passkey).where(Passkey.id == key, Passkey.member_id == member_id)
    label: str | None = db.session.scalar(gone.returning(Passkey.label))
    if label is None:
        raise NotFound
    return label


def forget_used() -> None:
    """Drop what was signed before yesterday: it is too old to be taken anyway, also just after midnight."""
    before = clock.today() - timedelta(days=1)
    db.session.execute(delete(UsedChallenge).where(UsedChallenge.used_on < before))


def _unusable() -> Invalid:
    return Invalid("passkey", _l("This passkey could not be used here. Try again, or choose another way."))


def _proofs(purpose: str, member_id: str, body: bytes) -> list[bytes]:
    return [proof[:_PROOF] for proof in tags(_PURPOSE, purpose, member_id, body.hex())]


def _challenge(purpose: str, member_id: str) -> bytes:
    body = os.urandom(_NONCE) + int(clock.now().timestamp()).to_bytes(_TIME, "big")
    return body + tag(_PURPOSE, purpose, member_id, body.hex())[:_PROOF]


def _taken(answer: str, purpose: str, member_id: str) -> bytes:
    """The challenge that was answered, if it was ours, recent, for this, and never answered before."""
    from webauthn import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        if len(answer) > LONGEST:
            raise ValueError
        said = json.loads(base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"]))
        challenge = base64url_to_bytes(said["challenge"])
    except (WebAuthnException, *_FAULTS):
        raise _unusable() from None
    body, proof = challenge[:-_PROOF], challenge[-_PROOF:]
    if not any(hmac.compare_digest(proof, ours) for ours in _proofs(purpose, member_id, body)):
        raise _unusable()
    age = clock.now().timestamp() - int.from_bytes(body[_NONCE:], "big")
    if age > _MINUTES * 60:
        raise Invalid("passkey", _l("That took too long. Nothing was changed: try again."))
    try:
        with db.session.begin_nested():
            db.session.add(UsedChallenge(challenge_hash=hashlib.sha256(challenge).hexdigest()))
            db.session.flush()
    except IntegrityError:
        raise _unusable() from None
    return challenge
