"""A committee's page, its meetings and its decisions."""

from __future__ import annotations

from datetime import time
from typing import Any

from babel.dates import get_timezone_location
from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.core import clock
from community.core.access import one_or_404, require
from community.core.days import moment_of
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.forms import blame
from community.core.i18n import LOCALES, current_language, day, in_language, zone
from community.forum.forms.committees import DecisionForm, MandateForm, MeetingForm
from community.forum.models import Decision, Meeting, Space
from community.forum.permissions import may_lead
from community.forum.queries import committees as queries
from community.forum.services import committees as services
from community.forum.views import bp
from community.forum.views.answers import Page, form_page, made_once

USUAL_HOUR = time(12, 0)


def _committee(slug: str) -> Space:
    """The committee's space. :raises NotFound: it is none, or the viewer is not of it."""
    return one_or_404(queries.committees_seen_by(g.viewer), Space.slug == slug)


def _led(slug: str) -> Space:
    """The same for those who write in its name. :raises NotAllowed: a member who only reads."""
    space = _committee(slug)
    require(may_lead(g.viewer, space), _("Only the chair and the keepers of this committee write here."))
    return space


def _meeting(space: Space, key: str) -> Meeting:
    return one_or_404(queries.meetings_seen_by(g.viewer), Meeting.key == key, Meeting.space_id == space.id)


def _where_hours_are() -> str:
    """The city whose hours the site shows."""
    return str(get_timezone_location(zone(), locale=LOCALES[current_language()], return_city=True))


@bp.get("/spaces/<slug>/committee")
def committee(slug: str) -> str:
    """The mandate, who is of it, when it meets, what it decided."""
    space = _committee(slug)
    page = queries.committee_page(g.viewer, space)
    return render_template(
        "forum/committee.html",
        space=space,
        page=page,
        leads=may_lead(g.viewer, space),
        zone=_where_hours_are(),
    )


@bp.route("/spaces/<slug>/committee/mandate", methods=["GET", "POST"])
def edit_mandate(slug: str) -> Page:
    """What the committee is for, in both languages."""
    space = _led(slug)
    form = MandateForm(obj=queries.committee_of(space))
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                services.write_mandate(g.viewer, _led(slug), form.mandate_en.data, form.mandate_fr.data)
            return redirect(url_for(".committee", slug=slug), 303)
        except Invalid as problem:
            blame(form, problem)
        space = _led(slug)
    return form_page("forum/mandate.html", form, space=space)


@bp.route("/spaces/<slug>/committee/meetings/new", methods=["GET", "POST"])
def new_meeting(slug: str) -> Page:
    """Call a meeting, with its agenda."""
    space = _led(slug)
    form = MeetingForm(data={"lang": current_language(), "hour": USUAL_HOUR})
    if request.method == "POST" and form.validate():

        def make() -> str:
            meeting = services.call_meeting(g.viewer, _led(slug), _said(form))
            return url_for(".meeting", slug=slug, key=meeting.key)

        if answer := made_once(form, make):
            return answer
    return form_page("forum/meeting_form.html", form, space=space, meeting=None, theirs="")


@bp.get("/spaces/<slug>/committee/meetings/<key>")
def meeting(slug: str, key: str) -> str:
    """A meeting: agenda, minutes, decisions."""
    space = _committee(slug)
    found = _meeting(space, key)
    return render_template(
        "forum/meeting.html",
        space=space,
        meeting=found,
        decisions=queries.decisions_of(g.viewer, found),
        held=found.starts_at <= clock.now(),
        leads=may_lead(g.viewer, space),
        zone=_where_hours_are(),
    )


@bp.route("/spaces/<slug>/committee/meetings/<key>/edit", methods=["GET", "POST"])
def edit_meeting(slug: str, key: str) -> Page:
    """Change the moment or the agenda; after the meeting, write its minutes."""
    space = _led(slug)
    found = _meeting(space, key)
    form = MeetingForm(obj=found, data=_as_typed(found))
    status, theirs = 422, ""
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                space = _led(slug)
                services.write_meeting(g.viewer, space, _meeting(space, key), _said(form), form.made_from)
            return redirect(url_for(".meeting", slug=slug, key=key), 303)
        except Invalid as problem:
            blame(form, problem)
        except Conflict as conflict:
            status, theirs = 409, conflict.theirs or " "
        found = _meeting(space, key)
        if theirs:
            form.version.data = str(found.version)  # sent again, it replaces what is shown beside it
    return form_page("forum/meeting_form.html", form, status, space=space, meeting=found, theirs=theirs)


def _as_typed(found: Meeting) -> dict[str, Any]:
    """A meeting's moment as the form's day and hour, where the site is."""
    local = found.starts_at.astimezone(zone())
    return {"day": local.date(), "hour": local.time().replace(tzinfo=None)}


def _said(form: MeetingForm) -> services.MeetingWords:
    return services.MeetingWords(
        starts_at=moment_of(form.day.data, form.hour.data),  # type: ignore[arg-type]
        lang=form.lang.data,
        agenda=form.agenda.data or "",
        minutes=form.minutes.data or "",
    )


@bp.route("/spaces/<slug>/committee/decisions/new", methods=["GET", "POST"])
def new_decision(slug: str) -> Page:
    """Record what was decided."""
    space = _led(slug)
    held = queries.committee_page(g.viewer, space).past
    form = DecisionForm(
        meetings=[(meeting.key, day(meeting.starts_at)) for meeting in held],
        data={"lang": current_language(), "meeting": request.args.get("meeting", "")},
    )
    if request.method == "POST" and form.validate():

        def make() -> str:
            space = _led(slug)
            at = _meeting(space, form.meeting.data) if form.meeting.data else None
            decision = services.record_decision(
                g.viewer,
                space,
                form.words.data,
                lang=form.lang.data,
                decided_on=form.decided_on.data,  # type: ignore[arg-type]
                meeting=at,
            )
            return url_for(".decision", slug=slug, key=decision.key)

        if answer := made_once(form, make):
            return answer
    return form_page("forum/decision_form.html", form, space=space)


@bp.get("/spaces/<slug>/committee/decisions/<key>")
def decision(slug: str, key: str) -> str:
    """A decision, with the words to quote it by."""
    space = _committee(slug)
    found = one_or_404(
        queries.decisions_seen_by(g.viewer), Decision.key == key, Decision.space_id == space.id
    )
    at = (
        one_or_404(queries.meetings_seen_by(g.viewer), Meeting.id == found.meeting_id)
        if found.meeting_id
        else None
    )
    return render_template(
        "forum/decision.html", space=space, decision=found, meeting=at, quote=_quote(space, found)
    )


def _quote(space: Space, found: Decision) -> str:
    """The decision as Markdown, for a message."""
    quoted = "\n".join(f"> {line}" for line in found.words.splitlines())
    name, _lang = in_language(space, "name")
    address = url_for(".decision", slug=space.slug, key=found.key)
    said_by = _("%(committee)s, decided on %(day)s", committee=name, day=day(found.decided_on))
    return f"{quoted}\n>\n> [{said_by}]({address})\n"
