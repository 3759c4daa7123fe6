"""What people looked for and did not find where they are: for those who can close a gap."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts.viewer import Viewer
from community.accounts.words import capital
from community.core import panels
from community.core.errors import NotFound
from community.core.i18n import page_blueprint
from community.core.panels import Link, MenuSection
from community.core.quarters import Quarter, quarter_name
from community.directory.figures.unmet_table import OTHERS
from community.directory.permissions.unmet import may_see_unmet
from community.directory.queries import unmet as queries
from community.directory.services.unmet import KEPT_RULE
from community.directory.words import services as words
from community.operations import retention

bp = page_blueprint("directory_unmet", __name__, under="/directory")


def init_app() -> None:
    """Lead there from the menu, for those whom it is for; say how long it is kept."""
    panels.add("menu_sections", _section, order=16)
    what, kept, table_name, by = KEPT_RULE
    retention.rule(what, kept, table=table_name, by=by)


@bp.get("/unmet")
def table() -> str:
    """A quarter's searches that found nothing, by province and need."""
    quarters = queries.quarters(g.viewer)
    asked = request.args.get("quarter", "")
    chosen = next((one for one in quarters if one.code == asked), None)
    if asked and chosen is None:
        raise NotFound()
    chosen = chosen or next(iter(quarters), None)
    return render_template(
        "directory/unmet.html",
        quarters=quarters,
        chosen=chosen,
        table=queries.table(g.viewer, chosen) if chosen else None,
        region_name=_region_name,
        need_name=_need_name,
        quarter_name=_quarter_name,
    )


def _quarter_name(one: Quarter) -> str:
    return capital(quarter_name(one.year, one.number))


def _region_name(code: str) -> str:
    return {OTHERS: _("Others together"), "--": _("No place named")}.get(code) or words.region_name(code)


def _need_name(code: str) -> str:
    return {OTHERS: _("Others together"), "": _("In words alone")}.get(code) or words.label(code)


def _section(viewer: Viewer) -> MenuSection | None:
    if not may_see_unmet(viewer):
        return None
    link = Link(url_for("directory_unmet.table"), _("Searches that found nothing"), "search")
    return MenuSection(_("Gaps in services"), (link,))
