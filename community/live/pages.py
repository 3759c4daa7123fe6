"""What the live part puts on pages of the forum: a line where news is told, and the script that asks."""

from __future__ import annotations

from flask import render_template, session

from community.accounts.viewer import Viewer
from community.core import panels
from community.forum.queries.topics import TopicPage
from community.live.rooms import QUEUE, topic_room
from community.live.sockets import SHOWN


def init_app() -> None:
    """Fill the places of the forum's pages."""
    panels.add("under_replies", under_replies)
    panels.add("list_news", list_news)


def under_replies(viewer: Viewer, page: TopicPage) -> str:
    """Below the replies of a topic: "1 new reply", and who reads along."""
    topic = page.topic
    return render_template(
        "live/_under_replies.html",
        topic=topic,
        page=page,
        room=topic_room(topic.key),
        meets=viewer.kind == "public" and not topic.space.protected,
        shown=bool(session.get(SHOWN)),
    )


def list_news(viewer: Viewer, place: str, room: str = QUEUE) -> str:
    """Above a list of topics: that it has changed. ``place``: "queue", "home" or "space"."""
    if place == "home" and not viewer.signed_in:
        return ""
    return render_template("live/_list_news.html", place=place, room=room)
