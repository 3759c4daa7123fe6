"""What a reader keeps of a topic, in one statement: what makes its page theirs and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    exists,
    literal,
    or_,
    select,
    union_all,
)

from community.accounts.distances import Distance
from community.accounts.viewer import Viewer
from community.core.changes import numbers
from community.core.changes.kept_answers import kept
from community.core.prepared import Prepared
from community.forum.models import (
    Bookmark,
    Draft,
    Follow,
    OpenNote,
    Post,
    Reaction,
    Reading,
    Topic,
    TopicGuest,
)

BOOKMARK = "bookmark"


@dataclass(frozen=True)
class OwnMarks:
    """What a reader keeps of a topic: how they follow it, how far they have read, their reactions and
    bookmarks, the content notes they need not fold, whose messages they fold."""

    level: str = ""  # of the topic; empty: as its space
    last_read: int = 0
    draft: bool = False  # a reply was begun
    of_posts: frozenset[tuple[int, str]] = frozenset()  # (post, reaction or BOOKMARK)
    open_notes: frozenset[str] = frozenset()
    away: tuple[tuple[str, str], ...] = ()  # (author, "block" or "mute")
    wrote: bool = False  # they wrote in it
    began: bool = False  # they began it, or were invited into it

    @property
    def on_its_posts(self) -> OwnMarks:
        """Those that change what stands on the page beside how they follow it and how far they read."""
        return replace(self, level="", last_read=0)


def own_marks(viewer: Viewer, topic: Topic) -> OwnMarks:
    """The reader's own marks on a topic and its posts."""
    return marks_on(viewer, topic.id, topic.key)


def marks_on(viewer: Viewer, topic_id: int, key: str, of_topic: tuple[Any, ...] | None = None) -> OwnMarks:
    """The same of a topic of which no more was read yet.

    :param of_topic: the numbers of the topic, under which they are kept.
    """
    if not viewer.signed_in:
        return OwnMarks()
    on_topic = f"topic:{topic_id}"

    def ask() -> OwnMarks:
        rows = _MARKS.rows_apart(
            me=viewer.persona_id, topic=topic_id, on_topic=on_topic, reply=f"topic:{key}"
        )
        return _marks_of(rows, on_topic) if rows else OwnMarks()

    known = numbers.of(viewer.persona_id) if of_topic else None
    made_of = known and (known.own, of_topic)
    return kept(("marks", viewer.persona_id, topic_id), made_of, ask, timeless=True)


def _marks_of(rows: Sequence[Sequence[Any]], on_topic: str) -> OwnMarks:
    said = {str(on): str(mark) for on, mark in rows}
    return OwnMarks(
        level=said.get(on_topic, ""),
        last_read=int(said.get("read", "0")),
        draft="draft" in said,
        of_posts=frozenset((int(on), str(mark)) for on, mark in rows if on.isdigit()),
        open_notes=frozenset(mark for on, mark in rows if on == "open"),
        away=tuple((mark, on.removeprefix("away ")) for on, mark in rows if on.startswith("away ")),
        wrote="wrote" in said,
        began="began" in said,
    )


def _marks() -> CompoundSelect[Any]:
    """The marks of ``me`` on a ``topic``."""
    me, topic = bindparam("me", type_=String()), bindparam("topic", type_=Integer())
    here = select(Post.id).where(Post.topic_id == topic)
    began = exists().where(Topic.id == topic, Topic.author_id == me)
    invited = exists().where(TopicGuest.topic_id == topic, TopicGuest.persona_id == me)
    return union_all(
        _mark(Reaction.post_id, Reaction.kind).where(Reaction.persona_id == me, Reaction.post_id.in_(here)),
        _mark(Bookmark.post_id, literal(BOOKMARK)).where(
            Bookmark.persona_id == me, Bookmark.post_id.in_(here)
        ),
        _mark(Follow.target, Follow.level).where(
            Follow.persona_id == me, Follow.target == bindparam("on_topic", type_=String())
        ),
        _mark(literal("read"), Reading.last_number).where(
            Reading.persona_id == me, Reading.topic_id == topic
        ),
        _mark(literal("draft"), literal("")).where(
            Draft.persona_id == me, Draft.place == bindparam("reply", type_=String())
        ),
        _mark(literal("open"), OpenNote.note).where(OpenNote.persona_id == me),
        _mark(literal("away ") + Distance.kind, Distance.other_id).where(
            Distance.persona_id == me,
            Distance.other_id.in_(select(Post.author_id).where(Post.topic_id == topic)),
        ),
        _mark(literal("wrote"), literal("")).where(
            exists().where(Post.topic_id == topic, Post.author_id == me)
        ),
        _mark(literal("began"), literal("")).where(or_(began, invited)),
    )


def _mark(on: Any, mark: Any) -> Select[str, str]:
    return select(cast(on, String).label("on_what"), cast(mark, String).label("mark"))


_MARKS = Prepared(_marks)
