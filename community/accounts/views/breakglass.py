"""Breaking the glass: the pages of administrators, what the person is told, what everybody may read."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import StringField, TextAreaField

from community.accounts import breakglass, words
from community.accounts.forms import put_fault
from community.accounts.guards import freshly, signed_in
from community.accounts.protection import Opening
from community.accounts.queries import faces_of
from community.accounts.services import breakglass as services
from community.accounts.viewer import Viewer
from community.accounts.views.blueprint import bp, with_duty
from community.core import panels
from community.core.access import one_or_404
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.forms import Creates
from community.core.forms import Words as Length
from community.core.idempotency import once
from community.core.limits import limiter

words.name_acts(
    {
        "link.asked": lazy_pgettext("act", "Opening of a link asked for"),
        "link.withdrawn": lazy_pgettext("act", "Opening of a link no longer asked for"),
        "link.refused": lazy_pgettext("act", "Opening of a link refused"),
        "link.agreed": lazy_pgettext("act", "Opening of a link agreed to"),
        "link.opened": lazy_pgettext("act", "Link opened"),
    }
)
STATES = {
    "asked": lazy_pgettext("opening", "Waits for a second administrator"),
    "withdrawn": lazy_pgettext("opening", "Withdrawn"),
    "refused": lazy_pgettext("opening", "Refused"),
    "agreed": lazy_pgettext("opening", "Agreed to, not opened yet"),
    "opened": lazy_pgettext("opening", "Opened"),
    "lapsed": lazy_pgettext("opening", "Left for too long: nothing was opened"),
}


class AskForm(Creates):
    """Which link, and why."""

    name = StringField(
        _l("Name, exactly as it is shown"),
        validators=[Length(1, 120, _l("The name"))],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    reason = TextAreaField(
        _l("The reason"),
        validators=[Length(services.SHORTEST_REASON, services.LONGEST_REASON, _l("The reason"))],
    )


def state_words(opening: Opening) -> str:
    """Where a request stands, in words."""
    return str(STATES[breakglass.stands(opening)])


@bp.route("/break-glass", methods=["GET", "POST"])
@limiter.limit("10/day", methods=["POST"])
@with_duty("administrator")
def openings() -> Any:
    """What was asked so far, and the form to ask."""
    form = AskForm()
    if form.is_submitted() and form.validate():
        try:
            return redirect(once(form.idem.data or "", str(g.viewer.persona_id), lambda: _asked(form)), 303)
        except Invalid as fault:
            put_fault(form, fault)
    rows = breakglass.latest(g.viewer)
    page = render_template("accounts/openings.html", form=form, rows=rows, state_words=state_words)
    return page, 422 if form.errors else 200


def _asked(form: AskForm) -> str:
    row = services.ask(g.viewer, form.name.data or "", form.reason.data or "")
    return url_for(".opening", key=row.id)


@bp.get("/break-glass/<key>")
@with_duty("administrator")
def opening(key: str) -> str:
    """One request: its reason, its steps, what this administrator may do; the address while it is shown."""
    row = _opening(key)
    people = faces_of([row.persona_id, row.asked_by, row.decided_by or ""])
    return render_template(
        "accounts/opening.html",
        opening=row,
        people=people,
        stands=breakglass.stands(row),
        ends=breakglass.ends_at(row),
        state_words=state_words,
        mine=row.asked_by == g.viewer.persona_id,
        decides=breakglass.may_decide_opening(g.viewer, row),
        address=services.address_shown(g.viewer, row),
    )


def _opening(key: str) -> Opening:
    return one_or_404(breakglass.openings_seen_by(g.viewer), Opening.id == key)


@bp.post("/break-glass/<key>/agree")
@with_duty("administrator", freshly)
def agree_to_opening(key: str) -> Any:
    """A second administrator agrees."""
    return _decided(key, agree=True)


@bp.post("/break-glass/<key>/refuse")
@with_duty("administrator", freshly)
def refuse_opening(key: str) -> Any:
    """A second administrator refuses."""
    return _decided(key, agree=False)


def _decided(key: str, *, agree: bool) -> Any:
    with transaction():
        services.decide(g.viewer, _opening(key).id, agree=agree)
    flash(_("Decided, and written in the register."), "ok")
    return redirect(url_for(".opening", key=key), 303)


@bp.post("/break-glass/<key>/withdraw")
@with_duty("administrator")
def withdraw_opening(key: str) -> Any:
    """Whoever asked does not ask any more."""
    with transaction():
        services.withdraw(g.viewer, _opening(key).id)
    flash(_("Withdrawn, and written in the register."), "ok")
    return redirect(url_for(".openings"), 303)


@bp.post("/break-glass/<key>/open")
@with_duty("administrator", freshly)
def open_link(key: str) -> Any:
    """Whoever asked looks, once."""
    with transaction():
        services.look(g.viewer, _opening(key).id)
    return redirect(url_for(".opening", key=key), 303)


@bp.get("/names/opened")
@signed_in
def own_openings() -> str:
    """What the speaking name is told: who agreed to open its link, when and why."""
    rows = breakglass.own_openings(g.viewer)
    people = faces_of([key for row in rows for key in (row.asked_by, row.decided_by or "")])
    return render_template("accounts/own_openings.html", rows=rows, people=people, state_words=state_words)


@bp.get("/transparency")
def transparency() -> str:
    """What the site counts of itself in public; upper domains add their parts."""
    viewer: Viewer = g.viewer
    return render_template(
        "accounts/transparency.html",
        years=breakglass.by_year(),
        hours=int(breakglass.TO_DECIDE.total_seconds() // 3600),
        minutes=int(breakglass.SHOWN.total_seconds() // 60),
        parts=panels.entries("transparency", viewer),
    )
