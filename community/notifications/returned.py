"""Returned mail: which letter came back for good. Pure.

A delivery status notification (RFC 3464) says for each recipient an action and a status; ``failed``
with a status of class 5 is for good, unless the status is of our server and not of the address: being on
somebody's list for a day must not stop the mail of everybody. The letter is known by the key in the
address it was returned to, and by nothing else: what the notification says of people is not looked at.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

_KEY = re.compile(r"\+([0-9a-z]{26})@", re.IGNORECASE)
_STATUS = re.compile(r"5\.(\d{1,3})\.(\d{1,3})(?!\d)")
# RFC 3463, what a status is about: addresses (but the sender's), the mail system, a policy.
_ADDRESSING, _OF_THE_SENDER, _OF_THE_SERVER = 1, (7, 8), (3, 7)
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


def of_the_address(code: int, words: str) -> bool:
    """Whether an answer of a mail server says that the address takes no mail.

    :param code: of SMTP (RFC 5321, 4.2.3; 556 of RFC 7504); :param words: with the status of RFC 3463 in
        front where there is one, which says more.
    """
    found = _STATUS.match(words)
    unknown = code in {550, 551, 553, 556}
    if found is None:
        return unknown
    about, detail = int(found[1]), int(found[2])
    return detail not in _OF_THE_SENDER if about == _ADDRESSING else unknown and about not in _OF_THE_SERVER


def _for_good(message: EmailMessage) -> bool:
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.iter_parts() if part.is_multipart() else ():
            action, status = str(block.get("Action", "")), str(block.get("Status", "")).strip()
            failed = action.strip().lower() == "failed" and status.startswith("5")
            if failed and of_the_address(550, status):
                return True
    return False
