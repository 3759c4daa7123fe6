"""Pages of the directory for everybody: find help, whom do I refer to, a service. No account, no script.

What is looked for stands in the address, so that a link can be sent; a postal code is cut to its area before
it stays there. Nothing of a search is kept.
"""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.viewer import Viewer
from community.core import help as helplines
from community.core import panels
from community.core.i18n import current_language, page_blueprint, with_query
from community.core.panels import Link, MenuEntry, MenuSection
from community.core.regions import provinces
from community.directory import wanted as asking
from community.directory import arrangement_words, words
from community.directory.permissions.referrals import may_refer
from community.directory.queries import finding, ways
from community.directory.queries.service_page import service_page
from community.directory.wanted import Wanted

bp: Blueprint = page_blueprint("directory", __name__, under="/directory")


def init_app() -> None:
    """Put the directory into the navigation and on the page of each region."""
    panels.add("menu", _places, order=20)
    panels.add("menu_sections", _section, order=15)
    panels.add("region", _region, order=20)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"directory_words": words, "asking": asking, "may_refer": may_refer}


@bp.get("")
def find() -> str | Response:
    """Find help: what, where, when, for whom, how to get in."""
    return _page("directory.find", "directory/find.html", by_clinician=False)


@bp.get("/refer")
def refer() -> str | Response:
    """Whom do I refer to? A situation, never a person."""
    return _page("directory.refer", "directory/refer.html", by_clinician=True)


def _page(endpoint: str, template: str, *, by_clinician: bool) -> str | Response:
    asked = asking.read(request.args.getlist)
    typed = " ".join(request.args.get("where", "").split())
    if asked.where != typed and len(asked.where) == 3:
        return redirect(with_query(url_for(endpoint), asked.pairs()))
    searched = asked.any and not asked.unknown_place
    answer = finding.search(g.viewer, asked, by_clinician=by_clinician) if searched else None
    return render_template(
        template,
        endpoint=endpoint,
        wanted=asked,
        answer=answer,
        link=lambda **changes: _link(endpoint, asked, **changes),
        **(_ways(asked, answer) if by_clinician and answer else {}),
        by_region=[] if answer else finding.by_region(g.viewer),
        lines=helplines.lines_for(asked.region[:2]) if answer and not answer.total else [],
        provinces=provinces(),
    )


def _ways(asked: Wanted, answer: finding.Answer) -> dict[str, object]:
    """How to get somebody into the services of this page; where there are none, the windows of the region."""
    situation, lang = asked.situation(by_clinician=True), current_language()
    ids = [one.service_id for one in answer.found]
    aside = answer.elsewhere or not answer.total
    return {
        "ways": ways.ways_to(g.viewer, ids, situation, asked.region, lang),
        "windows": ways.windows(g.viewer, situation, asked.region, lang) if aside else [],
        "arranged_words": arrangement_words,
    }


def _link(endpoint: str, asked: Wanted, *, without: tuple[str, str] | None = None, page: int = 1) -> str:
    """The same search, without one of its words or on another page."""
    pairs = [pair for pair in asked.pairs() if pair != without]
    return with_query(url_for(endpoint), [*pairs, ("page", page)] if page > 1 else pairs)


@bp.get("/services/<id>")
def service(id: str) -> str:
    """A service: how to get in, when, where, what it offers, and when somebody last made sure."""
    return render_template("directory/service.html", service=service_page(g.viewer, id, current_language()))


def _places(_viewer: Viewer) -> list[MenuEntry]:
    here = request.endpoint or ""
    current = here.startswith("directory.")
    return [MenuEntry(url_for("directory.find"), _("Directory"), "pin", current=current, size="wide")]


def _section(_viewer: Viewer) -> MenuSection:
    return MenuSection(
        _("Directory of services"),
        (
            Link(url_for("directory.find"), _("Find help"), "pin"),
            Link(url_for("directory.refer"), _("Whom do I refer to?"), "bridge"),
        ),
    )


def _region(_viewer: Viewer, code: str) -> str:
    return render_template("directory/_region.html", code=code)
