"""What templates may use: fingerprinted assets, panels, keys of forms, undefined names as errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any

from flask import Flask, current_app, g, has_request_context, render_template, request, url_for
from jinja2 import StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from community.core import help as helplines
from community.core import panels
from community.core.i18n import current_language
from community.core.pages import shared as shared_pages
from community.core.pages.compiled_templates import CompiledTemplates
from community.core.pages.fragments import rendered_once
from community.core.store import settings

_MOST_MENUS = 1_024


class Sheet(Template):
    """A template that knows which names all templates have.

    Whenever a template is imported, Jinja compares these with the names of the page, one by one; there
    are some sixty, and a page imports four templates.
    """

    _known: frozenset[str] | None = None

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._known is None or len(self._known) != len(self.environment.globals):
            self._known = frozenset(self.globals)
        if ctx is not None and ctx.globals_keys <= self._known:
            ctx = None
        return super()._get_default_module(ctx)


class Said(Context):
    """A context that calls macros and plain functions at once: a page calls some four hundred, and Jinja
    first asks each of them in five ways whether it wants to be given the context."""

    def call(self, called: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """What it gives. See Jinja's own."""
        kind: type = type(called)
        if kind is not Macro and (kind is not FunctionType or called.__dict__):
            return super().call(called, *args, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **named) if kind is Macro else called(*args, **named)


def init_app(app: Flask) -> None:
    """Set up the template environment."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.context_class = Said
    app.jinja_env.template_class = Sheet
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["moment"] = shared_pages.moment
    # Asked for its key only when a template is loaded: by then the environment is complete.
    app.jinja_env.bytecode_cache = CompiledTemplates(Path(str(app.template_folder)), app.jinja_env)
    app.jinja_env.globals.update(
        asset=asset,
        entries=panels.entries,
        idempotency_key=shared_pages.form_key,
        masthead=masthead,
        one_of=shared_pages.one_of,
        own_place=shared_pages.own_place,
        strip=strip,
        settings_of=settings,
        theme=theme,
    )


@lru_cache(maxsize=4)
def _manifest(path: Path, _changed: float) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


class NotBuilt(SystemExit):
    """Style sheet and scripts are not there: no page could be shown, not even the one that says so."""


def check_built(app: Flask) -> None:
    """Refuse to serve without style sheet and scripts.

    :raises NotBuilt: with what to type.
    """
    if not _manifest_of(app).exists():
        raise NotBuilt("The style sheet and the scripts are not built. Type: python3 dev.py assets")


def _manifest_of(app: Flask) -> Path:
    return Path(app.static_folder or "") / "build" / "manifest.json"


def asset(name: str) -> str:
    """The address of a built asset, with its fingerprint. :raises KeyError: it was not built."""
    known: dict[str, str] = current_app.extensions.setdefault("assets", {})
    if name in known and current_app.extensions["settings"].stage != "development":
        return known[name]
    path = _manifest_of(current_app)
    built = _manifest(path, path.stat().st_mtime)[name]
    known[name] = url_for("static", filename=f"build/{built}")
    return known[name]


def masthead(viewer: Any) -> Markup:
    """The masthead and the main navigation; of a signed-in reader, rendered once for what it says."""
    if shared_pages.in_making():
        return shared_pages.left_open("masthead")
    facts = _on_masthead(viewer)
    if not viewer.signed_in:
        return Markup(_render_masthead(facts, ""))  # noqa: S704 - a template
    return rendered_once(
        _said_on_masthead(facts), viewer.name, caller=lambda name: _render_masthead(facts, name)
    )


def masthead_part(viewer: Any) -> shared_pages.Sheet:
    """The same for the place of a shared page; the reader's name is left open."""
    facts = _on_masthead(viewer)
    return shared_pages.part(
        _said_on_masthead(facts), lambda: _render_masthead(facts, shared_pages.left_open("name"))
    )


def _on_masthead(viewer: Any) -> dict[str, Any]:
    return {
        "viewer": viewer,
        "menu_entries": _menu(viewer),
        "tools": panels.entries("tools", viewer),
    }


def _menu(viewer: Any) -> list[panels.MenuEntry]:
    """The main navigation, put together once for all who have the same rights on the same page."""
    if not viewer.signed_in:
        return panels.entries("menu", viewer)
    kept: dict[Hashable, list[panels.MenuEntry]] = current_app.extensions.setdefault("menus", {})
    rights = (viewer.kind, viewer.audiences, viewer.duties, viewer.moderates)
    name = (current_language(), request.endpoint, rights)
    found = kept.get(name)
    if found is None:
        if len(kept) >= _MOST_MENUS:
            kept.clear()
        found = kept[name] = panels.entries("menu", viewer)
    return found


def _said_on_masthead(facts: dict[str, Any]) -> tuple[Any, ...]:
    viewer = facts["viewer"]
    said = tuple((entry, entry.url == request.path) for entry in facts["menu_entries"])
    on_menu = request.endpoint == "core.menu"
    return ("masthead", viewer.monogram, viewer.protected, tuple(facts["tools"]), said, on_menu)


def _render_masthead(facts: dict[str, Any], name: str) -> str:
    return render_template("macros/_masthead.html", **facts, name=name)


def strip(help_lines: Sequence[Any], leave_url: str, other_language: str) -> Markup:
    """The safety strip, rendered once for all readers who are shown the same lines.

    :param other_language: the address of this page there; "" where there is none.
    """
    if shared_pages.in_making():
        return shared_pages.left_open("strip")
    return rendered_once(
        ("strip", help_lines, leave_url, other_language == ""),
        other_language,
        caller=lambda address: _render_strip(help_lines, address),
    )


def strip_part(viewer: Any) -> shared_pages.Sheet:
    """The same for the place of a shared page; the address in the other language is left open."""
    province = helplines.province_of(viewer)
    leave_url = settings().leave_urls[current_language()]

    def make() -> str:
        return _render_strip(helplines.first_lines(province), shared_pages.left_open("otherlanguage"))

    return shared_pages.part(("strip", province, helplines.fingerprint(), leave_url), make)


def _render_strip(help_lines: Sequence[Any], address: str) -> str:
    return render_template("macros/_strip.html", help_lines=help_lines, switch_language_url=address)


def theme() -> str:
    """The colour theme the reader chose: "light", "dark" or "" to follow the system."""
    return str(getattr(g, "theme", "")) if has_request_context() else ""


def context(**more: Any) -> dict[str, Any]:
    """A context for templates rendered outside a page (mail)."""
    return {"settings": settings(), **more}
