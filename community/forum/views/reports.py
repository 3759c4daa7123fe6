"""Saying that a post should be looked at."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.core.access import require
from community.core.db import transaction
from community.core.errors import Invalid, NotFound
from community.core.forms import blame
from community.core.limits import limiter
from community.forum.forms.posts import ReportForm
from community.forum.models import Space
from community.forum.permissions import may_report, may_see_space
from community.forum.queries.silent import reported_and_hidden
from community.forum.queries.topics import is_guest, post_seen, topic_seen
from community.forum.services import reports as services
from community.forum.views import bp
from community.forum.views.answers import Page
from community.forum.views.writing import post_address


@bp.route("/posts/<key>/report", methods=["GET", "POST"])
@limiter.limit("20/hour", methods=["POST"])
def report(key: str) -> Page:
    """Say what is wrong with a post. Its author is never told who did."""
    try:
        found = post_seen(g.viewer, key)
    except NotFound:
        if reported_and_hidden(g.viewer, key):  # the first click hid it: the second one is no error
            return render_template("forum/reported.html")
        raise
    require(
        may_report(g.viewer, found, guest=is_guest(g.viewer, found.topic)), _("Sign in to report a message.")
    )
    form = ReportForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                services.report(g.viewer, post_seen(g.viewer, key), form.reason.data, form.words.data or "")
            _say_thanks(form.reason.data)
            return redirect(_after(found.topic.key, found.topic.space), 303)
        except Invalid as problem:
            blame(form, problem)
    page = render_template(
        "forum/report.html", post=found, topic=found.topic, form=form, address=post_address(found)
    )
    return (page, 422) if request.method == "POST" else page


def _say_thanks(reason: str) -> None:
    if reason == "danger":
        said = _(
            "A moderator is told at once. If someone may be in danger now, do not wait: call 911 or 9-8-8."
        )
    elif reason == "patient":
        said = _("The message is hidden until a moderator has looked at it.")
    else:
        said = _("A moderator will look at it. Its author is not told who reported it.")
    flash((_("Thank you. Your report was sent."), said), "ok")  # type: ignore[arg-type]  # bold line, what follows


def _after(topic_key: str, space: Space) -> str:
    """Back to the topic, or to what is left to see when it is hidden."""
    try:
        return url_for(".topic", key=topic_seen(g.viewer, topic_key).key)
    except NotFound:
        if may_see_space(g.viewer, space):
            return url_for(".space", slug=space.slug)
        return url_for(".spaces")
