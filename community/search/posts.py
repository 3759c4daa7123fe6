"""The forum's messages as they are found: their words, what their pictures show, their files' names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core.days import moment_of
from community.core.db import db
from community.core.i18n import zone
from community.core.text import plain
from community.forum.models import Post, Space, Topic, TopicGuest
from community.forum.permissions import KEPT_WHOLE, LIVE, access_of, posts_seen_by, topics_seen_by
from community.forum.queries.files import FileView, files_of
from community.forum.queries.lists import LINE, TopicRow, as_read_by, line_of
from community.search.extracts import Piece, extract, marked
from community.search.index import Document
from community.search.sources import Heard, read_anew

KIND = "post"
NOT_LONG = 4_000  # characters of a message whose extract is kept
CHANGING = {
    "search.receivers.index_changed_post": ("post_id", Post),
    "search.receivers.index_changed_topic": ("topic_id", Topic),
}


@dataclass(frozen=True)
class FoundPost:
    """One topic that was found, with the post that answers best."""

    row: TopicRow
    title: tuple[Piece, ...]
    post_key: str
    post_number: int
    post_author: str
    post_lang: str
    post_notes: tuple[str, ...]
    extract: tuple[Piece, ...]  # empty where content notes fold the text
    kind: str = KIND


class Posts:
    """A topic's first message carries its title, the others know it as context."""

    kind = KIND
    announced = frozenset(CHANGING)

    def documents(self, keys: Collection[str]) -> Iterator[Document]:
        """Shown posts of live topics. What is hidden or withdrawn is found by nobody."""
        read_anew()
        said = (contains_eager(Post.topic).joinedload(Topic.space), joinedload(Post.author))
        rows = _shown().where(Post.key.in_(keys)).options(*said)
        posts = db.session.scalars(rows.execution_options(populate_existing=True)).all()
        files = _files_shown(posts)
        for post in posts:
            yield _document(post, files.get(post.id, ()))

    def keys(self, after: str, most: int) -> list[str]:
        """The keys of shown posts, oldest first."""
        last = select(Post.id).where(Post.key == after).scalar_subquery()
        rows = _shown().with_only_columns(Post.key).order_by(Post.id).limit(most)
        return list(db.session.scalars(rows.where(Post.id > last) if after else rows))

    def existing(self, keys: Collection[str]) -> frozenset[str]:
        """Those that are still shown."""
        return frozenset(db.session.scalars(_shown().with_only_columns(Post.key))) & frozenset(keys)

    def places(self, _viewer: Viewer, spaces: Collection[Space]) -> frozenset[int]:
        """The spaces that the viewer sees."""
        return frozenset(space.id for space in spaces)

    def groups(self, viewer: Viewer) -> frozenset[str]:
        """The topics the viewer sees because somebody invited them there."""
        if not viewer.signed_in:
            return frozenset()
        invited = select(TopicGuest.topic_id).where(TopicGuest.persona_id == viewer.persona_id)
        seen = topics_seen_by(viewer).where(Topic.id.in_(invited))
        return frozenset(db.session.scalars(seen.with_only_columns(Topic.key).options()))

    def changing(self, heard: Collection[Heard]) -> frozenset[str]:
        """Changed posts by their ids, and changed topics, whose posts are all left out."""
        of = [(CHANGING[one.name], one.arguments) for one in heard if one.name in CHANGING]
        posts = [arguments[name] for (name, what), arguments in of if what is Post]
        topics = [arguments[name] for (name, what), arguments in of if what is Topic]
        changing: set[str] = set()
        if posts:
            keys = db.session.scalars(select(Post.key).where(Post.id.in_(posts)))
            changing.update(f"{KIND}:{key}" for key in keys)
        if topics:
            changing.update(db.session.scalars(select(Topic.key).where(Topic.id.in_(topics))))
        return frozenset(changing)

    def shown(self, viewer: Viewer, keys: Collection[str], terms: frozenset[str]) -> Mapping[str, FoundPost]:
        """As the forum's own rule lets them through."""
        posts = _posts(viewer, keys)
        files = files_of([post.id for post in posts if post.files])
        lines = as_read_by(viewer, [post.line for post in posts])
        return {
            post.key: _found(post, line, terms, files.get(post.id, ()))
            for post, line in zip(posts, lines, strict=True)
        }


