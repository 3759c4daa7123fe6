"""Pages that belong to no domain: front door, menu, help, texts, health, colour theme."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import lazy_gettext as _l
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response as AnyResponse

from community.core import health, panels
from community.core import help as helplines
from community.core.i18n import current_language, page_blueprint
from community.core.pages import shared as shared_pages
from community.core.pages import stand_ins
from community.core.regions import provinces, region
from community.core.sample import refused
from community.core.store import settings
from community.core.texts import PAGES, text_page

bp = page_blueprint("core", __name__)
bare = Blueprint("door", __name__)


@bare.get("/")
def front() -> AnyResponse:
    """To the reader's language."""
    answer = redirect(url_for("core.home", lang=current_language()))
    answer.vary.add("Accept-Language")
    return answer


@bare.get("/healthz")
def healthz() -> Response:
    """Alive."""
    return jsonify(status="alive")


@bare.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Able to serve: database, queue, index, disk."""
    parts = health.report()
    good = all(parts.values())
    return jsonify(status="ready" if good else "not ready", parts=parts), 200 if good else 503


@bare.get("/robots.txt")
def robots() -> Response:
    """What is public may be read; nothing may be used to train models."""
    return Response("User-agent: *\nDisallow: /*/search\nDisallow: /*/people/\n", mimetype="text/plain")


@bp.get("/")
def home() -> str:
    """The home page: what waits for this person, filled by the domains."""
    found, beside = panels.entries("home", g.viewer), panels.entries("home_side", g.viewer)
    if found and stand_ins.asks_nothing_of_its_own(()):
        return _home_of_many(found, beside)
    return render_template("pages/home.html", panels=found, side=beside)


def _home_of_many(found: list[Any], beside: list[Any]) -> str:
    """The same for a member: what stands around what waits for them is made once for all."""
    nobody = stand_ins.stand_in(g.viewer, (), "")
    left_open = {"panels": [shared_pages.left_open("panels")], "side": [shared_pages.left_open("side")]}

    def make() -> str:
        return stand_ins.made_for(nobody, lambda: render_template("pages/home.html", **left_open))

    frame = shared_pages.part(("home", nobody, stand_ins.told_apart()), make)
    own = {"panels": shared_pages.html("\n".join(found)), "side": shared_pages.html("\n".join(beside))}
    return shared_pages.read_out(
        frame, shared_pages.Reader({**stand_ins.frame_of(g.viewer), **own}, choices={})
    )


@bp.get("/menu")
def menu() -> str:
    """Every part of the site on one page."""
    return render_template("pages/menu.html", menu_sections=panels.entries("menu_sections", g.viewer))


@bp.get("/help")
def help() -> str:
    """Help lines by province."""
    asked = request.args.get("province") or helplines.province_of(g.viewer)
    chosen = region(asked).code if asked else ""
    return render_template(
        "pages/help.html", province=chosen, provinces=provinces(), lines=helplines.lines_for(chosen)
    )


@bp.get("/about/<any({}):name>".format(",".join(PAGES)))
def text(name: str) -> str:
    """A text of the site itself: charter, privacy, limits …"""
    title, html = text_page(name, current_language())
    return render_template(
        "pages/text.html", title=title, html=html, name=name, contact=settings().privacy_contact
    )


@bp.get("/components")
def components() -> str:
    """Every component with its states, for whoever works on them. Development only."""
    if settings().production:
        abort(404)
    return render_template("pages/components.html", form=refused())


@bp.post("/theme")
def choose_theme() -> AnyResponse:
    """Keep light, dark or "as the device says" in a cookie that ties nothing to anyone."""
    chosen = request.form.get("theme", "")
    answer = make_response(redirect(url_for(".menu")))
    if chosen in {"light", "dark"}:
        answer.set_cookie("theme", chosen, max_age=31_536_000, samesite="Lax", httponly=True, path="/")
    else:
        answer.delete_cookie("theme", path="/")
    return answer


def init_app(app: Any) -> None:
    """Register the pages and what every template may use."""
    app.register_blueprint(bp)
    app.register_blueprint(bare)
    app.before_request(_read_theme)
    panels.add("footer", _footer_links)
    app.context_processor(_page_context)


_KEPT_CONTEXT = "passerelle.page_context"
FOOTER = (
    ("charter", _l("Charter")),
    ("privacy", _l("Privacy")),
    ("names", _l("Names and protection")),
    ("limits", _l("What this site does not do")),
    ("accessibility", _l("Accessibility")),
    ("leaving", _l("Leaving no trace")),
)


def _footer_links() -> list[panels.Link]:
    return [panels.Link(url_for("core.text", name=name), label) for name, label in FOOTER]


def _read_theme() -> None:
    chosen = request.cookies.get("theme", "")
    g.theme = chosen if chosen in {"light", "dark"} else ""


def _page_context() -> dict[str, Any]:
    """What every template may use; the parts that fill a page take it from the first of them."""
    viewer = g.get("viewer")
    if not request:
        return _context_for(viewer)
    same, kept = (viewer, current_language()), request.environ.get(_KEPT_CONTEXT)
    if kept is None or kept[0] != same:
        kept = request.environ[_KEPT_CONTEXT] = (same, _context_for(viewer))
    return dict(kept[1])


def _context_for(viewer: Any) -> dict[str, Any]:
    return {
        "settings": {
            "SITE_NAME": settings().site_name,
            "LEAVE_URL": settings().leave_urls[current_language()],
        },
        "demo_instance": current_app.extensions["settings"].stage == "demo",
        "help_lines": _help_lines(viewer),
    }


def _help_lines(viewer: Any) -> Any:
    """Those of the reader's province; a page for many has no reader, and none may stand on it."""
    if shared_pages.in_making():
        return StrictUndefined(name="help_lines")
    return helplines.first_lines(helplines.province_of(viewer))
