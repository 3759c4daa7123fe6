"""Spaces, topics and posts that state only what a test is about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from community.core.db import db, transaction
from community.forum.first_spaces import first_spaces
from community.forum.models import Post, Space, Topic
from community.forum.queries.topics import post_seen, topic_seen
from community.forum.services.posts import Writing
from tests.cast import Someone
from tests.make import world

WORDS = "Start low, go slow, and call on day three."


def space(slug: str = "public-square") -> Space:
    """One of the first spaces, stored; the same one the second time."""
    found = db.session.scalar(select(Space).where(Space.slug == slug))
    if found is None:
        with transaction():
            found = world.add_space(next(first for first in first_spaces() if first.slug == slug))
    return found


def topic(
    place: Space, author: Someone, title: str = "Where do you start?", *, hidden: bool = False, **more: Any
) -> Topic:
    """A question with its first post."""
    state = {"state": "hidden"} if hidden else {}
    with transaction():
        return world.add_topic(place, author, title, **{**state, **more})


def first_post(of: Topic) -> Post:
    """The post a topic began with."""
    return db.session.scalars(select(Post).where(Post.topic_id == of.id, Post.number == 1)).one()


def post(on: Topic, author: Someone, body: str = WORDS, *, hidden: bool = False, **more: Any) -> Post:
    """A reply."""
    state = {"state": "hidden"} if hidden else {}
    with transaction():
        return world.add_post(db.session.get_one(Topic, on.id), author, body, **{**state, **more})


def writing(body: str = WORDS, **more: Any) -> Writing:
    """What somebody typed, in English."""
    return Writing(**{"body": body, "lang": "en", **more})


def seen(who: Someone, thing: Any) -> Any:
    """A topic or post as this person's pages load it."""
    load = topic_seen if isinstance(thing, Topic) else post_seen
    return load(who.viewer, thing.key)
