"""Who is told what, and how: in the site by the bell, by mail at once or in a digest.

All of it belongs to the persona; no row here knows a member. ``rules`` say who is told and which
level holds, ``services`` write notices and letters, ``letters`` puts one into words, ``post_office``
hands it over, ``jobs`` does all that in the background.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire notifications into the application."""
    from community.core import panels
    from community.core.changes import numbers
    from community.notifications import archive, cli, jobs, models, receivers, views, words  # noqa: F401

    app.register_blueprint(views.bp)
    app.register_blueprint(views.door)
    app.extensions["csrf"].exempt(views.door)  # RFC 8058: sent by mail programs; its token is the right
    app.jinja_env.globals["notice_words"] = words
    numbers.watch_told(models.Notice.__table__)  # type: ignore[arg-type]
    panels.add("tools", views.bell, order=10)
    panels.add("menu_sections", views.menu, order=39)
    cli.init_app(app)
    archive.register()
    _operations()


def _operations() -> None:
    """How long what is kept."""
    from community.notifications.services import delivery
    from community.operations import retention

    days = f"{delivery.KEPT.days} days after it went"
    retention.rule("that a letter went", days, table="letter", by="notifications.tidy")
    days = f"{delivery.READ_KEPT.days} days after it came"
    retention.rule("a notice that was read", days, table="notice", by="notifications.tidy")
