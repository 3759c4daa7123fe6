"""What routing puts on pages that are not its own: home, menu, a topic."""

from __future__ import annotations

from flask import render_template, url_for
from flask_babel import gettext as _

from community.accounts.viewer import Viewer
from community.core import panels
from community.core.i18n import number
from community.core.panels import Link, MenuSection, Waits
from community.forum.queries.posts import PostView
from community.routing import words
from community.routing.permissions import may_say_what_they_answer
from community.routing.queries import asking, oncall, waiting


def init_app() -> None:
    """Fill the slots of lower pages."""
    panels.add("waits", what_waits, order=10)
    panels.add("menu_sections", menu, order=20)
    panels.add("under_post", asked_people, order=20)


def what_waits(viewer: Viewer) -> list[Waits]:
    """The questions laid before the viewer, and the days on call proposed to them."""
    if not may_say_what_they_answer(viewer):
        return []
    found = waiting.waiting_for(viewer)
    lines = [
        Waits(render_template("routing/_waits.html", line=line, words=words), key=line.key)
        for line in found.lines
    ]
    proposed = [
        Waits(render_template("routing/_proposed.html", row=row, near=words.near))
        for row in oncall.proposed_to(viewer)
    ]
    more = found.count - len(found.lines)
    return [*proposed, *lines, *([Waits("", more=more)] if more else [])]


def menu(viewer: Viewer) -> MenuSection:
    """Routing on the Menu page."""
    figures = Link(url_for("routing.first_answers"), _("Time to a first answer"), "chart")
    if not may_say_what_they_answer(viewer):
        return MenuSection(_("Answering"), (figures,))
    count = waiting.waiting_for(viewer).count
    return MenuSection(
        _("Answering"),
        (
            Link(
                url_for("routing.can_answer"),
                _("What I can answer"),
                "check",
                chip=number(count) if count else "",
            ),
            Link(url_for("routing.on_call_themes"), _("On call"), "clock"),
            figures,
        ),
    )


def asked_people(viewer: Viewer, post: PostView) -> str:
    """To whoever asked, under their question while it waits: how many were asked, never who."""
    if not viewer.signed_in or post.number != 1 or post.author_id != viewer.persona_id:
        return ""
    waits = asking.own_waiting(viewer, post.key)
    if waits is None:
        return ""
    key, asked = waits
    return render_template("routing/_asked.html", asked=asked, key=key)
