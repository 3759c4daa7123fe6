"""Texts that belong to nobody: left without a name or an account, taken back by a code.

``codes`` writes and reads the codes (pure), ``services.leaving`` keeps and lets go, ``services.reviewing`` is
what those who keep a space of lived experience do. Nothing here is ever told who writes: the pages where one
does know no session, the rows point at nobody, and they hold no moment finer than a day.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire testimonies into the application: pages, the clock, what is kept how long."""
    from community.accounts.words import name_acts, name_details
    from community.core import sealing
    from community.operations import erasures, retention
    from community.testimonies import jobs, views, words  # noqa: F401
    from community.testimonies.services import leaving, reviewing

    pages = [import_module(f"{views.__name__}.{page.name}") for page in pkgutil.iter_modules(views.__path__)]
    for page in pages:
        if hasattr(page, "init_app"):
            page.init_app(app)
    app.register_blueprint(views.bp)
    app.jinja_env.globals["testimony_words"] = words
    erasures.again(leaving.ERASURE, leaving.there, leaving.let_go_again)
    sealing.also_reseal(leaving.reseal)
    name_acts(words.REGISTER)
    name_details("testimonies", "reason", words.REASONS)
    days = f"{reviewing.WAITS_FOR.days} days"
    by = "testimonies.show_those_due"
    retention.rule("a testimony that nobody looked at", days, table="testimony", by=by)
    retention.rule("a refused testimony", "not at all", table="testimony", by="the decision")
    retention.rule(
        "the day a testimony was written", "until it is accepted", table="testimony", by="the decision"
    )
