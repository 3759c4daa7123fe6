"""What the forum puts on pages that are not its own: home, menu, a persona's page."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core import panels
from community.core.i18n import number
from community.core.pages.fragments import rendered_once, this_minute
from community.core.panels import Link, MenuSection
from community.core.text import extract
from community.forum.permissions import may_edit_spaces
from community.forum.queries import drafts as drafts_queries
from community.forum.queries import home as queries
from community.forum.queries.lists import as_read_by
from community.forum.queries.queue import FEWEST, waiting_count
from community.forum.queries.reading import posts_of
from community.forum.queries.replied import replies_to

POSTS_SHOWN = 10
NEXT, QUESTIONS = 3, 5


def init_app() -> None:
    """Fill the slots of lower pages."""
    panels.add("home", what_waits, order=10)
    panels.add("home", doors, order=15)
    panels.add("home", latest, order=30)
    panels.add("home", how_it_goes, order=90)
    panels.add("home_side", resume, order=20)
    panels.add("menu_sections", menu, order=10)
    panels.add("profile", profile, order=20)


# Home


def what_waits(viewer: Viewer) -> list[str]:
    """The next acts: what upper domains lay before the viewer, replies to the viewer's own questions,
    questions that waited a day, drafts; then the other questions of the viewer's spaces."""
    if not viewer.signed_in:
        return []
    laid = panels.entries("waits", viewer)
    there = {one.key for one in laid if one.key}
    lines, waiting = queries.waiting_lines_for(viewer, most=NEXT + QUESTIONS + len(there))
    rows = [row for row in as_read_by(viewer, lines) if row.key not in there]
    first = [row for row in rows if row.drawing == "waiting"][:NEXT]
    rest = [row for row in rows if row not in first][:QUESTIONS]
    replied, drafts = replies_to(viewer), drafts_queries.drafts_of(viewer, most=3)
    acts = partial(
        render_template,
        "forum/home/_waits.html",
        laid=laid,
        questions=first,
        replied=replied,
        drafts=drafts,
    )
    others = partial(render_template, "forum/home/_questions.html", rows=rest, count=waiting)
    # What was typed and not sent is in no part that is kept.
    made_of = ("waits", laid, first, replied, this_minute())
    found = [acts() if drafts else rendered_once(made_of, caller=acts)]
    if rest:
        found.append(rendered_once(("questions", rest, waiting, this_minute()), caller=others))
    return found


def doors(viewer: Viewer) -> str:
    """To a visitor: the ways in."""
    if viewer.signed_in:
        return ""
    return render_template("forum/home/_doors.html", square=queries.open_square(viewer))


def latest(viewer: Viewer) -> str:
    """What was last written where the viewer belongs, or where everyone may read."""
    rows = as_read_by(viewer, queries.latest_lines_for(viewer))
    made_of = ("latest", viewer.signed_in, rows, this_minute())
    return rendered_once(made_of, caller=partial(render_template, "forum/home/_latest.html", rows=rows))


def how_it_goes(viewer: Viewer) -> str:
    """The pulse of the community; too few questions are said to be too few."""
    pulse = queries.pulse(viewer)
    shown = partial(render_template, "forum/home/_pulse.html", pulse=pulse, fewest=FEWEST)
    return rendered_once(("pulse", pulse), caller=shown)


def resume(viewer: Viewer) -> str:
    """The spaces the viewer watches."""
    spaces = queries.watched_names(viewer)
    shown = partial(render_template, "forum/home/_resume.html", spaces=spaces)
    return rendered_once(("watched", spaces), caller=shown) if spaces else ""


# Menu


def menu(viewer: Viewer) -> list[MenuSection]:
    """The forum on the Menu page."""
    found = [MenuSection(_("Take part"), _take_part(viewer))]
    if viewer.signed_in:
        found.append(MenuSection(_("Mine, under this name"), _mine(viewer)))
    if may_edit_spaces(viewer):
        keep = Link(url_for("forum.admin_spaces"), _("Keep the spaces"), "gear")
        found.append(MenuSection(_("Duties"), (keep,)))
    return found


def _take_part(viewer: Viewer) -> tuple[Link, ...]:
    waiting = waiting_count(viewer)
    return (
        Link(url_for("core.home"), _("Home"), "home"),
        Link(url_for("forum.spaces"), _("Spaces"), "spaces"),
        Link(url_for("forum.latest"), _("Latest"), "clock"),
        Link(url_for("forum.queue"), _("Needs an answer"), "open", chip=_chip(waiting)),
    )


def _mine(viewer: Viewer) -> tuple[Link, ...]:
    return (
        Link(url_for("forum.following"), _("Following"), "bell"),
        Link(url_for("forum.bookmarks"), _("Saved messages"), "mark"),
        Link(url_for("forum.my_questions"), _("My questions"), "reply"),
        Link(url_for("forum.my_posts"), _("My messages"), "quote"),
        Link(url_for("forum.reading_choices"), _("Reading preferences"), "eye"),
        Link(url_for("forum.drafts"), _("Drafts"), "edit", chip=_chip(drafts_queries.count(viewer))),
    )


def _chip(count: int) -> str:
    return number(count) if count else ""


# A persona's page


def profile(viewer: Viewer, persona: Persona) -> str:
    """What this persona wrote, as far as the viewer reads it."""
    page: Any = posts_of(viewer, persona.id, None, size=POSTS_SHOWN)
    return render_template("forum/home/_profile.html", posts=page.items, persona=persona, extract=extract)
