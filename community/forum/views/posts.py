"""Posts: reply, preview, react."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response as Answer
from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from community.core.access import require
from community.core.db import transaction
from community.core.errors import BadRequest, Invalid
from community.core.forms import blame
from community.core.limits import limiter
from community.forum.forms.posts import ReplyForm
from community.forum.models import Topic
from community.forum.permissions import may_reply
from community.forum.queries.topics import is_guest, post_seen, topic_page, topic_seen
from community.forum.services import attachments, drafts, reactions
from community.forum.services import posts as services
from community.forum.services.attachments import Staged
from community.forum.views import attachments as files
from community.forum.views import bare, bp
from community.forum.views.answers import Page
from community.forum.views.topics import show
from community.forum.views.writing import (
    as_draft,
    asks_preview,
    keep_draft,
    keeping_draft,
    post_address,
    preview_of,
    writing_of,
)


@bp.get("/posts/<key>")
def post(key: str) -> Response:
    """To the place where a post stands."""
    return redirect(post_address(post_seen(g.viewer, key)))


@bare.get("/posts/<key>")
def post_in_any_language(key: str) -> Response:
    """To a post in the reader's language, whether or not it is there: links of imported texts come here."""
    return redirect(url_for("forum.post", key=key))


@bp.post("/topics/<key>/replies")
@limiter.limit("30/minute", on_breach=as_draft("topic", "key"))
def reply(key: str) -> Page:
    """Add a reply. A form sent twice makes one; a refused one comes back with everything typed."""
    place = f"topic:{key}"
    with keeping_draft(place):
        form = ReplyForm()
        valid = not asks_preview() and form.validate()
        status = _receive(key, form, place)
        if asks_preview():
            return _reply_page(topic_seen(g.viewer, key), form, preview_html=preview_of(form.body.data))
        if valid and status == files.GOOD:
            try:
                address = files.sent_once(form, place, lambda staged: _reply(key, form, staged))
                return redirect(address, 303)
            except Invalid as problem:
                blame(form, problem)
        keep_draft(place)
        return _reply_page(topic_seen(g.viewer, key), form), files.refused(status)


def _receive(key: str, form: ReplyForm, place: str) -> int:
    """Files that came along; most replies bring none, and their topic is read once, as it is sent."""
    if not form.files.comes_with_files():
        return files.GOOD
    topic = topic_seen(g.viewer, key)
    return files.receive(form, topic.space, place, lambda: _may_reply(topic))


def _may_reply(topic: Topic) -> bool:
    return may_reply(g.viewer, topic, guest=is_guest(g.viewer, topic))


def _reply(key: str, form: ReplyForm, staged: Sequence[Staged]) -> str:
    """In the transaction: the topic is read again, the rule asked again."""
    topic = topic_seen(g.viewer, key)
    made = services.reply(g.viewer, topic, writing_of(form))
    attachments.publish(g.viewer, topic.space, made, staged)
    drafts.drop(g.viewer, f"topic:{key}")
    return post_address(made)


def _reply_page(topic: Topic, form: ReplyForm, preview_html: str = "") -> str:
    page = topic_page(g.viewer, topic)
    require(page.may_reply)
    return show(page, form, preview_html=preview_html)


@bp.post("/preview")
@limiter.limit("60/minute")
def preview() -> Answer:
    """A text as it would be shown: the safe HTML alone, for the script."""
    require(g.viewer.signed_in)
    return Answer(preview_of(request.form.get("body")), mimetype="text/html")


@bp.post("/posts/<key>/react")
@limiter.limit("60/minute")
def react(key: str) -> Answer | Response:
    """Add (``add=helpful``) or take back (``remove=helpful``) one's reaction."""
    added, removed = request.form.get("add"), request.form.get("remove")
    if bool(added) == bool(removed):
        raise BadRequest
    with transaction():
        found = post_seen(g.viewer, key)
        if added:
            reactions.react(g.viewer, found, added)
        else:
            reactions.take_back(g.viewer, found, removed or "")
    if request.headers.get("X-Requested-With") == "fetch":
        return Answer(status=204)
    return redirect(post_address(post_seen(g.viewer, key)), 303)
