"""The charter of a space of lived experience: read by all who see it, written by those who keep it."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts import words
from community.core.access import one_or_404, require
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.forms import blame
from community.core.limits import limiter
from community.forum.acts import ACTS
from community.forum.forms.charters import CharterForm
from community.forum.forms.structure import FIELD_NAMES, STANDING_WORDS
from community.forum.models import Space
from community.forum.permissions import may_lead, may_write_charter
from community.forum.queries import charters as queries
from community.forum.services import charters as services
from community.forum.views import bp
from community.forum.views.answers import Page, form_page
from community.forum.words import SPACE_KINDS

words.name_acts(ACTS)
words.name_details("space", "kind", SPACE_KINDS)
words.name_details("space", "standing", STANDING_WORDS)
words.name_details("space", "changed", FIELD_NAMES)


def _space(slug: str) -> Space:
    return one_or_404(queries.chartered_spaces_seen_by(g.viewer), Space.slug == slug)


def _kept(slug: str) -> Space:
    """The same for those who write it. :raises NotAllowed: a member who only reads."""
    space = _space(slug)
    require(may_write_charter(g.viewer, space), _("Only those who keep this space write its charter."))
    return space


@bp.get("/spaces/<slug>/charter")
def space_charter(slug: str) -> str:
    """What is asked of everybody here, and who keeps the space."""
    space = _space(slug)
    return render_template(
        "forum/charter.html",
        space=space,
        charter=queries.charter_of(space),
        keepers=queries.keepers_of(space),
        leads=may_lead(g.viewer, space),
    )


@bp.route("/spaces/<slug>/charter/edit", methods=["GET", "POST"])
@limiter.limit("30/hour", methods=["POST"])
def edit_charter(slug: str) -> Page:
    """Write the charter, in both languages."""
    space = _kept(slug)
    charter = queries.charter_of(space)
    form = CharterForm(obj=charter)
    status, theirs = 422, ""
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                said = (form.words_en.data or "", form.words_fr.data or "")
                services.write_charter(g.viewer, _kept(slug), *said, form.made_from)
            flash(_("Saved. Everybody who comes here reads it."), "ok")
            return redirect(url_for(".space_charter", slug=slug), 303)
        except Invalid as problem:
            blame(form, problem)
        except Conflict as conflict:
            status, theirs = 409, conflict.theirs or " "
        space = _kept(slug)
        if theirs:
            form.version.data = str(queries.charter_of(space).version)
    return form_page("forum/charter_form.html", form, status, space=space, theirs=theirs)
