"""The demonstration community: invented people and their conversations, loaded to look around.

``data`` holds what its writers wrote, ``loader`` puts it into the database, ``views`` lets a visitor of
a demonstration enter as one of the cast. None of it exists in production.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire the demonstration into the application; in production, only the command that refuses."""
    from community.core import panels
    from community.core.later import CommandsLater

    app.cli.add_command(CommandsLater("demo", "The demonstration community.", "community.demo.cli"))
    if app.extensions["settings"].demonstration:
        from community.demo.views import bp, cast_panel

        app.register_blueprint(bp)
        panels.add("sign_in", cast_panel)
