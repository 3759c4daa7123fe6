"""The places of moderation on the Menu page and on a name's page."""

from __future__ import annotations

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core.panels import Link, MenuSection
from community.moderation.permissions import may_edit_reasons, may_open_queue, may_report


def places(viewer: Viewer) -> MenuSection:
    """What everybody reads of moderation; what concerns a name; what its keepers need."""
    links = []
    if may_open_queue(viewer):
        links.append(Link(url_for("moderation.queue"), _l("To look at"), "flag"))
        links.append(Link(url_for("moderation.hours"), _l("Who looks when"), "clock"))
    if may_edit_reasons(viewer):
        links.append(Link(url_for("moderation.texts"), _l("Texts of decisions"), "edit"))
    if viewer.signed_in:
        links.append(Link(url_for("moderation.mine"), _l("Decisions about what you wrote"), "list"))
    links.append(Link(url_for("moderation.transparency"), _l("Moderation in figures"), "chart"))
    return MenuSection(_l("Moderation"), tuple(links))


def figures(_viewer: Viewer) -> str:
    """On the page of what is counted: where the figures of moderation are."""
    return render_template("moderation/_figures.html")


def report_name(viewer: Viewer, persona: Persona) -> str:
    """On a name's page: report it."""
    if not may_report(viewer, persona.id) or persona.kind == "imported":
        return ""
    return render_template("moderation/_report_name.html", key=persona.id)
