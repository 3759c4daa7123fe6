"""The list of conversations and one of them; what its open page asks again."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from community.accounts.guards import signed_in
from community.conversations.forms import MessageForm
from community.conversations.pings import room_of
from community.conversations.queries import talks
from community.conversations.services import messages
from community.conversations.views import bp
from community.core.db import transaction
from community.core.errors import BadRequest, NotFound
from community.core.limits import limiter
from community.forum.views.answers import Page, done


@bp.get("/conversations")
@signed_in
def list_all() -> str:
    """The conversations of the speaking name, or those it left."""
    left = request.args.get("left") == "yes"
    page = talks.list_of(g.viewer, request.args.get("after"), left=left)
    return render_template("conversations/list.html", page=page, left=left)


@bp.get("/conversations/<key>")
@signed_in
def show(key: str) -> Page:
    """One conversation: its last messages, and the place to write."""
    return talk_page(key, MessageForm(formdata=None))


def talk_page(key: str, form: MessageForm, preview_html: str = "") -> str:
    """The page of a conversation with a form as it stands."""
    page = talks.talk_page(g.viewer, talks.talk_seen(g.viewer, key), _before())
    return render_template(
        "conversations/show.html", page=page, form=form, room=room_of(key), preview_html=preview_html
    )


def _before() -> int | None:
    said = request.args.get("before", "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        raise BadRequest
    return int(said)


@bp.get("/conversations/<key>/new-messages")
@signed_in
@limiter.limit("120/minute")
def new_messages(key: str) -> str:
    """The messages after a number, as the page would show them: a piece of it."""
    said = request.args.get("after", "0")
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        raise NotFound
    row = talks.talk_seen(g.viewer, key)
    found = talks.messages_after(g.viewer, row, int(said))
    last = found[-1].number if found else int(said)
    page = talks.talk_page(g.viewer, row)
    return render_template("conversations/new_messages.html", page=page, messages=found, last=last)


@bp.post("/conversations/<key>/read")
@signed_in
def read(key: str) -> Response | tuple[str, int]:
    """The reader has read up to the message of this number. Nobody else is told."""
    with transaction():
        row = talks.talk_seen(g.viewer, key)
        messages.read_up_to(g.viewer, row, request.form.get("number", 0, type=int))
    return done(url_for(".show", key=key))
