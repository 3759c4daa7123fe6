"""Blocking or muting whoever wrote a post: also a protected name, which has no page."""

from __future__ import annotations

from flask import g, redirect, request

from community.accounts.views.blocking import choose_distance, distance_page
from community.core.access import require
from community.forum.queries.topics import post_seen
from community.forum.views import bp
from community.forum.views.answers import Page
from community.forum.views.writing import post_address


@bp.route("/posts/<key>/author", methods=["GET", "POST"])
def author_of_post(key: str) -> Page:
    """Keep the author of a post away, or no longer."""
    found = post_seen(g.viewer, key)
    require(g.viewer.signed_in)
    if request.method != "POST":
        return str(distance_page(found.author, request.path, post_address(found)))
    choose_distance(lambda: post_seen(g.viewer, key).author)
    return redirect(post_address(post_seen(g.viewer, key)), 303)
