"""A small world that holds every kind of space, topic and post once, for the tests of rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from community.accounts import audiences
from community.core import clock
from community.core.db import db, transaction
from community.core.text import RENDERER_VERSION, render
from community.forum.first_spaces import MEMBERS, FirstSpace, first_spaces
from community.forum.models import Post, Space, SpaceAudience, SpaceMember, Topic, TopicGuest
from tests.cast import Someone

SLUGS = (
    "public-square",
    "meeting-place",
    "lived-experience",
    "opioids",
    "on",
    "policy",
    "committee-first-line",
)
STATES = ("open", "closed", "withdrawn", "hidden")


@dataclass
class World:
    """The cast, the spaces by slug, topics by "slug state", posts by "slug state"."""

    cast: dict[str, Someone]
    spaces: dict[str, Space] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    # The keys of what only some tests add: a meeting, a title being checked.
    more: dict[str, str] = field(default_factory=dict)


def add_space(first: FirstSpace) -> Space:
    """One of the first spaces, stored."""
    row = Space(
        slug=first.slug,
        kind=first.kind,
        name_en=first.name_en,
        name_fr=first.name_fr,
        description_en=first.description_en,
        description_fr=first.description_fr,
        words_en_on=clock.today(),
        words_fr_on=clock.today(),
        region=first.region or None,
        theme=first.theme or None,
        protected=first.kind == "lived",
    )
    db.session.add(row)
    db.session.flush()
    for act in ("see", "post", "moderate"):
        for audience in getattr(first, act):
            listed = audiences.space(row.id) if audience == MEMBERS else audience
            row.audiences.append(SpaceAudience(act=act, audience=listed))
    db.session.flush()
    return row


def add_topic(
    space: Space, author: Someone, title: str, *, when: datetime | None = None, **more: object
) -> Topic:
    """A topic with its first post. States only what the test is about."""
    when = when or clock.now() - timedelta(days=2)
    row = Topic(
        space_id=space.id,
        author_id=author.persona_id,
        title=title,
        created_at=when,
        last_post_at=when,
        **{"kind": "question", "lang": "en", **more},
    )
    db.session.add(row)
    db.session.flush()
    add_post(row, author, f"{title}: the first words.", when=when)
    return row


def add_post(
    topic: Topic, author: Someone, body: str, *, when: datetime | None = None, **more: object
) -> Post:
    """A post at the end of a topic, counters kept."""
    topic.last_number += 1
    when = when or clock.now() - timedelta(days=1)
    row = Post(
        topic_id=topic.id,
        number=topic.last_number,
        author_id=author.persona_id,
        body=body,
        html=render(body),
        html_version=RENDERER_VERSION,
        created_at=when,
        **{"lang": "en", **more},
    )
    db.session.add(row)
    if more.get("state", "shown") == "shown":
        topic.post_count += 1
        topic.last_post_at = when
        if author.persona_id != topic.author_id and topic.answered_at is None:
            topic.answered_at = when
    db.session.flush()
    return row


def author_in(slug: str, cast: dict[str, Someone]) -> Someone:
    """Somebody who may write in that space."""
    return {
        "opioids": cast["physician"],
        "on": cast["physician"],
        "lived-experience": cast["lived"],
        "policy": cast["policy"],
        "committee-first-line": cast["physician"],
    }.get(slug, cast["member"])


def build(cast: dict[str, Someone], slugs: Sequence[str] = SLUGS) -> World:
    """These spaces with a topic in each state, and in the open one a post in each state."""
    world = World(cast)
    with transaction():
        for first in first_spaces():
            if first.slug in slugs:
                world.spaces[first.slug] = add_space(first)
        for slug in slugs:
            _fill(world, slug)
        if "committee-first-line" in slugs:
            _work_of_committee(world)
    return world


def _fill(world: World, slug: str) -> None:
    space, author = world.spaces[slug], author_in(slug, world.cast)
    for state in STATES:
        world.topics[f"{slug} {state}"] = add_topic(space, author, f"{slug} {state}", state=state)
    for state in ("shown", "withdrawn", "hidden"):
        topic = world.topics[f"{slug} open"]
        world.posts[f"{slug} {state}"] = add_post(topic, author, f"{slug} {state} words", state=state)


def _work_of_committee(world: World) -> None:
    """The physician chairs it; the member was invited into one topic."""
    space, chair, guest = world.spaces["committee-first-line"], world.cast["physician"], world.cast["member"]
    db.session.add(SpaceMember(space_id=space.id, persona_id=chair.persona_id, standing="chair"))
    invited = add_topic(space, chair, "one guest is invited here")
    world.topics["guest open"] = invited
    db.session.add(TopicGuest(topic_id=invited.id, persona_id=guest.persona_id, invited_by=chair.persona_id))
