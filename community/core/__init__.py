"""What every domain stands on. It knows no domain: no member, no topic, no listing.

Pure functions: text, identifiers, disclosure, ids, regions. With the database: db, jobs, announce,
audit, idempotency, paging, store. At the edge: i18n, forms, headers, origin, limits, failures, mail, views.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire the core into the application, in the order in which a request meets it."""
    from community.core import (
        cache,
        calm,
        cli,
        cookies,
        failures,
        headers,
        i18n,
        idempotency,  # noqa: F401  (its table and its job must be known)
        limits,
        log_of_changes,  # noqa: F401  (its job must be known)
        logs,
        mail,
        origin,
        planner,  # noqa: F401  (its job must be known)
        redis,
        views,
    )
    from community.core.pages import fragments, keeping, templating
    from community.core.pages import whole as whole_pages

    app.session_interface = cookies.Cookies()
    # No view is a coroutine; Flask looks for one behind each function that it calls, fourteen a request.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
    logs.init_app(app)
    templating.init_app(app)
    fragments.init_app(app)
    keeping.init_app(app)
    i18n.init_app(app)
    redis.init_app(app)
    cache.init_app(app)
    calm.init_app(app)
    whole_pages.init_app(app)
    limits.init_app(app)
    mail.init_app(app)
    headers.init_app(app)
    origin.init_app(app)
    failures.init_app(app)
    views.init_app(app)
    cli.init_app(app)
