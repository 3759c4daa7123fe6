"""The results page: what the viewer asked, answered from what the viewer may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.core.jobs import Job
from community.core.text import plain
from community.forum.models import Post, Space, Topic, TopicGuest
from community.forum.permissions import posts_seen_by, spaces_seen_by, topics_seen_by
from community.forum.queries.lists import TopicRow, rows_of
from community.search.engine import site_index
from community.search.extracts import Piece, extract, marked
from community.search.index import Filters, Hits, Query
from community.search.sources import Posts

CHANGING = {
    "search.receivers.index_changed_post": ("post_id", Post),
    "search.receivers.index_changed_topic": ("topic_id", Topic),
}


@dataclass(frozen=True)
class Result:
    """One topic that was found, with the post that answers best."""

    row: TopicRow
    title: tuple[Piece, ...]
    post_key: str
    post_number: int
    post_author: str
    post_lang: str
    post_notes: tuple[str, ...]
    extract: tuple[Piece, ...]  # empty where content notes fold the text


@dataclass(frozen=True)
class Results:
    """One page of results."""

    items: Sequence[Result] = ()
    total: int = 0
    suggestion: str = ""
    ready: bool = True
    more: bool = field(default=False)


def results(viewer: Viewer, text: str, filters: Filters, page: int, size: int) -> Results:
    """What this viewer finds. Every hit is asked of the forum's own rule before it is shown."""
    index = site_index()
    hits = index.search(
        Query(
            text=text,
            space_ids=_spaces(viewer),
            topic_keys=_invitations(viewer),
            but=_changing(),
            now=clock.now(),
            filters=filters,
            offset=(page - 1) * size,
            size=size,
        )
    )
    posts = _posts(viewer, (hit.key for hit in hits.hits if hit.kind == Posts.kind))
    shown = [posts[hit.key] for hit in hits.hits if hit.key in posts]
    total = hits.total - (len(hits.hits) - len(shown))
    return Results(
        items=_items(viewer, shown, hits),
        total=total,
        suggestion=hits.suggestion,
        ready=index.ready(),
        more=page * size < hits.total,
    )


def _spaces(viewer: Viewer) -> frozenset[int]:
    return frozenset(db.session.scalars(spaces_seen_by(viewer).with_only_columns(Space.id).options()))


def _invitations(viewer: Viewer) -> frozenset[str]:
    """The topics the viewer sees because somebody invited them there."""
    if not viewer.signed_in:
        return frozenset()
    invited = select(TopicGuest.topic_id).where(TopicGuest.persona_id == viewer.persona_id)
    seen = topics_seen_by(viewer).where(Topic.id.in_(invited))
    return frozenset(db.session.scalars(seen.with_only_columns(Topic.key).options()))


def _changing() -> frozenset[str]:
    """What changed and is not indexed anew yet: a text just hidden must not be found by its words.

    The jobs that will index it were saved with the change itself.
    """
    jobs = db.session.execute(select(Job.name, Job.arguments).where(Job.name.in_(CHANGING))).all()
    posts = [arguments["post_id"] for name, arguments in jobs if CHANGING[name][1] is Post]
    topics = [arguments["topic_id"] for name, arguments in jobs if CHANGING[name][1] is Topic]
    changing: set[str] = set()
    if posts:
        keys = db.session.scalars(select(Post.key).where(Post.id.in_(posts)))
        changing.update(f"{Posts.kind}:{key}" for key in keys)
    if topics:
        changing.update(db.session.scalars(select(Topic.key).where(Topic.id.in_(topics))))
    return frozenset(changing)


def _posts(viewer: Viewer, keys: Iterable[str]) -> Mapping[str, Post]:
    wanted = list(keys)
    if not wanted:
        return {}
    seen: Select[Any] = (
        posts_seen_by(viewer)
        .where(Post.key.in_(wanted))
        .options(joinedload(Post.author), contains_eager(Post.topic).joinedload(Topic.author))
    )
    return {post.key: post for post in db.session.scalars(seen).unique()}


def _items(viewer: Viewer, posts: Sequence[Post], hits: Hits) -> list[Result]:
    rows = rows_of(viewer, [post.topic for post in posts])
    return [_item(post, row, hits.terms) for post, row in zip(posts, rows, strict=True)]


def _item(post: Post, row: TopicRow, terms: frozenset[str]) -> Result:
    return Result(
        row=row,
        title=marked(post.topic.title, terms, post.topic.lang),
        post_key=post.key,
        post_number=post.number,
        post_author=post.author.name if post.author.state == "active" else "",
        post_lang=post.lang,
        post_notes=tuple(post.notes),
        extract=() if post.note else extract(plain(post.html), terms, post.lang),
    )
