"""The administrator's pages of spaces: list, edit, new, members. To everybody else they do not exist.

Whom a space admits is changed by whoever typed the password lately, as on all pages of that duty.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.guards import freshly_opened
from community.core.access import one_or_404
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotFound
from community.core.forms import blame
from community.forum.forms.structure import STANDING_WORDS, MemberForm, NewSpaceForm, SpaceForm, form_of
from community.forum.models import Space
from community.forum.permissions import may_edit_spaces, may_lead, spaces_edited_by, spaces_seen_by
from community.forum.queries.members import members_of
from community.forum.services import structure as services
from community.forum.views import bp
from community.forum.views.answers import Page, form_page, made_once

Parameters = ParamSpec("Parameters")


def _administrators(page: Callable[Parameters, Page]) -> Callable[Parameters, Any]:
    fresh = freshly_opened(page)

    @wraps(page)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Any:
        if not may_edit_spaces(g.viewer):
            raise NotFound
        return fresh(*args, **kwargs)

    return guarded


def _edited(slug: str) -> Space:
    return one_or_404(spaces_edited_by(g.viewer), Space.slug == slug)


@bp.get("/admin/spaces")
@_administrators
def admin_spaces() -> str:
    """Every space with whom it admits."""
    spaces = db.session.scalars(spaces_edited_by(g.viewer).order_by(Space.position, Space.id)).all()
    return render_template("forum/admin_spaces.html", spaces=spaces)


@bp.route("/admin/spaces/new", methods=["GET", "POST"])
@_administrators
def new_space() -> Page:
    """Open a space."""
    form = NewSpaceForm()
    if request.method == "POST" and form.validate():

        def make() -> str:
            space = services.make_space(g.viewer, form.slug.data, form.structure(form.kind.data))
            return url_for(".edit_space", slug=space.slug)

        if answer := made_once(form, make, _("The space is open.")):
            return answer
    return form_page("forum/space_form.html", form, space=None)


@bp.route("/admin/spaces/<slug>", methods=["GET", "POST"])
@_administrators
def edit_space(slug: str) -> Page:
    """The words of a space in both languages, whom it admits, its place."""
    space = _edited(slug)
    form = SpaceForm(data=form_of(space))
    status = 422
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                changed = services.edit_space(g.viewer, _edited(slug), form.structure(), form.seen.data or "")
            flash(_("Saved.") if changed else _("Nothing was changed."), "ok")
            return redirect(url_for(".edit_space", slug=slug), 303)
        except Invalid as problem:
            blame(form, problem)
        except Conflict as conflict:
            status = 409
            form.form_errors.append(str(conflict.sentence))
        space = _edited(slug)
    return form_page("forum/space_form.html", form, status, space=space)


def _peopled(slug: str) -> Space:
    """A space whose members the viewer keeps: administrators, and those who lead it.

    :raises NotFound: to everybody else.
    """
    if may_edit_spaces(g.viewer):
        return _edited(slug)
    space = one_or_404(spaces_seen_by(g.viewer), Space.slug == slug)
    if not may_lead(g.viewer, space):
        raise NotFound
    return space


@bp.route("/spaces/<slug>/members", methods=["GET", "POST"])
def space_members(slug: str) -> Page:
    """Who belongs to a space, with what standing and until when."""
    space = _peopled(slug)
    form = MemberForm()
    if request.method == "POST" and form.validate():

        def make() -> str:
            services.add_member(g.viewer, _peopled(slug), form.words.data, form.standing.data, form.ends)
            return url_for(".space_members", slug=slug)

        if answer := made_once(form, make, _("Saved.")):
            return answer
        space = _peopled(slug)
    return form_page(
        "forum/space_members.html", form, space=space, members=members_of(space), standings=STANDING_WORDS
    )


@bp.post("/spaces/<slug>/members/remove")
def remove_space_member(slug: str) -> Response:
    """A persona no longer belongs to the space."""
    with transaction():
        services.remove_member(g.viewer, _peopled(slug), request.form.get("persona", ""))
    flash(_("Removed. What they wrote stays."), "ok")
    return redirect(url_for(".space_members", slug=slug), 303)
