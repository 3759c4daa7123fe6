"""What testimonies put on pages that are not theirs: home, menu, the foot of every page, transparency."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import lazy_gettext as _l

from community.accounts.viewer import Viewer
from community.core import panels
from community.core.i18n import number
from community.core.panels import Link, MenuSection, Waits
from community.testimonies import queries
from community.testimonies.permissions import may_review


def init_app(_app: Flask) -> None:
    """Fill the slots of lower pages."""
    panels.add("waits", what_waits, order=6)
    panels.add("menu_sections", menu, order=35)
    panels.add("footer", foot, order=55)
    panels.add("transparency", figures, order=60)


def what_waits(viewer: Viewer) -> list[Waits]:
    """How many testimonies wait for whoever keeps a space of lived experience."""
    if not _answers_for_something(viewer):
        return []
    count = queries.how_many_wait()
    if not count or not may_review(viewer):
        return []
    return [Waits(render_template("testimonies/_waits.html", count=count))]


def _answers_for_something(viewer: Viewer) -> bool:
    """Known without asking the database; whoever answers through a group finds it in the menu."""
    leads = any(one.endswith((":keeper", ":chair")) for one in viewer.audiences)
    return viewer.signed_in and (leads or bool(viewer.moderates))


def menu(viewer: Viewer) -> MenuSection:
    """Testimonies on the Menu page."""
    links = [
        Link(url_for("testimonies.list_all"), _l("Testimonies"), "quote"),
        Link(url_for("testimonies.write"), _l("Leave a testimony, without an account"), "edit"),
        Link(url_for("testimonies.withdraw"), _l("Take a testimony back"), "close"),
    ]
    if may_review(viewer):
        count = queries.how_many_wait()
        chip = number(count) if count else ""
        links.append(Link(url_for("testimonies.queue"), _l("Testimonies to look at"), "flag", chip))
    return MenuSection(_l("Testimonies"), tuple(links))


def foot() -> Link:
    """At the foot of every page."""
    return Link(url_for("testimonies.write"), _l("Leave a testimony, without an account"))


def figures(_viewer: Viewer) -> str:
    """On the page of what is counted: how the testimonies of each year ended."""
    return render_template("testimonies/_figures.html", years=queries.years(), ends=queries.ENDS)
