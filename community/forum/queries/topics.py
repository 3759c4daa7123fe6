"""One topic as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import joinedload

from community.accounts.audiences import EVERYONE
from community.accounts.viewer import Viewer
from community.core.access import one_or_404
from community.core.db import db
from community.core.errors import Gone, NotFound
from community.core.objects import columns, read, related
from community.core.prepared import ME, Prepared
from community.forum.models import Case, Post, Space, SpaceAudience, Topic, TopicGuest
from community.forum.permissions import (
    KEPT,
    LIVE,
    access_of,
    is_keeper,
    may_close,
    may_invite,
    may_moderate,
    may_post_in,
    may_reopen,
    may_reply,
    posts_seen_by,
    topics_seen_by,
)
from community.forum.queries.marks import OwnMarks, own_marks
from community.forum.queries.posts import PER_PAGE, PostView, page_of_number, posts_on_page


def topic_seen(viewer: Viewer, key: str) -> Topic:
    """The topic of this key, with its space.

    :raises NotFound: it does not exist, or may not be seen.
    :raises Gone: it was withdrawn, where everyone could see it.
    """
    db.session.flush()
    asks = replace(access_of(viewer), persona_id=ME) if viewer.signed_in else access_of(viewer)
    rows = _of_key(asks).rows(key=key, **({"me": viewer.persona_id} if viewer.signed_in else {}))
    if not rows:
        _tell_if_gone(select(Topic.id).where(Topic.key == key, Topic.state == "withdrawn"))
        raise NotFound
    return _with_space([read(row, *_TOPIC) for row in rows])


_TOPIC = (Topic, Space, SpaceAudience)


@lru_cache(KEPT)
def _of_key(viewer: Viewer) -> Prepared:
    """Put together once a kind of access: asked for every page of a topic and every reply."""
    return Prepared(
        lambda: (
            topics_seen_by(viewer, "later")
            .outerjoin(SpaceAudience, SpaceAudience.space_id == Space.id)
            .where(Topic.key == bindparam("key"))
            .with_only_columns(*columns(*_TOPIC))
        )
    )


def _with_space(rows: Sequence[Sequence[Any]]) -> Topic:
    """The topic of these rows, with its space and whom that admits."""
    topic, space = rows[0][:2]
    related(space, "audiences", [audience for *_rest, audience in rows if audience])
    related(topic, "space", space)
    return cast(Topic, topic)


def post_seen(viewer: Viewer, key: str) -> Post:
    """The post of this key, with its topic, its space, its author and its sources.

    :raises NotFound: it does not exist, or its words may not be read.
    :raises Gone: it was withdrawn, where everyone could see it.
    """
    rows = posts_seen_by(viewer).options(joinedload(Post.author, innerjoin=True), joinedload(Post.sources))
    try:
        return one_or_404(rows, Post.key == key)
    except NotFound:
        withdrawn = or_(Topic.state == "withdrawn", and_(Topic.state.in_(LIVE), Post.state == "withdrawn"))
        _tell_if_gone(
            select(Topic.id).join(Post, Post.topic_id == Topic.id).where(Post.key == key, withdrawn)
        )
        raise


def _tell_if_gone(withdrawn: Select[int]) -> None:
    """:raises Gone: the topic is there and everyone may see its space."""
    public = exists().where(
        SpaceAudience.space_id == Topic.space_id,
        SpaceAudience.act == "see",
        SpaceAudience.audience == EVERYONE,
    )
    if db.session.scalar(withdrawn.join(Topic.space).where(~Space.archived, public)) is not None:
        raise Gone from None


def is_guest(viewer: Viewer, topic: Topic) -> bool:
    """Whether the viewer was invited into this topic and needs it: who belongs is never asked."""
    if not viewer.signed_in or may_post_in(viewer, topic.space):
        return False
    return bool(
        db.session.scalar(
            select(TopicGuest.topic_id).where(
                TopicGuest.topic_id == topic.id, TopicGuest.persona_id == viewer.persona_id
            )
        )
    )


@dataclass(frozen=True)
class TopicPage:
    """Everything the page of a topic says."""

    topic: Topic
    question: PostView | None  # the first post, on the first page
    kept: Sequence[PostView]  # the kept answers, on the first page
    posts: Sequence[PostView]  # what follows, by number
    page: int
    pages: int
    guest: bool
    keeper: bool
    may_reply: bool
    may_close: bool
    may_reopen: bool
    may_invite: bool
    may_moderate: bool
    marks: OwnMarks

    @property
    def first_answer_after(self) -> float | None:
        """Seconds from the question to the first answer; not told in protected spaces."""
        topic = self.topic
        if not topic.asks or topic.answered_at is None or topic.space.protected:
            return None
        return (topic.answered_at - topic.created_at).total_seconds()

    @property
    def last_shown(self) -> int:
        """The highest number on this page that stands in its place."""
        return min(self.page * PER_PAGE, self.topic.last_number)

    @property
    def others(self) -> int:
        """How many posts stand beside the first and the kept ones."""
        return max(self.topic.post_count - 1 - len(self.kept), 0)


def case_of(topic: Topic) -> Case | None:
    """The facts of a case; None of any other topic, and of one whose words were hidden or taken back."""
    shown = topic.kind == "case" and topic.state in LIVE
    return db.session.get(Case, topic.id) if shown else None


def topic_page(viewer: Viewer, topic: Topic, page: int = 1, own: OwnMarks | None = None) -> TopicPage:
    """One page of a topic the viewer sees, with their own marks, which are read where none are given.

    :raises NotFound: the topic has no such page.
    """
    pages = page_of_number(topic.last_number)
    if not 1 <= page <= pages:
        raise NotFound
    guest = is_guest(viewer, topic)
    own = own or own_marks(viewer, topic)
    views = posts_on_page(viewer, topic, page, own, guest=guest)
    question = next((view for view in views if view.number == 1 and page == 1), None)
    kept = [view for view in views if view.kept and page == 1]
    first = (page - 1) * PER_PAGE + 1
    shown = {view.key for view in ([question] if question else []) + kept}
    return TopicPage(
        topic=topic,
        question=question,
        kept=sorted(kept, key=lambda view: bool(view.kept and view.kept.superseded_by)),
        posts=[view for view in views if view.key not in shown and first <= view.number < first + PER_PAGE],
        page=page,
        pages=pages,
        guest=guest,
        keeper=is_keeper(viewer, topic),
        may_reply=may_reply(viewer, topic, guest=guest),
        may_close=may_close(viewer, topic),
        may_reopen=may_reopen(viewer, topic),
        may_invite=may_invite(viewer, topic),
        may_moderate=may_moderate(viewer, topic.space),
        marks=own,
    )


def page_of_post(post: Post) -> int:
    """The page of its topic on which a post stands: kept answers are on the first."""
    return 1 if post.accepted_at is not None else page_of_number(post.number)
