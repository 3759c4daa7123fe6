"""Reporting what is no message: a name, and what other domains let be reported."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.access import require
from community.core.errors import Invalid, NotFound
from community.core.forms import blame
from community.core.idempotency import once, was_taken
from community.core.limits import limiter
from community.moderation import targets
from community.moderation.forms import ReportForm
from community.moderation.permissions import may_report
from community.moderation.services import opening
from community.moderation.targets import Target
from community.moderation.views import bp

Page = str | tuple[str, int] | Response
HIDDEN = "hidden"


@bp.route("/report/<kind>/<key>", methods=["GET", "POST"])
@limiter.limit("20/hour", methods=["POST"])
def report(kind: str, key: str) -> Page:
    """Say what is wrong with something. Whose it is is never told who did."""
    target = _target(kind)
    try:
        subject = target.seen(g.viewer, key)
    except NotFound:
        if _sent_already():  # the first click hid it: the second one is no error
            return render_template("forum/reported.html")
        raise
    require(g.viewer.signed_in, _("Sign in to report this."))
    require(may_report(g.viewer, subject.author_id), _("You cannot report what is your own."))
    form = ReportForm()
    if request.method == "POST" and form.validate():
        try:
            done = once(form.idem.data or "", g.viewer.persona_id or "", lambda: _report(target, key, form))
            flash((_("Thank you. Your report was sent."), _said(form.reason.data, done)), "ok")  # type: ignore[arg-type]
            after = target.back if done == HIDDEN and target.back else target.address
            return redirect(after(subject), 303)
        except Invalid as problem:
            blame(form, problem)
    page = render_template(
        "moderation/report.html", subject=subject, target=target, form=form, address=target.address(subject)
    )
    return (page, 422) if request.method == "POST" else page


def _sent_already() -> bool:
    """Whether this very form was taken before, from the same name."""
    form_key = request.form.get("idem", "") if g.viewer.signed_in else ""
    return bool(form_key) and was_taken(form_key, g.viewer.persona_id or "")


def _target(kind: str) -> Target:
    """:raises NotFound: no such kind, or one with a door of its own."""
    found = targets.of(kind)
    if found is None or kind == "post":
        raise NotFound
    return found


def _report(target: Target, key: str, form: ReportForm) -> str:
    opening.report(g.viewer, target.seen(g.viewer, key), form.reason.data, form.words.data or "")
    now = target.look(key)
    return HIDDEN if now is not None and now.state == "hidden" else "reported"


def _said(reason: str, done: str) -> str:
    if reason == "danger":
        return _(
            "A moderator is told at once. If someone may be in danger now, do not wait: call 911 or 9-8-8."
        )
    if done == HIDDEN:
        return _("It is hidden until somebody has looked at it. Nobody is told who reported it.")
    return _("Somebody will look at it. Nobody is told who reported it.")
