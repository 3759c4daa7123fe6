"""Members and trust: who signs in, the names they write under, and the vault between the two."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire accounts into the application."""
    from community.accounts import (
        cli,
        jobs,  # noqa: F401 - importing it names its jobs
        menu,
        oidc,
        privacy,
        protection_archive,
        session,
        signin,
        views,
    )
    from community.accounts.models import Duty, PersonaGroup
    from community.core.changes import numbers

    numbers.watch_own(PersonaGroup.__table__, Duty.__table__)  # type: ignore[arg-type]
    _operations()
    session.init_app(app)
    signin.init_app(app)
    oidc.init_app(app)
    app.register_blueprint(views.bp)
    menu.init_app(app)
    cli.init_app(app)
    privacy.init_app(app)
    protection_archive.register()


def _operations() -> None:
    """What backups leave out, what must hold, and who stays erased."""
    from community.accounts import checks
    from community.accounts.services import credentials_ends, institutions, joining, personas
    from community.core import archives, beginnings
    from community.operations import backup, erasures
    from community.operations import checks as every_check

    backup.leave_out("sign_in")
    every_check.add("vault halves", checks.halves)
    every_check.add("names that were left", checks.names)
    beginnings.at_setup("institutions", institutions.begin)
    archives.eraser("titles", credentials_ends.leave)
    erasures.again("persona", personas.there, personas.leave_again)
    erasures.again("member", joining.there, joining.forget_again)
