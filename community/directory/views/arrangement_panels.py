"""What corridors, mechanisms and contacts put on pages that are not their own."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, url_for
from flask_babel import gettext as _

from community.accounts.viewer import Viewer
from community.core import clock, panels
from community.core.i18n import current_language, number
from community.core.panels import Link, MenuSection
from community.directory import arrangement_archive, arrangements
from community.directory.arrangements import PLACE_OF
from community.directory.finding.finder import Situation
from community.directory.permissions.arrangements import may_arrange, may_see_reviews
from community.directory.queries import arrangements as queries
from community.directory.queries import reviews
from community.directory.queries.arrangements import Shown
from community.directory.queries.ways import Ways, ways_to
from community.directory.views.arrangements import due_reviews
from community.directory.words import arrangements as arrangement_words
from community.directory.words import services as words

MOST = 8  # of a kind on the page of a region
OF_ONE = 60  # on the page of an organization


def init_app() -> None:
    """Fill the slots."""
    panels.add("service", on_service, order=20)
    panels.add("organization", on_organization, order=30)
    panels.add("region", on_region, order=30)
    panels.add("region", reviews_of_region, order=80)
    panels.add("menu_sections", menu, order=16)
    reviews.add(due_reviews)
    arrangement_archive.register()
    for kind, name in arrangement_words.NAMES.items():
        reviews.KIND_NAMES[kind] = name


def on_service(viewer: Viewer, id: str) -> str:
    """On the page of a service: the corridors and windows that lead to it, and whom to call."""
    found = ways_to(viewer, [id], Situation(), "", current_language()).get(id) or Ways()
    arranges = may_arrange(viewer)
    if not found.any and not arranges:
        return ""
    return _render("directory/arrangements/_on_service.html", ways=found, id=id, may_arrange=arranges)


def on_organization(viewer: Viewer, id: str) -> str:
    """On the page of an organization: what it takes part in."""
    found = queries.of_organization(viewer, id, current_language(), OF_ONE + 1)
    arranges = may_arrange(viewer)
    if not found and not arranges:
        return ""
    by_kind = _by_kind(found[:OF_ONE], PLACE_OF)
    names = {"by_kind": by_kind, "more": len(found) > OF_ONE, "id": id, "may_arrange": arranges}
    return _render("directory/arrangements/_on_organization.html", **names)


def on_region(viewer: Viewer, code: str) -> list[str]:
    """On the page of a region: its windows; its corridors, the contacts that one may call, expert support."""
    found = _by_kind(queries.of_region(viewer, code, current_language(), MOST), PLACE_OF)
    windows = found.pop("mechanism")
    parts = []
    if windows:
        parts.append(_render("directory/arrangements/_region_mechanisms.html", code=code, found=windows))
    return [*parts, _render("directory/arrangements/_region_corridors.html", code=code, by_kind=found)]


def _by_kind(found: list[Shown], kinds: Iterable[str]) -> dict[str, list[Shown]]:
    return {kind: [one for one in found if one.kind == kind] for kind in kinds}


def reviews_of_region(viewer: Viewer, code: str) -> str:
    """On the page of a region: what was to be looked at again."""
    due = reviews.overdue(viewer, code, clock.today())
    if not due:
        return ""
    names = {"due": due[:MOST], "more": len(due[MOST:]), "kinds": reviews.KIND_NAMES}
    return _render("directory/arrangements/_region_reviews.html", **names)


def _render(template: str, **names: object) -> str:
    return render_template(
        template,
        directory_words=words,
        arranged_words=arrangement_words,
        arrangements=arrangements,
        **names,
    )


def menu(viewer: Viewer) -> MenuSection:
    """Corridors and contacts on the Menu page."""
    links = [
        Link(url_for("arrangements.listed", many=PLACE_OF[kind]), name, arrangement_words.ICONS[kind])
        for kind, name in arrangement_words.PLURALS.items()
    ]
    if may_see_reviews(viewer):
        count = len(reviews.overdue(viewer, "", clock.today()))
        chip = number(count) if count else ""
        links.append(Link(url_for("arrangements.due"), _("To be looked at again"), "clock", chip=chip))
    return MenuSection(_("Between services"), tuple(links))
