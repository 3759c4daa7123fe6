"""Groups of organizations: by region, each with its members, its meetings and their minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core import clock
from community.core.access import require
from community.core.answers import Page, form_page, made_once
from community.core.db import transaction
from community.core.errors import Conflict, Invalid, NotFound
from community.core.forms import blame
from community.core.i18n import current_language, in_language, page_blueprint
from community.core.limits import limiter
from community.core.regions import REGIONS
from community.directory.forms.groups import GroupForm, GroupMeetingForm, MemberForm, NewGroupForm
from community.directory.hsds.checks import is_uuid
from community.directory.models.groups import Group, GroupMeeting, GroupMinutes
from community.directory.permissions.together import may_begin_together, may_lead_group
from community.directory.queries import groups as queries
from community.directory.queries import partners
from community.directory.services import group_meetings as meetings
from community.directory.services import groups as services
from community.directory.services.reading import mark
from community.directory.words import together as together_words

bp: Blueprint = page_blueprint("directory_groups", __name__, under="/directory/groups")
A_YEAR = timedelta(days=365)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"together_words": together_words}


@bp.get("")
def groups() -> str:
    """The groups that go on, of a region and of a kind or all."""
    region, kind = _asked("region", REGIONS), _asked("kind", together_words.GROUP_KINDS)
    return render_template(
        "directory/groups.html",
        found=queries.of_region(g.viewer, region, kind),
        most=queries.MOST,
        region=region,
        kind=kind,
        may_begin=may_begin_together(g.viewer),
    )


def _asked(name: str, known: Any) -> str:
    said = request.args.get(name, "")
    return said if said in known else ""


@bp.get("/<key>")
def group(key: str) -> str:
    """A group: what it is for, who takes part, when it meets."""
    return _page(queries.group(g.viewer, key), MemberForm(formdata=None))


def _page(found: Group, form: MemberForm) -> str:
    leads = may_lead_group(g.viewer, found)
    return render_template(
        "directory/group.html",
        page=queries.page(g.viewer, found, current_language()),
        leads=leads,
        form=form,
        suggested=partners.suggested(g.viewer, current_language()) if leads else [],
    )


@bp.route("/new", methods=["GET", "POST"])
@limiter.limit("30/hour", methods=["POST"])
def new_group() -> Page:
    """Describe a group that an organization of one's own takes part in."""
    require(may_begin_together(g.viewer), together_words.ONLY_KEEPERS)
    own = partners.own(g.viewer, current_language())
    typed = {"kind": "table", "review_on": clock.today() + A_YEAR}
    if len(own) == 1:
        typed["organization"] = own[0].name.text
    form = NewGroupForm(spaces=_spaces(None), data=typed)
    if request.method == "POST" and form.validate():

        def make() -> str:
            made = services.make(g.viewer, _said(form), form.organization.chosen)
            return url_for(".group", key=made.key)

        if answer := made_once(form, make):
            return answer
    return form_page("directory/group_form.html", form, group=None, own=own, differences=None)


def _led(key: str) -> Group:
    """A group for those who write for it. :raises NotAllowed: somebody who only reads."""
    found = queries.group(g.viewer, key)
    require(may_lead_group(g.viewer, found), together_words.ONLY_KEEPERS)
    return found


@bp.route("/<key>/edit", methods=["GET", "POST"])
def edit_group(key: str) -> Page:
    """Change what is written of a group."""
    found = _led(key)
    form = GroupForm(spaces=_spaces(found), data={**_as_typed(found), "seen": mark(found)})
    status, differences = 422, None
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                services.change(g.viewer, _led(key), _said(form), form.read)
            return redirect(url_for(".group", key=key), 303)
        except Invalid as problem:
            blame(form, problem)
        except Conflict:
            status, differences = 409, form.again(_as_typed(_led(key)), mark(_led(key)))
        found = _led(key)
    return form_page("directory/group_form.html", form, status, group=found, own=[], differences=differences)


def _spaces(found: Group | None) -> list[tuple[str, str]] | None:
    """What may be chosen; None when the group has a space that this person does not see."""
    seen = queries.spaces_to_name(g.viewer)
    if found is not None and found.space_id not in {None, *(space.id for space in seen)}:
        return None
    return [(space.slug, in_language(space, "name")[0]) for space in seen]


def _as_typed(found: Group) -> dict[str, Any]:
    slugs = {space.id: space.slug for space in queries.spaces_to_name(g.viewer)}
    fields = ("kind", "name_en", "name_fr", "purpose_en", "purpose_fr", "since", "review_on")
    return {
        **{field: getattr(found, field) for field in fields},
        "regions": [row.region for row in found.regions],
        "space": slugs.get(found.space_id or 0, ""),
    }


