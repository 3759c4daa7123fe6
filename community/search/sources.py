"""What can be found: one source per kind of thing, its text and where it stands.

A domain above the forum adds its own with ``add``; nothing else of the search changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from community.core.db import db, in_transaction
from community.core.text import plain
from community.forum.models import Post, Topic
from community.forum.permissions import LIVE
from community.search.index import Document


class Source(Protocol):
    """One kind of thing that can be found."""

    kind: str

    def documents(self, keys: Collection[str]) -> Iterable[Document]:
        """The documents of these keys as they are when the first one is asked for."""

    def keys(self, after: str, most: int) -> list[str]:
        """Keys of what can be found, in a steady order, from the one after that key ("": the first)."""

    def existing(self, keys: Collection[str]) -> frozenset[str]:
        """Of these keys, those that can be found."""


class Posts:
    """The forum's messages. A topic's first one carries its title, the others know it as context."""

    kind = "post"

    def documents(self, keys: Collection[str]) -> Iterator[Document]:
        """Shown posts of live topics. What is hidden or withdrawn is found by nobody."""
        if not in_transaction():
            db.session.rollback()  # what was read before may be older than the index's last writer
        rows = _shown().where(Post.key.in_(keys)).options(contains_eager(Post.topic).joinedload(Topic.space))
        for post in db.session.scalars(rows.execution_options(populate_existing=True)):
            yield _document(post)

    def keys(self, after: str, most: int) -> list[str]:
        """The keys of shown posts, oldest first."""
        last = select(Post.id).where(Post.key == after).scalar_subquery()
        rows = _shown().with_only_columns(Post.key).order_by(Post.id).limit(most)
        return list(db.session.scalars(rows.where(Post.id > last) if after else rows))

    def existing(self, keys: Collection[str]) -> frozenset[str]:
        """Those that are still shown."""
        return frozenset(db.session.scalars(_shown().with_only_columns(Post.key))) & frozenset(keys)


def _shown() -> Select[Post]:
    return select(Post).join(Post.topic).where(Post.state == "shown", Topic.state.in_(LIVE))


def _document(post: Post) -> Document:
    topic, space = post.topic, post.topic.space
    first = post.number == 1
    written = post.created_at
    if space.protected:  # days, not hours: the order of results must not tell more
        written = written.replace(hour=0, minute=0, second=0, microsecond=0)
    return Document(
        kind=Posts.kind,
        key=post.key,
        title=topic.title if first else "",
        context="" if first else topic.title,
        body=plain(post.html),
        lang=post.lang,
        space_id=space.id,
        topic_key=topic.key,
        region=topic.region or space.region or "",
        theme=topic.theme or space.theme or "",
        topic_kind=topic.kind,
        answered=topic.answered_at is not None if topic.asks else None,
        created_at=written,
    )


_sources: dict[str, Source] = {}


def add(source: Source) -> None:
    """Make one more kind of thing findable; called by a domain's ``init_app``."""
    _sources[source.kind] = source


def all_sources() -> tuple[Source, ...]:
    """Every kind there is."""
    return tuple(_sources.values())


def source(kind: str) -> Source | None:
    """The source of a kind, if it still exists."""
    return _sources.get(kind)


def split(document_id: str) -> tuple[str, str]:
    """The kind and the key of a document of the index."""
    kind, _, key = document_id.partition(":")
    return kind, key
