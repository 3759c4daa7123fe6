"""The resource directory: who takes whom, where and how, as facts that others can read and bring.

The facts are records of Open Referral HSDS 3.0 with the profile *usage de substances Canada*: ``hsds`` reads,
checks and writes them without a database, ``services.records`` keeps them, ``services.documents`` writes up
what readers are given, and ``withholding`` is the one place where an address is cut that nobody may learn.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire the directory into the application: its jobs, its pages, its commands."""
    for door in ("jobs", "receivers"):  # so that the clock and the announcements find them
        if find_spec(f"community.directory.{door}"):
            import_module(f"community.directory.{door}")
    from community.core import beginnings, failures
    from community.core.later import CommandsLater
    from community.directory import archive, views
    from community.directory.services import beginning, corrections, reminders, reports
    from community.operations import retention

    pages = [import_module(f"{views.__name__}.{page.name}") for page in pkgutil.iter_modules(views.__path__)]
    for page in pages:
        if hasattr(page, "init_app"):
            page.init_app()
    # Two files may put their pages on one: what reads, and what writes.
    for one in dict.fromkeys(page.bp for page in pages if hasattr(page, "bp")):
        app.register_blueprint(one)
        failures.give_back_whole(one.name)
    places = ("community.directory.cli.imports", "community.directory.cli.exports")
    app.cli.add_command(CommandsLater("directory", "The resource directory.", *places))
    archive.register()
    for what, kept, table, by in (corrections.KEPT_RULE, reminders.KEPT_RULE, reports.KEPT_RULE):
        retention.rule(what, kept, table=table, by=by)
    beginnings.at_setup("words of the directory", beginning.load_terms)