def _said(form: GroupForm) -> services.GroupWords:
    fields = ("name_en", "name_fr", "purpose_en", "purpose_fr")
    return services.GroupWords(
        kind=form.kind.data,
        texts={field: form[field].data or "" for field in fields},
        regions=form.regions.data or (),
        since=form.since.data,
        review_on=form.review_on.data or clock.today(),
        space=form.space.data if "space" in form else None,
    )


@bp.post("/<key>/end")
def end_group(key: str) -> Response:
    """Say that a group does not meet any more."""
    with transaction():
        services.end(g.viewer, _led(key))
    flash(_("The group is ended. Its page stays, and lists do not show it any more."), "ok")
    return redirect(url_for(".group", key=key), 303)


@bp.post("/<key>/organizations")
def add_organization(key: str) -> Page:
    """Add an organization to a group, or say what else it does there."""
    found, form = _led(key), MemberForm()
    if form.validate():
        try:
            with transaction():
                chosen = form.organization.chosen
                services.add_organization(g.viewer, _led(key), chosen, form.function.data)
            return redirect(url_for(".group", key=key, _anchor="members"), 303)
        except Invalid as problem:
            blame(form, problem)
            found = _led(key)
    return _page(found, form), 422


@bp.post("/<key>/organizations/<id>/remove")
def remove_organization(key: str, id: str) -> Response:
    """Take an organization out of a group. :raises NotFound: this is no key of an organization."""
    if not is_uuid(id):
        raise NotFound
    try:
        with transaction():
            services.take_out(g.viewer, _led(key), id)
    except Invalid as problem:
        flash(str(problem.sentence), "gold")
    return redirect(url_for(".group", key=key, _anchor="members"), 303)


@bp.route("/<key>/meetings/new", methods=["GET", "POST"])
def new_meeting(key: str) -> Page:
    """Call a meeting of a group, with its agenda."""
    found = _led(key)
    form = GroupMeetingForm(data={"lang": current_language(), "open": "keepers"})
    if request.method == "POST" and form.validate():

        def make() -> str:
            made = meetings.call(g.viewer, _led(key), _meeting_said(form))
            return url_for(".meeting", key=key, meeting=made.key)

        if answer := made_once(form, make):
            return answer
        found = _led(key)
    return form_page("directory/group_meeting_form.html", form, group=found, meeting=None, theirs="")


@bp.get("/<key>/meetings/<meeting>")
def meeting(key: str, meeting: str) -> str:
    """A meeting: when, where, the agenda; the minutes, for those they are for."""
    found = queries.group(g.viewer, key)
    shown = queries.meeting(g.viewer, found, meeting)
    return render_template(
        "directory/group_meeting.html",
        group=found,
        meeting=shown,
        minutes=queries.minutes(g.viewer, shown),
        held=shown.held_on <= clock.today(),
        leads=may_lead_group(g.viewer, found),
    )


@bp.route("/<key>/meetings/<meeting>/edit", methods=["GET", "POST"])
def edit_meeting(key: str, meeting: str) -> Page:
    """Change the day, the place or the agenda; after the meeting, write its minutes."""
    found = _led(key)
    shown = queries.meeting(g.viewer, found, meeting)
    form = GroupMeetingForm(data=_meeting_typed(shown, queries.minutes(g.viewer, shown)))
    status, theirs = 422, ""
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                led = _led(key)
                changed = queries.meeting(g.viewer, led, meeting)
                meetings.change(g.viewer, led, changed, _meeting_said(form), form.made_from)
            return redirect(url_for(".meeting", key=key, meeting=meeting), 303)
        except Invalid as problem:
            blame(form, problem)
        except Conflict as conflict:
            status, theirs = 409, conflict.theirs or " "
        found = _led(key)
        shown = queries.meeting(g.viewer, found, meeting)
        if theirs:
            form.version.data = str(shown.version)  # sent again, it replaces what is shown beside it
    page = {"group": found, "meeting": shown, "theirs": theirs}
    return form_page("directory/group_meeting_form.html", form, status, **page)


def _meeting_typed(shown: GroupMeeting, minutes: GroupMinutes | None) -> dict[str, Any]:
    fields = ("held_on", "by_call", "place", "lang", "agenda")
    return {
        **{field: getattr(shown, field) for field in fields},
        "minutes": minutes.body if minutes else "",
        "open": "everyone" if minutes and minutes.open else "keepers",
        "version": str(shown.version),
    }


def _meeting_said(form: GroupMeetingForm) -> meetings.MeetingWords:
    return meetings.MeetingWords(
        held_on=form.held_on.data or clock.today(),
        by_call=bool(form.by_call.data),
        place=form.place.data or "",
        lang=form.lang.data,
        agenda=form.agenda.data or "",
        minutes=form.minutes.data or "",
        open=form.open.data == "everyone",
    )
