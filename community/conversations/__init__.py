"""Private conversations: of two names or more, only where they let themselves be written to.

``permissions`` say who reads and who may begin, ``services`` do it, ``queries`` read it. What people write
lies sealed under the key file: a copy of the database reads none of it, and no duty opens it.
"""

from __future__ import annotations

from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire conversations into the application: their jobs, their pages, their places on those of others."""
    from community.conversations import archive, views, words
    from community.conversations.services import keeping
    from community.conversations.views import places
    from community.core import panels, sealing
    from community.operations import retention

    for door in ("jobs", "receivers"):  # so that the clock and the announcements find them
        import_module(f"community.conversations.{door}")
    for page in ("reading", "writing", "members", "settings"):
        import_module(f"{views.__name__}.{page}")
    app.register_blueprint(views.bp)
    app.jinja_env.globals["talk_words"] = words
    panels.add("menu_sections", places.menu, order=38)
    panels.add("profile", places.on_profile, order=20)
    sealing.also_reseal(keeping.reseal_subjects)
    sealing.also_reseal(keeping.reseal_messages)
    archive.init_app()
    days = f"{keeping.KEPT.days} days after everybody left it"
    retention.rule("a private conversation", days, table="conversation", by="conversations.drop_ended")
