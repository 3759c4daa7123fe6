"""Members and trust: who signs in, the names they write under, and the vault between the two."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire accounts into the application."""
    from community.accounts import (
        cli,
        jobs,  # noqa: F401 - importing it names its jobs
        menu,
        session,
        signin,
        views,
    )

    session.init_app(app)
    signin.init_app(app)
    app.register_blueprint(views.bp)
    menu.init_app(app)
    cli.init_app(app)
