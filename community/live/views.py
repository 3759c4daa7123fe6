"""What an open page asks again: the replies after those it shows, how many wait, who reads along.

Each answers with the rights of whoever asks, as any page does. ``/socket.io`` itself says why a browser
was not let in.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from community.core.access import require
from community.core.errors import BadRequest, NotFound
from community.core.i18n import number, page_blueprint
from community.core.limits import limiter
from community.forum.queries import home
from community.forum.queries.marks import own_marks
from community.forum.queries.posts import page_of_number, posts_after
from community.forum.queries.queue import waiting_count
from community.forum.queries.silent import silent_among
from community.forum.queries.topics import is_guest, topic_seen
from community.forum.views.answers import Page, done
from community.live.gate import REFUSED
from community.live.queries import readers_of
from community.live.rooms import topic_room
from community.live.sockets import SHOWN

bp = page_blueprint("live", __name__)
door = Blueprint("live_door", __name__)

_WHY = {
    "upgrade": (400, "This address is for WebSocket alone."),
    "origin": (403, "Only pages of this site open a socket here."),
    "full": (503, "As many pages are kept up to date as this process can. Ask again by loading the page."),
}


@door.get("/socket.io/")
def socket() -> Response:
    """Why no socket was opened: for programs, in one line."""
    status, why = _WHY[request.environ.get(REFUSED, "upgrade")]
    answer = Response(why + "\n", status, mimetype="text/plain")
    if status == 503:
        answer.headers["Retry-After"] = "60"
    return answer


@bp.get("/topics/<key>/new")
@limiter.limit("120/minute")
def new_posts(key: str) -> str:
    """The posts of a topic after a number, as its page would show them, and what to say of them; and those
    up to it that may not be read any more, as lines that say so."""
    said = request.args.get("after", "0")
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        raise NotFound
    topic = topic_seen(g.viewer, key)
    posts = posts_after(
        g.viewer, topic, int(said), own_marks(g.viewer, topic), guest=is_guest(g.viewer, topic)
    )
    last = posts[-1].number if posts else int(said)
    return render_template(
        "live/new_posts.html",
        topic=topic,
        posts=posts,
        last=last,
        page=page_of_number(last),
        silent=silent_among(g.viewer, topic, int(said)),
    )


@bp.get("/waiting")
@limiter.limit("120/minute")
def waiting() -> Response:
    """How many questions wait, in the words of the place that asks: the queue or the home page."""
    place = request.args.get("place", "queue")
    if place == "queue":
        count = waiting_count(g.viewer)
        words = ngettext("%(num)s question waits", "%(num)s questions wait", count)
    elif place == "home":
        count = home.questions_for_count(g.viewer)
        words = _("The whole queue") + (f" ({number(count)})" if count else "")
    else:
        raise NotFound
    return Response(words, mimetype="text/plain")


@bp.get("/topics/<key>/readers")
@limiter.limit("120/minute")
def readers(key: str) -> str:
    """Who reads a topic along: said to those who are seen themselves, and to nobody else."""
    topic = topic_seen(g.viewer, key)
    seen: set[str] = set()
    if session.get(SHOWN) and g.viewer.kind == "public" and not topic.space.protected:
        live: Any = current_app.extensions["live"]
        seen = live.presence.readers(topic_room(key)) - {g.viewer.persona_id}
    return render_template("live/readers.html", names=readers_of(seen))


@bp.post("/shown")
@limiter.limit("30/minute")
def shown() -> Page | tuple[str, int]:
    """Be seen reading, or no longer: a choice of this session, forgotten with it or with the name."""
    require(g.viewer.kind == "public", _("Only a public name can be seen reading."))
    choice = request.form.get("shown")
    if choice not in {"yes", "no"}:
        raise BadRequest
    if choice == "yes":
        session[SHOWN] = True
    else:
        session.pop(SHOWN, None)
    return done(url_for("core.home"))
