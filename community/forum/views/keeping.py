"""Answers that are kept: where they hold, until when, what replaces them."""

from __future__ import annotations

from flask import g, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.access import require
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.forms import blame
from community.forum.forms.posts import KeepForm
from community.forum.models import Post
from community.forum.permissions import may_accept
from community.forum.queries.one_post import kept_answers
from community.forum.queries.topics import post_seen
from community.forum.services import answers
from community.forum.services.answers import Holds
from community.forum.views import bp
from community.forum.views.answers import Page
from community.forum.views.writing import post_address


@bp.route("/posts/<key>/accept", methods=["GET", "POST"])
def accept(key: str) -> Page:
    """Keep a post as an answer; say where it holds, until when, what replaces it."""
    found = post_seen(g.viewer, key)
    if request.method != "POST":
        require(may_accept(g.viewer, found), _("Only the person who asked, or a moderator, keeps an answer."))
        return _keep_page(found, _keep_form(found))
    form = _keep_form(found) if "jurisdiction" in request.form else None
    if form is None or form.validate():
        try:
            with transaction():
                answers.accept(g.viewer, post_seen(g.viewer, key), _holds(form) if form else None)
            return redirect(_kept_address(key), 303)
        except Invalid as problem:
            if form is None:
                raise
            blame(form, problem)
    return _keep_page(post_seen(g.viewer, key), form), 422


def _kept_address(key: str) -> str:
    return post_address(post_seen(g.viewer, key))


def _keep_form(post: Post) -> KeepForm:
    kept = kept_answers(post.topic)
    replaced = next((one.key for one in kept if one.id == post.superseded_by), "")
    others = [
        (one.key, _("%(name)s, message %(n)s", name=one.author.name, n=one.number))
        for one in kept
        if one.id != post.id
    ]
    said = {
        "jurisdiction": post.jurisdiction or "",
        "valid_until": post.valid_until,
        "superseded_by": replaced,
    }
    return KeepForm(others=others, data=said)


def _holds(form: KeepForm) -> Holds:
    return Holds(form.jurisdiction.data or None, form.valid_until.data, form.superseded_by.data or None)


def _keep_page(post: Post, form: KeepForm) -> str:
    return render_template(
        "forum/keep_answer.html", post=post, topic=post.topic, form=form, address=post_address(post)
    )


@bp.post("/posts/<key>/unaccept")
def unaccept(key: str) -> Response:
    """Keep a post as an answer no longer."""
    with transaction():
        answers.unaccept(g.viewer, post_seen(g.viewer, key))
    return redirect(_kept_address(key), 303)
