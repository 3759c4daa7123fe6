"""Handing a letter to the mail server, so that it is claimed at the last moment before it is taken.

With the backends that write files or keep letters in memory, claiming and writing are one step.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import current_app
from flask_mailman import EmailMultiAlternatives

from community.notifications.letters import Written
from community.notifications.returned import of_the_address

Claim = Callable[[], bool]
_GONE = (OSError, smtplib.SMTPException)
ENDS = 421


class NoSuchAddress(Exception):
    """The mail server refuses the recipient for good."""


class NotNow(Exception):
    """The mail server takes no letter, or not this one, at this moment. Nothing was handed over."""


class Away(NotNow):
    """There is no mail server to talk to."""


class Ended(NotNow):
    """The mail server ends this connection (421): many do so after some letters."""


class Office:
    """An open counter at the mail server; ``hand`` gives it one letter."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def hand(self, written: Written, claim: Claim) -> bool:
        """Hand over a letter; ``claim`` is asked when only the dot at its end is missing.

        True when it was handed over, or claimed and never answered; False when another has claimed it.

        :raises NoSuchAddress: the server refuses the recipient for good.
        :raises NotNow: nothing was handed over; the claim, if it was made, does not count.
        """
        message = _message(written)
        if not isinstance(getattr(self._backend, "connection_class", None), type):
            if claim():
                message.send()
                return True
            return False
        return self._say(message, written, claim)

    def _say(self, message: EmailMultiAlternatives, written: Written, claim: Claim) -> bool:
        server = self._introduce(written)
        try:
            _expect(server.docmd("DATA"), 354)
            server.send(_text(message))
        except _GONE as problem:
            self._hang_up()
            raise NotNow from problem
        try:
            claimed = claim()
        except BaseException:
            self._hang_up()
            raise
        if not claimed:
            self._hang_up()  # without the dot, the server forgets it
            return False
        try:
            server.send(b".\r\n")
            code, _ = server.getreply()
        except _GONE:
            self._hang_up()
            return True  # perhaps: nobody gets it twice
        if code != 250:
            raise NotNow(code)
        return True

    def _introduce(self, written: Written) -> smtplib.SMTP:
        """Sender and recipient. Where the server ended an open connection, once more on a new one."""
        was_open = self._backend.connection is not None
        try:
            return self._name_both(written)
        except (Ended, Away):
            if not was_open:
                raise
        return self._name_both(written)

    def _name_both(self, written: Written) -> smtplib.SMTP:
        try:
            if self._backend.connection is None:
                self._backend.open()
            server: smtplib.SMTP = self._backend.connection
            server.ehlo_or_helo_if_needed()
            _expect(server.mail(written.sender), 250)
            code, words = server.rcpt(written.to)
            if of_the_address(code, words.decode("ascii", "replace")):
                server.rset()
                raise NoSuchAddress
            _expect((code, words), 250, 251)
        except smtplib.SMTPResponseException as problem:
            self._hang_up()
            raise (Ended if problem.smtp_code == ENDS else NotNow) from problem
        except _GONE as problem:
            self._hang_up()
            raise Away from problem
        return server

    def _hang_up(self) -> None:
        if self._backend.connection is not None:
            self._backend.connection.close()
            self._backend.connection = None

    def close(self) -> None:
        """Say goodbye."""
        with suppress(*_GONE):
            self._backend.close()
        self._backend.connection = None


@contextmanager
def open_office() -> Iterator[Office]:
    """An office for a few letters; its connection is opened with the first."""
    office = Office(current_app.extensions["mailman"].get_connection())
    try:
        yield office
    finally:
        office.close()


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise smtplib.SMTPResponseException(*answer)


def _message(written: Written) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        written.subject, written.text, written.sender, [written.to], headers=dict(written.headers)
    )
    message.attach_alternative(written.html, "text/html")
    return message


def _text(message: EmailMultiAlternatives) -> bytes:
    """The whole message with its dots doubled, all but the lone dot at its end."""
    lines = message.message().as_bytes(linesep="\r\n")
    doubled = re.sub(rb"(?m)^\.", b"..", lines)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"
