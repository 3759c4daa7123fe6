"""The application: settings, extensions, then each domain from the ground up."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from community import core, operations
from community.core import (
    light,  # noqa: F401  (the first that brings libraries along: see there)
    limits,
    serving,
    worker,
)
from community.core.connections import FewConnections
from community.core.db import db, postgres_options, set_up_engine
from community.core.failures import be_ready
from community.core.keyfile import check_key, open_keyring
from community.core.late_rules import LateRule
from community.core.pages.templating import check_built
from community.core.sealing import Keyring
from community.operations import schema
from config import ROOT, Settings

csrf = CSRFProtect()
LARGEST_REQUEST = 2 * 1024 * 1024
DOMAINS = (
    "accounts",
    "forum",
    "routing",
    "conversations",
    "directory",
    "testimonies",
    "moderation",
    "search",
    "notifications",
    "live",
    "demo",
)


def create_app(settings: Settings, *, keyring: Keyring | None = None, **config: Any) -> Flask:
    """Build the application.

    :param settings: from ``config.read_settings()``.
    :param keyring: tests give theirs; otherwise the key file is read when it is needed first.
    :param config: Flask configuration that wins over what is set here.
    """
    app = Flask("community", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.url_rule_class = LateRule
    app.extensions["settings"] = settings
    app.extensions["root"] = Path(ROOT)
    app.testing = settings.stage == "test"
    _keys(app, keyring)
    _configure(app, settings, config)
    _extensions(app)
    core.init_app(app)
    operations.init_app(app)
    _domains(app)
    limits.cover_forms(app)
    be_ready(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _keys(app: Flask, given: Keyring | None) -> None:
    open_keyring(app, app.extensions["settings"], given)


def _configure(app: Flask, settings: Settings, config: dict[str, Any]) -> None:
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open overnight still sends
        # It asks for a referrer over HTTPS, and our pages send none; core.origin looks at the origin.
        WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_NAME="__Host-session" if settings.base_url.startswith("https://") else "session",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TEMPLATES_AUTO_RELOAD=settings.stage == "development",
    )
    app.config.from_mapping(config)


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.sqlite:
        # The connection that was used last is used next: what it has read and prepared is at hand, and those
        # of a crowd that has gone keep nothing warm that nobody needs.
        # Each keeps its last statements as SQLite prepared them, some 15 kB each: a page asks few.
        connecting = {"timeout": 10, "cached_statements": 48}
        few = {"poolclass": FewConnections, "pool_size": 5, "max_overflow": 95, "pool_use_lifo": True}
        return {"connect_args": connecting, **few}
    return postgres_options(patient=settings.command_line)


def _extensions(app: Flask) -> None:
    db.init_app(app)
    csrf.init_app(app)
    if app.extensions["settings"].command_line:
        schema.init_app(app)
    with app.app_context():
        set_up_engine(db.engine)


def _domains(app: Flask) -> None:
    """Each domain wires itself; upper ones hear the announcements of lower ones."""
    for name in DOMAINS:
        if find_spec(f"community.{name}.models"):
            import_module(f"community.{name}.models")  # so that every table is known, to migrations too
        import_module(f"community.{name}").init_app(app)


def start(app: Flask) -> Flask:
    """Make a built application ready to serve: the key fits, and its jobs run.

    :raises KeyFileProblem: the key file is missing or belongs to another instance.
    :raises NotBuilt: there is neither style sheet nor script for its pages.
    :raises Served: another community is being put in the place of this one.
    """
    settings: Settings = app.extensions["settings"]
    if not settings.command_line:
        serving.begin(settings.instance_dir)
    if settings.stage == "production" and not settings.command_line:
        check_built(app)
    check_key(app, settings)
    worker.wake_after_commits()
    if settings.jobs == "thread" and not settings.command_line:
        worker.start_thread(app)
    return app
