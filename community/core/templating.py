"""What templates may use: fingerprinted assets, panels, keys of forms, undefined names as errors."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, render_template, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from community.core import panels, shared_pages
from community.core.compiled_templates import CompiledTemplates
from community.core.fragments import rendered_once
from community.core.store import settings


def init_app(app: Flask) -> None:
    """Set up the template environment."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # Asked for its key only when a template is loaded: by then the environment is complete.
    app.jinja_env.bytecode_cache = CompiledTemplates(Path(str(app.template_folder)), app.jinja_env)
    app.jinja_env.globals.update(
        asset=asset,
        entries=panels.entries,
        idempotency_key=shared_pages.form_key,
        masthead=masthead,
        settings_of=settings,
        theme=theme,
    )


@lru_cache(maxsize=4)
def _manifest(path: Path, _changed: float) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def asset(name: str) -> str:
    """The address of a built asset, with its fingerprint. :raises KeyError: it was not built."""
    known: dict[str, str] = current_app.extensions.setdefault("assets", {})
    if name in known and current_app.extensions["settings"].stage != "development":
        return known[name]
    path = Path(current_app.static_folder or "") / "build" / "manifest.json"
    built = _manifest(path, path.stat().st_mtime)[name]
    known[name] = url_for("static", filename=f"build/{built}")
    return known[name]


def masthead(viewer: Any) -> Markup:
    """The masthead and the main navigation; of a signed-in reader, rendered once for what it says."""
    if shared_pages.in_making():
        return shared_pages.masthead_place()
    menu = panels.entries("menu", viewer)
    facts = {"viewer": viewer, "menu_entries": menu, "tools": panels.entries("tools", viewer)}
    if not viewer.signed_in:
        return Markup(render_template("macros/_masthead.html", **facts))  # noqa: S704 - a template
    said = [(entry, entry.url == request.path) for entry in menu]
    on_menu = request.endpoint == "core.menu"
    return rendered_once(
        ("masthead", viewer.monogram, viewer.protected, facts["tools"], said, on_menu),
        viewer.name,
        caller=lambda name: render_template("macros/_masthead.html", **facts, name=name),
    )


def theme() -> str:
    """The colour theme the reader chose: "light", "dark" or "" to follow the system."""
    return str(getattr(g, "theme", "")) if has_request_context() else ""


def context(**more: Any) -> dict[str, Any]:
    """A context for templates rendered outside a page (mail)."""
    return {"settings": settings(), **more}
