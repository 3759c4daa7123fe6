"""What templates may use: fingerprinted assets, panels, keys of forms, undefined names as errors."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, url_for
from jinja2 import StrictUndefined

from community.core import panels
from community.core.ids import new_key
from community.core.store import settings


def init_app(app: Flask) -> None:
    """Set up the template environment."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset, entries=panels.entries, idempotency_key=new_key, theme=theme, settings_of=settings
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


def theme() -> str:
    """The colour theme the reader chose: "light", "dark" or "" to follow the system."""
    return str(getattr(g, "theme", "")) if has_request_context() else ""


def context(**more: Any) -> dict[str, Any]:
    """A context for templates rendered outside a page (mail)."""
    return {"settings": settings(), **more}
