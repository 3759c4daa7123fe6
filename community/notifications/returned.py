"""Returned mail: which letter came back for good. Pure.

A delivery status notification (RFC 3464) says for each recipient an action and a status; ``failed``
with a status of class 5 is for good. The letter is known by the key in the address it was returned to,
and by nothing else: what the notification says of people is not looked at.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

_KEY = re.compile(r"\+([0-9a-z]{26})@", re.IGNORECASE)
_RETURNED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")


def key_of(raw: bytes) -> str | None:
    """The return key of a mail that came back for good; None for any other mail."""
    message = message_from_bytes(raw, policy=policy.default)
    if message.get_content_type() != "multipart/report" or not _for_good(message):
        return None
    for name in _RETURNED_TO:
        for value in message.get_all(name, []):
            if found := _KEY.search(str(value)):
                return found[1].lower()
    return None


def _for_good(message: EmailMessage) -> bool:
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.iter_parts() if part.is_multipart() else ():
            action, status = str(block.get("Action", "")), str(block.get("Status", ""))
            if action.strip().lower() == "failed" and status.strip().startswith("5"):
                return True
    return False
