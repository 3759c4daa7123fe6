"""Full-text search over what a viewer may see, in both languages.

Pure: words, synonyms, spelling, plan, extracts. Engines: index (the interface), whoosh_index,
postgres_index, engine (which one). sources: what can be found (posts, testimonies); queries answers the page.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire the search into the application."""
    from community.core import beginnings, health
    from community.directory.queries import asked_words
    from community.operations import checks as every_check
    from community.operations import metrics, restoring
    from community.search import (  # noqa: F401
        checks,
        cli,
        engine,
        found_services,
        jobs,
        receivers,
        services,
        sources,
        views,
    )
    from community.search.posts import Posts
    from community.search.testimonies import Testimonies

    sources.add(Posts())
    sources.add(Testimonies())
    sources.add(found_services.Services())
    asked_words.looked_up_by(found_services.look)
    app.register_blueprint(views.bp)
    cli.init_app(app)
    beginnings.at_setup("documents to be searched", services.begin)
    health.ready_when("index", lambda: engine.site_index().ready())
    every_check.add("index against tables", checks.against_the_tables)
    restoring.afterwards("building the index", services.start_over)
    metrics.measure("index_behind_seconds", "How long the oldest change waits to be findable.", checks.behind)
