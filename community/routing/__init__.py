"""Questions find those who can answer them: few at a time, fairly, and each may say "not me".

``choosing`` says whom to ask, ``course`` after how long, ``services`` do it; ``survival`` and
``services.months`` say how soon answers come.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire routing into the application: its jobs, its pages, its places on those of others."""
    for door in ("jobs", "receivers"):  # so that the clock and the announcements find them
        if find_spec(f"community.routing.{door}"):
            import_module(f"community.routing.{door}")
    from community.core.changes import numbers
    from community.routing import archive, views
    from community.routing.models import Laid, OnCall

    pages = [import_module(f"{views.__name__}.{page.name}") for page in pkgutil.iter_modules(views.__path__)]
    for page in pages:
        if hasattr(page, "init_app"):
            page.init_app()
    numbers.watch_own(Laid.__table__, OnCall.__table__)  # type: ignore[arg-type]
    app.register_blueprint(views.bp)
    archive.register()
