"""The privacy centre: consents, seeing and correcting, taking along, closing, the registers.

``archive`` and ``packing`` say what an archive is, ``taking`` makes it, ``closing`` lets go of an
account and its names, ``registers`` keeps what the law asks to be kept.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire the privacy centre into the application."""
    from community.accounts.privacy import (  # noqa: F401
        archive,
        cli,
        jobs,
        register_views,
        request_views,
        views,
        words,
    )

    app.register_blueprint(views.bp)
    app.jinja_env.globals["privacy_words"] = words
    words.init()
    archive.register()
    request_views.init_app()
    cli.init_app(app)
    _operations()


def _operations() -> None:
    """Who stays erased, what must hold, and how long what is kept."""
    from functools import partial

    from community.accounts import session
    from community.accounts.privacy import closing, registers, requests, taking
    from community.accounts.privacy.models import CHOICES
    from community.accounts.services import attesting, joining
    from community.operations import backup, checks, erasures, retention

    for choice in CHOICES:
        erasures.again(f"leaving {choice}", closing.there, partial(closing.begin_again, choice))
    # Its day had come once: a backup of before does not bring the name back for thirty days more.
    erasures.again(closing.REPLACED, closing.waiting, closing.let_go)
    erasures.again("words", closing.with_words, closing.remove_words_again)
    backup.leave_out("persona_archive")
    checks.add("privacy registers", registers.unchanged)
    hours = f"{int(taking.KEPT.total_seconds()) // 3600} hours"
    asked = "an archive that was asked for"
    retention.rule(asked, hours, table="persona_archive", by="accounts.drop_archives")
    days = f"at most {closing.WITHIN_DAYS} days"
    retention.rule("a name whose account was closed", days, table="leaving", by="accounts.let_go")
    years = f"{registers.KEPT_YEARS} years after it became known"
    retention.rule("an incident", years, table="privacy_record", by="accounts.drop_records")
    answered = f"{requests.KEPT_YEARS} years after it was answered"
    asked_for = "a request that came by letter"
    retention.rule(asked_for, answered, table="privacy_request", by="accounts.drop_records")
    kept = f"{session.LASTS.days} days, {int(session.LASTS_SHARED.total_seconds()) // 3600} hours if shared"
    retention.rule("an open session", kept, table="sign_in", by="accounts.forget")
    weeks = f"{joining.UNCONFIRMED_FOR.days} days"
    retention.rule("an account whose address nobody confirmed", weeks, table="member", by="accounts.forget")
    days = f"{attesting.LASTS[0]} to {attesting.LASTS[1]} days from the day it is shown"
    said = "that a clinician is behind a protected name"
    retention.rule(said, days, table="attestation", by="accounts.check_attestations")
    half = "half an hour, then at most a day"
    retention.rule("a code for a mailbox", half, table="mailbox_code", by="accounts.forget")
