"""Reading marks, follow levels, bookmarks, and the lists made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.access import one_or_404, require
from community.core.db import transaction
from community.core.paging import Page
from community.core.text import extract
from community.forum.forms.topics import region_choices, theme_choices
from community.forum.models import Post, Space, Topic
from community.forum.permissions import posts_seen_by, spaces_seen_by, topics_seen_by
from community.forum.queries import reading as queries
from community.forum.queries.lists import rows_of
from community.forum.services import reading as services
from community.forum.views import bp
from community.forum.views.answers import done

Lister = Callable[..., Page[Topic]]


# Marks


@bp.post("/topics/<key>/read")
def read_topic(key: str) -> Response | tuple[str, int]:
    """The reader has read up to the post of this number."""
    with transaction():
        topic = one_or_404(topics_seen_by(g.viewer), Topic.key == key)
        services.read_up_to(g.viewer, topic, request.form.get("number", 0, type=int))
    return done(url_for(".topic", key=key))


@bp.post("/topics/<key>/follow")
def follow_topic(key: str) -> Response | tuple[str, int]:
    """Watch a topic, mute it, or neither."""
    with transaction():
        topic = one_or_404(topics_seen_by(g.viewer), Topic.key == key)
        services.follow_topic(g.viewer, topic, request.form.get("level", ""))
    return done(url_for(".topic", key=key))


@bp.post("/spaces/<slug>/follow")
def follow_space(slug: str) -> Response | tuple[str, int]:
    """Watch a space, mute it, or neither."""
    with transaction():
        space = one_or_404(spaces_seen_by(g.viewer), Space.slug == slug)
        services.follow_space(g.viewer, space, request.form.get("level", ""))
    return done(url_for(".space", slug=slug))


@bp.post("/posts/<key>/bookmark")
def bookmark(key: str) -> Response | tuple[str, int]:
    """Keep a post to find it again, or (``act=remove``) no longer."""
    with transaction():
        post = one_or_404(posts_seen_by(g.viewer), Post.key == key)
        if request.form.get("act") == "remove":
            services.drop_bookmark(g.viewer, post)
        else:
            services.bookmark(g.viewer, post)
    if request.form.get("back") == "bookmarks":
        return done(url_for(".bookmarks"))
    return done(url_for(".post", key=key))


# Lists of topics


@bp.get("/latest")
def latest() -> str:
    """What was last written, wherever the viewer reads."""
    return _list(queries.latest)


@bp.get("/unanswered")
def unanswered() -> str:
    """The questions that wait, the last asked first."""
    return _list(queries.unanswered)


@bp.get("/following")
def following() -> str:
    """What the viewer watches or started."""
    require(g.viewer.signed_in, _("Sign in to follow topics and spaces."))
    return _list(queries.following)


def asked_filters() -> queries.Filters:
    """The filters in this address. :raises NotFound: a value that means nothing to this viewer."""
    asked = request.args
    return queries.filters(
        g.viewer,
        space=asked.get("space", ""),
        region_code=asked.get("region", ""),
        theme=asked.get("theme", ""),
        lang=asked.get("written", ""),
        kind=asked.get("kind", ""),
    )


def filter_choices(narrowed: queries.Filters) -> dict[str, Any]:
    """What the filter form offers, and what it is set to."""
    return {
        "narrowed": narrowed,
        "spaces": queries.spaces_to_choose(g.viewer),
        "regions": region_choices(),
        "themes": theme_choices(),
    }


def _list(lister: Lister) -> str:
    narrowed = asked_filters()
    return _topics("forum/lists.html", lister(g.viewer, narrowed, _after()), **filter_choices(narrowed))


def _topics(template: str, page: Page[Topic], **more: Any) -> str:
    return render_template(template, page=page, rows=rows_of(g.viewer, page.items), **more)


# The persona's own


@bp.get("/my/questions")
def my_questions() -> str:
    """The questions of the name that speaks."""
    require(g.viewer.signed_in, _("Sign in to find your questions."))
    return _topics("forum/my_questions.html", queries.my_questions(g.viewer, _after()))


@bp.get("/my/posts")
def my_posts() -> str:
    """The messages of the name that speaks."""
    require(g.viewer.signed_in, _("Sign in to find your messages."))
    return _posts("forum/my_posts.html", queries.posts_of(g.viewer, g.viewer.persona_id, _after()))


@bp.get("/bookmarks")
def bookmarks() -> str:
    """The posts the viewer keeps."""
    require(g.viewer.signed_in, _("Sign in to find what you saved."))
    return _posts("forum/bookmarks.html", queries.bookmarks(g.viewer, _after()))


def _posts(template: str, page: Page[Post]) -> str:
    return render_template(template, page=page, extract=extract)


def _after() -> str | None:
    """Where the page before ended."""
    return request.args.get("after")
