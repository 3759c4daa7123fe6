"""Taking out of a message what may identify a patient: for those who moderate its space."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from community.core.access import require
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.forms import Form, Words, blame
from community.core.identifiers import advice
from community.forum.models import Post
from community.forum.permissions import may_hide
from community.forum.queries.files import files_of
from community.forum.queries.topics import post_seen
from community.forum.services import redaction
from community.forum.views import bp
from community.forum.views.answers import Page
from community.forum.views.writing import post_address


class RedactForm(Form):
    """What is to be taken out, and why. Findings are chosen by their tokens."""

    passage = StringField(
        _l("Another passage, as it stands there"),
        validators=[Optional(), Words(redaction.LEAST, redaction.MOST, _l("The passage"))],
    )
    reason = TextAreaField(_l("Reason"), validators=[Words(3, 1000, _l("The reason"))])


@bp.route("/posts/<key>/redact", methods=["GET", "POST"])
def redact(key: str) -> Page:
    """Take passages out of a message, out of what it said before and of what quoted it."""
    found, form = _moderated(key), RedactForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                places = redaction.redact(
                    g.viewer,
                    _moderated(key),
                    _chosen(found, form),
                    form.reason.data,
                    request.form.getlist("file"),
                )
            flash(ngettext("Taken out of %(num)s place.", "Taken out of %(num)s places.", places), "ok")
            return redirect(post_address(post_seen(g.viewer, key)), 303)
        except Invalid as problem:
            blame(form, problem)
        found = _moderated(key)
    findings = [(one, advice.NAMES[one.kind]) for one in redaction.found_in(found)]
    page = render_template(
        "forum/redact.html",
        post=found,
        topic=found.topic,
        form=form,
        findings=findings,
        files=files_of([found.id]).get(found.id, ()),
        address=post_address(found),
    )
    return (page, 422) if request.method == "POST" else page


def _chosen(post: Post, form: RedactForm) -> list[str]:
    """The passages of the findings that were ticked, as they are written, and the one that was typed."""
    ticked = set(request.form.getlist("finding"))
    noticed = [one.words for one in redaction.found_in(post) if one.token in ticked]
    return [*noticed, (form.passage.data or "").strip()]


def _moderated(key: str) -> Post:
    found = post_seen(g.viewer, key)
    require(
        may_hide(g.viewer, found), _("Only those who moderate this space hide messages, never their own.")
    )
    return found
