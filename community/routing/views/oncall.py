"""Who is on call for a theme."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_pgettext
from werkzeug.wrappers import Response

from community.accounts.viewer import Viewer
from community.accounts.words import name_acts
from community.core.access import require
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.forms import blame
from community.core.idempotency import once
from community.core.limits import limiter
from community.forum.models import Space
from community.routing import words
from community.routing.forms import ProposeForm, TakeForm
from community.routing.models import OnCall
from community.routing.permissions import may_be_on_call, may_propose_on_call
from community.routing.queries import oncall as queries
from community.routing.services import oncall as services
from community.routing.services.oncall import Days
from community.routing.views import bp

Page = str | tuple[str, int] | Response

name_acts(
    {
        "routing.on_call_proposed": lazy_pgettext("act", "Turn on call proposed"),
        "routing.on_call_ended": lazy_pgettext("act", "Turn on call ended"),
    }
)


@bp.get("/on-call")
def on_call_themes() -> str:
    """Every theme whose calendar the viewer sees, and who is on call today."""
    require(g.viewer.signed_in)
    return render_template(
        "routing/on_call_themes.html",
        lines=queries.every_theme(g.viewer),
        proposed=queries.proposed_to(g.viewer),
    )


@bp.route("/on-call/<theme>", methods=["GET", "POST"])
@limiter.limit("60/hour", methods=["POST"])
def on_call(theme: str) -> Page:
    """The calendar of a theme; sent, one is on call oneself."""
    space = queries.calendar_space(g.viewer, theme)
    form = TakeForm()
    if request.method == "POST":
        require(may_be_on_call(g.viewer, space))
        if form.validate() and (answer := _kept(form, theme, lambda: _take(form, theme))):
            flash(_("You are on call on these days. Thank you."), "ok")
            return answer
    return _calendar(theme, take=form)


@bp.post("/on-call/<theme>/propose")
@limiter.limit("60/hour")
def propose_on_call(theme: str) -> Page:
    """Propose somebody; they are on call once they agree."""
    space = queries.calendar_space(g.viewer, theme)
    require(may_propose_on_call(g.viewer, space), _("Only those who keep this space propose others."))
    form = ProposeForm()
    if form.validate() and (answer := _kept(form, theme, lambda: _propose(form, theme))):
        flash(_("Proposed. It counts once they agree."), "ok")
        return answer
    return _calendar(theme, propose=form)


def _kept(form: TakeForm | ProposeForm, theme: str, make: Callable[[], None]) -> Response | None:
    """Where to go when it was kept; None when a field was refused."""

    def done() -> str:
        make()
        return url_for(".on_call", theme=theme)

    try:
        return redirect(once(form.idem.data or "", g.viewer.persona_id, done), 303)
    except Invalid as problem:
        blame(form, problem)
        return None


def _take(form: TakeForm, theme: str) -> None:
    services.take(g.viewer, queries.calendar_space(g.viewer, theme), _days(form))


def _propose(form: ProposeForm, theme: str) -> None:
    space = queries.calendar_space(g.viewer, theme)
    services.propose(g.viewer, space, form.name.data, _days(form))


def _days(form: TakeForm | ProposeForm) -> Days:
    """The days of a form that is valid."""
    first, last = form.first.data, form.last.data
    if first is None or last is None:
        raise ValueError("the form was not validated")
    return Days(first, last)


def _calendar(theme: str, take: TakeForm | None = None, propose: ProposeForm | None = None) -> Page:
    space: Space = queries.calendar_space(g.viewer, theme)
    turns = queries.turns(g.viewer, [theme]).get(theme, [])
    page = render_template(
        "routing/on_call.html",
        space=space,
        turns=turns,
        gaps=queries.gaps(turns),
        take=take or TakeForm(formdata=None),
        propose=propose or ProposeForm(formdata=None),
        may_take=may_be_on_call(g.viewer, space),
        may_propose=may_propose_on_call(g.viewer, space),
        near=words.near,
    )
    return (page, 422) if request.method == "POST" else page


@bp.post("/on-call/days/<key>/agree")
def agree_on_call(key: str) -> Response:
    """Agree to be on call on the days somebody proposed."""
    return _changed(key, services.agree, _("You are on call on these days. Thank you."))


@bp.post("/on-call/days/<key>/end")
def end_on_call(key: str) -> Response:
    """Take days off the calendar, or decline what was proposed."""
    return _changed(key, services.end, _("These days are off the calendar."))


def _changed(key: str, change: Callable[[Viewer, Space, OnCall], None], said: str) -> Response:
    """Change days that the viewer sees, say so, and go back to their calendar."""
    with transaction():
        row, space = queries.row_seen(g.viewer, key)
        change(g.viewer, space, row)
        theme = row.theme
    flash(said, "ok")
    return redirect(url_for(".on_call", theme=theme), 303)
