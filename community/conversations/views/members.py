"""Leaving and muting a conversation; keeping the author of a message away."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.guards import signed_in
from community.accounts.views.blocking import choose_distance, distance_page
from community.conversations.models import Message
from community.conversations.queries import talks
from community.conversations.services import members
from community.conversations.views import bp
from community.core.db import transaction
from community.core.errors import BadRequest
from community.forum.views.answers import Page


@bp.route("/conversations/<key>/leave", methods=["GET", "POST"])
@signed_in
def leave(key: str) -> Page:
    """Leave a conversation, once asked for sure."""
    row = talks.talk_seen(g.viewer, key)
    if request.method != "POST":
        return render_template("conversations/leave.html", page=talks.talk_page(g.viewer, row))
    with transaction():
        members.leave(g.viewer, talks.talk_seen(g.viewer, key))
    flash(_("You left the conversation. What came before stays readable for you."), "ok")
    return redirect(url_for(".list_all"), 303)


@bp.post("/conversations/<key>/mute")
@signed_in
def mute(key: str) -> Response:
    """Be told of it no longer (``act=mute``), or again (``act=unmute``)."""
    act = request.form.get("act")
    if act not in {"mute", "unmute"}:
        raise BadRequest
    with transaction():
        members.mute(g.viewer, talks.talk_seen(g.viewer, key), muted=act == "mute")
    return redirect(url_for(".show", key=key), 303)


@bp.route("/messages/<key>/author", methods=["GET", "POST"])
@signed_in
def author_of_message(key: str) -> Page:
    """Block or mute whoever wrote a message."""
    found = talks.message_seen(g.viewer, key)
    back = _where(found)
    if request.method != "POST":
        return str(distance_page(talks.author_of(found), request.path, back))
    choose_distance(lambda: talks.author_of(talks.message_seen(g.viewer, key)))
    return redirect(back, 303)


def _where(message: Message) -> str:
    return url_for(".show", key=message.conversation_key, _anchor=message.key)
