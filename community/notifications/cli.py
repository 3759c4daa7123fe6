"""Operators' commands: taking in returned mail."""

from __future__ import annotations

import json
from typing import BinaryIO

import click
from flask import Flask

from community.core.db import transaction
from community.notifications import returned
from community.notifications.services import delivery, telling

LARGEST = 1024 * 1024


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(notifications)


@click.group("notifications")
def notifications() -> None:
    """Notices and their mail."""


@notifications.command("bounce")
@click.argument("mail", type=click.File("rb"), default="-")
def bounce(mail: BinaryIO) -> None:
    """Take in one returned mail from standard input: give it the mailbox of MAIL_RETURNS as a pipe.

    A mail returned for good stops mail to the persona it was for; anything else changes nothing.
    """
    key = returned.key_of(mail.read(LARGEST))
    with transaction():
        letter = delivery.of_return_key(key) if key else None
        if letter is not None:
            delivery.refused(letter.id)
            telling.stop_mail(letter.persona_id)
    click.echo(json.dumps({"stopped": int(letter is not None)}))
