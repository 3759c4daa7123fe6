"""Pages that hear of what is new while they are open. Everything else works without.

``gate`` lets browsers in, ``sockets`` seats them, ``rooms`` says what each may watch, ``channel`` carries
pings between processes, ``delivery`` asks the rule once more and tells, ``changes`` notices that somebody
may have lost a right, ``presence`` who reads along. What is told is the name of a thing, never its words.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire the live part into the application: outermost, as it keeps a thread for each open page."""
    from community.live import changes, pages, sockets, views

    app.register_blueprint(views.bp)
    app.register_blueprint(views.door)
    changes.init_app()
    pages.init_app()
    sockets.init_app(app)
