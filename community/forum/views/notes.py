"""Reading preferences: which content notes stay open for the name that speaks."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _

from community.core.access import require
from community.core.db import transaction
from community.core.errors import Invalid
from community.forum.forms.notes import OpenNotesForm
from community.forum.queries.notes import open_notes
from community.forum.services import notes as services
from community.forum.views import bp
from community.forum.views.answers import Page, form_page


@bp.route("/reading", methods=["GET", "POST"])
def reading_choices() -> Page:
    """Choose the notes under which texts are shown at once."""
    require(g.viewer.signed_in, _("Sign in to choose how you read."))
    form = OpenNotesForm(data={"notes": open_notes(g.viewer)})
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                services.keep_open(g.viewer, form.notes.data or ())
            flash(_("Saved. It holds from now on."), "ok")
            return redirect(url_for(".reading_choices"), 303)
        except Invalid as problem:
            form.notes.errors = [str(problem.sentence)]
    return form_page("forum/reading_choices.html", form)