def _shown() -> Select[Post]:
    return select(Post).join(Post.topic).where(Post.state == "shown", Topic.state.in_(LIVE))


def _document(post: Post, files: Sequence[FileView]) -> Document:
    topic, space = post.topic, post.topic.space
    first = post.number == 1
    written = post.created_at
    if space.protected or post.author.protected:  # days, not hours: the order of results must not tell more
        written = moment_of(written.astimezone(zone()).date(), time()).astimezone(UTC)
    return Document(
        kind=KIND,
        key=post.key,
        title=topic.title if first else "",
        context="" if first else topic.title,
        body=_words(post.html, files),
        lang=post.lang,
        space_id=space.id,
        topic_key=topic.key,
        region=topic.region or space.region or "",
        theme=topic.theme or space.theme or "",
        topic_kind=topic.kind,
        answered=topic.answered_at is not None if topic.asks else None,
        created_at=written,
    )


def _files_shown(posts: Sequence[Post]) -> dict[int, tuple[FileView, ...]]:
    """The files of messages by their ids; where a space takes none (any more), they are not shown."""
    return files_of([post.id for post in posts if post.files and post.topic.space.files])


def _words(html: str, files: Sequence[FileView]) -> str:
    """What a message says, and what those who read its page are told of its files."""
    said = [plain(html), *(part for one in files for part in (one.alt, one.name))]
    return "\n".join(part for part in said if part)


@dataclass(frozen=True)
class _Post:
    """What a result says of a message, and the line of its topic."""

    line: TopicRow
    id: int
    key: str
    number: int
    html: str
    lang: str
    note: str
    files: bool  # has some, in a space that takes them
    author: str
    author_state: str


def _posts(viewer: Viewer, keys: Collection[str]) -> list[_Post]:
    """Columns, no rows of a session: those, with all that hangs on them, cost as much as finding them."""
    if not keys:
        return []
    rows = db.session.execute(_rows_shown(access_of(viewer)), {"keys": sorted(keys)})
    return [_Post(line_of(row[: len(LINE)]), *row[len(LINE) :]) for row in rows]


@lru_cache(KEPT_WHOLE)
def _rows_shown(viewer: Viewer) -> Select[Any]:
    writer = aliased(Persona)
    said = (
        Post.id,
        Post.key,
        Post.number,
        Post.html,
        Post.lang,
        Post.note,
        and_(Post.files > 0, Space.files),
    )
    return (
        posts_seen_by(viewer, alone=True)
        .join(Topic.author)
        .join(writer, writer.id == Post.author_id)
        .where(Post.key.in_(bindparam("keys", expanding=True)))
        .with_only_columns(*LINE, *said, writer.name, writer.state, maintain_column_froms=True)
        .options()
    )


def _found(post: _Post, line: TopicRow, terms: frozenset[str], files: Sequence[FileView]) -> FoundPost:
    return FoundPost(
        row=line,
        title=marked(line.title, terms, line.lang),
        post_key=post.key,
        post_number=post.number,
        post_author=post.author if post.author_state == "active" else "",
        post_lang=post.lang,
        post_notes=tuple(code for code in post.note.split(",") if code),
        extract=() if post.note else _extract(post, line, terms, files),
    )


def _extract(
    post: _Post, line: TopicRow, terms: frozenset[str], files: Sequence[FileView]
) -> tuple[Piece, ...]:
    if files or line.protected or len(post.html) > NOT_LONG:
        return extract(_words(post.html, files), terms, post.lang)
    return _extract_kept(post.html, terms, post.lang)


@lru_cache(maxsize=256)
def _extract_kept(html: str, terms: frozenset[str], lang: str) -> tuple[Piece, ...]:
    """For questions that are asked again: by another person, or to look at what is on their next page."""
    return extract(_words(html, ()), terms, lang)
