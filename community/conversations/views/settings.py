"""Who may write to one's name."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts.guards import signed_in
from community.conversations.forms import ReachForm
from community.conversations.permissions import may_take_part
from community.conversations.queries.doors import who_may_write as kept_choice
from community.conversations.services import starting
from community.conversations.views import bp
from community.core.access import require
from community.core.db import transaction
from community.forum.views.answers import Page


@bp.route("/who-may-write", methods=["GET", "POST"])
@signed_in
def who_may_write() -> Page:
    """Who may begin a conversation with the speaking name: nobody, unless it says so."""
    require(may_take_part(g.viewer))
    form = ReachForm(data={"who": kept_choice(g.viewer)})
    if request.method == "POST" and form.validate():
        with transaction():
            starting.open_door(g.viewer, form.who.data)
        flash(_("Kept. It holds from now on."), "ok")
        return redirect(url_for(".who_may_write"), 303)
    page = render_template("conversations/who_may_write.html", form=form)
    return (page, 422) if request.method == "POST" else page
