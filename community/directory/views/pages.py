"""Pages of the directory for everybody: find help, whom do I refer to, a service. No account, no script.

What is looked for stands in the address, so that a link can be sent; a postal code is cut to its area before
it stays there. Nothing of a search is kept.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.viewer import Viewer
from community.core import clock, panels
from community.core import help as helplines
from community.core.i18n import current_language, page_blueprint, with_query
from community.core.pages.fragments import rendered_once
from community.core.panels import Link, MenuEntry, MenuSection
from community.core.regions import provinces
from community.core.store import settings
from community.directory import hourly, unmet
from community.directory.arrangements import PLACE_OF
from community.directory.drawing import maps as drawn_map
from community.directory.finding import wanted as asking
from community.directory.finding.wanted import Wanted
from community.directory.permissions.referrals import may_refer
from community.directory.queries import finding, ways
from community.directory.queries.region_figures import region_figures
from community.directory.queries.service_page import service_page
from community.directory.words import arrangements as arrangement_words
from community.directory.words import services as words

bp: Blueprint = page_blueprint("directory", __name__, under="/directory")


def init_app() -> None:
    """Put the directory into the navigation and on the page of each region."""
    panels.add("menu", _places, order=20)
    panels.add("menu_sections", _section, order=15)
    panels.add("region", _region, order=20)
    panels.add("home_side", _beside_home, order=10)


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
    mapped = request.args.get("view") == "map"
    typed = " ".join(request.args.get("where", "").split())
    if asked.where != typed and len(asked.where) == 3:
        return redirect(_link(endpoint, asked, mapped=mapped))
    searched = asked.any and not asked.unknown_place
    answer = finding.search(g.viewer, asked, by_clinician=by_clinician) if searched else None
    if answer and unmet.note(asked, answer, _by_a_person()):
        hourly.begin(current_app._get_current_object())  # type: ignore[attr-defined]
    return render_template(
        template,
        endpoint=endpoint,
        wanted=asked,
        answer=answer,
        mapped=mapped,
        drawing=_drawing(asked, answer) if mapped and answer else None,
        link=lambda **changes: _link(endpoint, asked, **{"mapped": mapped, **changes}),
        **(_ways(asked, answer) if by_clinician and answer else {}),
        arranged_words=arrangement_words,
        places_of=PLACE_OF,
        by_region=[] if answer else finding.by_region(g.viewer),
        lines=helplines.lines_for(asked.region[:2]) if answer and not answer.total else [],
        provinces=provinces(),
        first=(asked.page - 1) * finding.A_PAGE + 1,
        today=clock.today(),
        printed_at=settings().base_url + _link(endpoint, asked, page=asked.page),
    )


def _ways(asked: Wanted, answer: finding.Answer) -> dict[str, object]:
    """How to get somebody into the services of this page; where there are none, the windows of the region."""
    situation, lang = asked.situation(by_clinician=True), current_language()
    ids = [one.service_id for one in answer.found]
    aside = answer.elsewhere or not answer.total
    return {
        "ways": ways.ways_to(g.viewer, ids, situation, asked.region, lang),
        "windows": ways.windows(g.viewer, situation, asked.region, lang) if aside else [],
    }


def _drawing(asked: Wanted, answer: finding.Answer) -> drawn_map.Drawing | None:
    """Where the services of this page are, under the numbers that the list gives them."""
    first = (asked.page - 1) * finding.A_PAGE + 1
    placed = [(first + n, one.position) for n, one in enumerate(answer.found) if one.position is not None]
    towns = {one.card["town"]: one.position for one in answer.found if one.position and one.card["town"]}
    return drawn_map.drawn(placed, asked.area, words.region_name, towns)


def _by_a_person() -> bool:
    """Whether it looks as if a person asked, and not something that follows every link."""
    said = request.user_agent.string.lower()
    return request.method == "GET" and "mozilla" in said and not any(word in said for word in _ROBOTS)


_ROBOTS = ("bot", "crawl", "spider", "slurp", "preview")


def _link(
    endpoint: str,
    asked: Wanted,
    *,
    without: tuple[str, str] | None = None,
    page: int = 1,
    mapped: bool = False,
    words: str = "",
    where: str = "",
) -> str:
    """The same search without one of its words, with others or elsewhere, on another page, or as a map."""
    others = {"q": words, "where": where}
    pairs = [(name, others.get(name) or value) for name, value in asked.pairs() if (name, value) != without]
    more = [("view", "map")] * mapped + [("page", str(page))] * (page > 1)
    return with_query(url_for(endpoint), [*pairs, *more])


@bp.get("/services/<id>")
def service(id: str) -> str:
    """A service: how to get in, when, where, what it offers, and when somebody last made sure."""
    return render_template(
        "directory/service.html",
        service=service_page(g.viewer, id, current_language()),
        today=clock.today(),
        printed_at=settings().base_url + url_for("directory.service", id=id),
    )


def _places(_viewer: Viewer) -> list[MenuEntry]:
    here = request.endpoint or ""
    current = here.startswith(("directory", "arrangements", "organizations", "keeping.", "corrections."))
    return [MenuEntry(url_for("directory.find"), _("Directory"), "pin", current=current, size="wide")]


def _section(_viewer: Viewer) -> MenuSection:
    return MenuSection(
        _("Directory of services"),
        (
            Link(url_for("directory.find"), _("Find help"), "pin"),
            Link(url_for("directory.refer"), _("Whom do I refer to?"), "bridge"),
        ),
    )


def _region(viewer: Viewer, code: str) -> str:
    return render_template(
        "directory/_region.html",
        code=code,
        figures=region_figures(viewer, code),
        directory_words=words,
    )


def _beside_home(viewer: Viewer) -> str:
    """Beside the home page: ways into the directory, those of the viewer's region first. No row is read."""
    if not viewer.signed_in:
        return ""  # a visitor finds it among the ways in
    clinician = bool(viewer.profession)
    made_of = ("directory", viewer.region, clinician)
    shown = partial(
        render_template,
        "directory/_home_side.html",
        region=viewer.region or "",
        clinician=clinician,
        directory_words=words,
        arranged=arrangement_words.PLURALS["corridor"],
        place=PLACE_OF["corridor"],
    )
    return rendered_once(made_of, caller=shown)
