"""Whom a post concerns: who is mentioned, who asked, who watches the topic; of a first post, the space.

Asked after every reply, so the statements are put together once a process.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from community.accounts.blocking import keeps_away
from community.accounts.models import Persona
from community.core.db import db
from community.core.prepared import Prepared
from community.forum.models import Follow, Mention, Post, Space, Topic

SLICE = 100
# The reasons to tell somebody of a post, the strongest first: one notice says the strongest.
REASONS = ("mention", "answer", "reply", "topic")


@dataclass(frozen=True)
class Said:
    """A shown post, as far as it is told of."""

    id: int
    number: int
    author_id: str
    topic_id: int
    space_id: int
    asker_id: str
    question: bool
    coarse: bool  # nobody may learn the minute: its space is protected, or its author's name


def said(post_ids: Collection[int]) -> list[Said]:
    """Those of these posts that are shown, in the order in which they were written."""
    coarse = or_(Space.protected, Persona.kind == "protected")
    of_topic = (Topic.id, Topic.space_id, Topic.author_id, Topic.kind == "question", coarse)
    rows: Any = db.session.execute(
        select(Post.id, Post.number, Post.author_id, *of_topic)
        .join(Post.topic)
        .join(Topic.space)
        .join(Post.author)
        .where(Post.id.in_(list(post_ids)), Post.state == "shown")
        .order_by(Post.id)
    )
    return [Said(*row) for row in rows]


def concerned(post: Said, after: str = "", *, mentions_only: bool = False) -> tuple[dict[str, str], str]:
    """A slice of those whom a post concerns, each with why, and the last persona looked at; "" at the end.

    Not its author, nor who muted the topic (or its space, without watching the topic), nor who keeps its
    author away.
    """
    rows = _asked(mentions_only, post.number == 1).rows(
        post_id=post.id,
        author_id=post.author_id,
        asker_id=post.asker_id,
        asker_reason=REASONS.index("answer" if post.question else "reply"),
        topic=f"topic:{post.topic_id}",
        space=f"space:{post.space_id}",
        after=after,
    )
    found = {persona_id: REASONS[reason] for persona_id, reason in rows}
    return found, str(rows[-1][0]) if len(rows) == SLICE else ""


@lru_cache
def _asked(mentions_only: bool, first: bool) -> Prepared:
    return Prepared(lambda: _told_of(_mentioned() if mentions_only else _all_of(first)))


def _told_of(pool: Select[Any] | CompoundSelect[Any]) -> Select[Any]:
    """Of those in the pool the next slice, each once, without its author, whoever muted the place, and
    whoever keeps the author away."""
    one = pool.subquery()
    me = one.c.persona_id
    of_topic, of_space = aliased(Follow), aliased(Follow)
    author: BindParameter[str] = bindparam("author_id", type_=String)
    level = func.coalesce(of_topic.level, of_space.level, "")
    return (
        select(me, func.min(one.c.reason))
        .outerjoin(of_topic, _follows(of_topic, me, "topic"))
        .outerjoin(of_space, _follows(of_space, me, "space"))
        .where(me > bindparam("after"), me != author, level != "mute", ~keeps_away(me, author))
        .group_by(me)
        .order_by(me)
        .limit(SLICE)
    )


def _follows(follow: Any, persona_id: Any, target: str) -> Any:
    return and_(follow.persona_id == persona_id, follow.target == bindparam(target))


def _all_of(first: bool) -> CompoundSelect[Any]:
    if first:
        return union_all(_mentioned(), _watching("space", "topic"))
    asker = select(
        bindparam("asker_id", type_=String).label("persona_id"),
        bindparam("asker_reason", type_=Integer).label("reason"),
    )
    return union_all(_mentioned(), asker, _watching("topic", "reply"))


def _mentioned() -> Select[Any]:
    return _because("mention", Mention.persona_id).where(Mention.post_id == bindparam("post_id"))


def _watching(target: str, reason: str) -> Select[Any]:
    watch = (Follow.target == bindparam(target), Follow.level == "watch")
    return _because(reason, Follow.persona_id).where(*watch)


def _because(reason: str, persona_id: Any) -> Select[Any]:
    return select(persona_id, literal(REASONS.index(reason)).label("reason"))
