"""The bell, the page of notices, the choices; and the door of unsubscribe links, which asks for nobody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.accounts.guards import signed_in
from community.accounts.services import no_mail_because
from community.accounts.viewer import Viewer
from community.core.access import one_or_404
from community.core.db import transaction
from community.core.errors import NotFound
from community.core.i18n import page_blueprint
from community.core.pages.fragments import rendered_once
from community.core.pages.stand_ins import asks_nothing_of_its_own, kept_for
from community.core.panels import Link, MenuSection
from community.forum.models import Space
from community.forum.permissions import spaces_seen_by
from community.moderation.permissions import may_open_queue
from community.notifications import queries, tokens, words
from community.notifications.forms import HoursForm, kind_rows, kinds_of, space_rows
from community.notifications.models import Notice
from community.notifications.permissions import notices_seen_by
from community.notifications.rules import EVERY_KIND
from community.notifications.services import choosing, reading
from community.notifications.services.people import choices_of

bp = page_blueprint("notifications", __name__)
# Without a language, without a session: RFC 8058 lets a mail program press the button.
door = Blueprint("notices_door", __name__)


# On every page


def bell(viewer: Viewer) -> str:
    """The bell of the masthead, with how many notices wait."""
    unread = queries.unread_count(viewer)
    return rendered_once(
        ("bell", unread), caller=lambda: render_template("notifications/_bell.html", unread=unread)
    )


def menu(viewer: Viewer) -> MenuSection | None:
    """Notices and choices on the Menu page."""
    if not viewer.signed_in:
        return None
    waiting = words.count_words(queries.unread_count(viewer))
    return MenuSection(
        _l("Notifications"),
        (
            Link(
                url_for("notifications.list_all"),
                _l("What you were told"),
                "bell",
                chip=waiting,
            ),
            Link(url_for("notifications.preferences"), _l("What comes by mail, and when"), "mail"),
        ),
    )


# The page of notices


@bp.get("/notifications")
@signed_in
def list_all() -> str | Response:
    """What the speaking name was told, the newest first."""
    numbers = queries.told_numbers(g.viewer) if asks_nothing_of_its_own(("after",)) else None
    return kept_for(g.viewer, ("notices", request.args.get("after")), numbers, _notices)


def _notices() -> str:
    page = queries.page_of(g.viewer, request.args.get("after"))
    return render_template("notifications/list.html", page=page, newest=page.items[0] if page.items else None)


@bp.post("/notifications/<key>/read")
@signed_in
def read(key: str) -> Response | tuple[str, int]:
    """Mark one as read, or (``act=unread``) as unread again."""
    with transaction():
        notice = one_or_404(notices_seen_by(g.viewer), Notice.id == key)
        reading.mark(g.viewer, notice, read=request.form.get("act") != "unread")
    return _done()


@bp.post("/notifications/read")
@signed_in
def read_all() -> Response | tuple[str, int]:
    """Mark as read what the page showed and all before it."""
    with transaction():
        up_to = one_or_404(notices_seen_by(g.viewer), Notice.id == request.form.get("newest", ""))
        reading.mark_all(g.viewer, up_to)
    return _done()


def _done() -> Response | tuple[str, int]:
    if request.headers.get("X-Requested-With") == "fetch":
        return "", 204
    return redirect(url_for(".list_all"), 303)


# Choices


@bp.get("/notifications/preferences")
@signed_in
def preferences() -> str:
    """What comes by mail, how soon, and when not."""
    return _preferences(HoursForm.of(queries.setting_of(g.viewer)))


def _preferences(hours: HoursForm) -> str:
    choices = choices_of(g.viewer.persona_id)
    return render_template(
        "notifications/preferences.html",
        kinds=kind_rows(choices, kinds_of(may_open_queue(g.viewer))),
        spaces=space_rows(choices, queries.spaces_to_set(g.viewer, choices)),
        hours=hours,
        setting=queries.setting_of(g.viewer),
        hindrance=no_mail_because(g.viewer.persona_id),
    )


@bp.post("/notifications/preferences")
@signed_in
def choose() -> Response:
    """Keep the levels that were sent; fields that are not there stay as they are."""
    with transaction():
        for name, level in request.form.items():
            what, _colon, which = name.partition(":")
            if what == "kind":
                choosing.choose(g.viewer, which, level)
            elif what == "space":
                space = one_or_404(spaces_seen_by(g.viewer), Space.slug == which)
                choosing.choose(g.viewer, EVERY_KIND, level, space.id)
    return _kept()


@bp.post("/notifications/hours")
@signed_in
def hours() -> Response | tuple[str, int]:
    """Keep the zone and the quiet hours."""
    form = HoursForm.of(queries.setting_of(g.viewer))
    if not form.validate():
        return _preferences(form), 422
    start, end = form.quiet_from.data or "", form.quiet_until.data or ""
    with transaction():
        both = bool(start) and bool(end)
        choosing.set_hours(
            g.viewer, form.zone.data or "", int(start) if both else None, int(end) if both else None
        )
    return _kept()


@bp.post("/notifications/resume")
@signed_in
def resume() -> Response:
    """Write again after mail came back."""
    with transaction():
        choosing.resume(g.viewer)
    return _kept()


def _kept() -> Response:
    flash(_("Your choices are kept."), "ok")
    return redirect(url_for("notifications.preferences"), 303)


# The door of unsubscribe links


@door.route("/unsubscribe/<token>", methods=["GET", "POST"])
def unsubscribe(token: str) -> Any:
    """Asked for, it asks whether; sent, it stops at once. Nobody needs to sign in.

    :raises NotFound: the link was made up.
    """
    stop = tokens.read(token)
    if stop is None:
        raise NotFound
    g.lang = stop.lang
    if request.method == "POST":
        everything = request.form.get("scope") == "all"
        with transaction():
            if everything:
                choosing.stop(stop.persona_id, EVERY_KIND, 0)
            else:
                choosing.stop(stop.persona_id, stop.scope, stop.space_id)
    # No word of who it is for, nor of which space: whoever holds the mail sees this page.
    return render_template("notifications/unsubscribe.html", stop=stop, done=request.method == "POST")
