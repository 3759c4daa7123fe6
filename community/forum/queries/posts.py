"""Posts as a page shows them: each with its author's label, its reactions and what may be done with it.

Whatever a page of posts asks of each post is asked once for all of them, so thirty posts cost as many
statements as three.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from community.accounts.models import Credential, Persona
from community.accounts.queries import Label, labels_from
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.forum.citations import Citation
from community.forum.models import Post, SpaceMember, Topic, TopicGuest
from community.forum.models.posts import REACTIONS
from community.forum.permissions import (
    KEPT_WHOLE,
    access_of,
    may_accept,
    may_edit,
    may_hide,
    may_react,
    may_report,
    may_withdraw,
    posts_seen_by,
)
from community.forum.queries.files import FileView, files_of
from community.forum.queries.guests import Guest
from community.forum.queries.marks import BOOKMARK, OwnMarks

PER_PAGE = 20
# What is offered where people speak of their lives, and where they speak of care.
_OFFERED = {"lived": ("thanks", "lived"), "public": REACTIONS}
_OFFERED_ELSEWHERE = ("helpful", "thanks", "evidence_please")


@dataclass(frozen=True)
class ReactionLine:
    """One reaction under a post: how many, whether the viewer is among them, whether it is offered."""

    kind: str
    count: int
    mine: bool


@dataclass(frozen=True)
class Kept:
    """What is said on top of a kept answer."""

    by_asker: bool
    jurisdiction: str | None
    valid_until: date | None
    past: bool
    superseded_by: str | None  # the key of the answer that replaces it
    own: bool  # the asker kept an answer of their own


@dataclass(frozen=True)
class PostView:
    """A post on a page. One that may not be read has its number, its state and nothing else."""

    key: str
    number: int
    state: str = "withdrawn"
    readable: bool = False
    held: bool = False  # it waits for a moderator; of others, only its author reads it
    author_id: str = ""
    author: str = ""  # empty: a former member
    monogram: str = ""
    protected: bool = False
    imported: bool = False
    label: Label | None = None
    attested: bool = False  # a protected name behind which the vault knows a verified clinician
    guest: Guest | None = None  # invited into this topic, or this space
    asker: bool = False
    html: str = ""
    lang: str = ""
    notes: tuple[str, ...] = ()
    unfolded: bool = False  # the reader chose to see texts with these notes at once
    away: str = ""  # the reader blocks or mutes its author: "block", "mute"
    basis: str = ""
    created_at: datetime | None = None
    edited_at: datetime | None = None
    version: int = 1
    sources: tuple[Citation, ...] = ()
    files: tuple[FileView, ...] = ()
    files_kept_back: bool = False  # it has files, and its space takes none (any more)
    reactions: tuple[ReactionLine, ...] = ()
    kept: Kept | None = None
    bookmarked: bool = False
    may_edit: bool = False
    may_withdraw: bool = False
    may_accept: bool = False
    may_react: bool = False
    may_report: bool = False
    may_hide: bool = False

    @property
    def edits(self) -> int:
        """How many times the text was changed."""
        return self.version - 1


def page_of_number(number: int) -> int:
    """The page of a topic on which the post with this number stands."""
    return (max(number, 1) - 1) // PER_PAGE + 1


def posts_on_page(
    viewer: Viewer, topic: Topic, page: int, own: OwnMarks | None = None, *, guest: bool = False
) -> list[PostView]:
    """The posts of one page of a topic the viewer sees, by number; with the kept answers, wherever
    they stand. Numbers whose words may not be read are there too.
    """
    first, last = (page - 1) * PER_PAGE + 1, min(page * PER_PAGE, topic.last_number)
    views = _views(viewer, topic, (first, last), own or OwnMarks(), guest=guest, with_kept=True)
    missing = set(range(first, last + 1)) - {view.number for view in views}
    return sorted([*views, *_silent(topic, missing)], key=lambda view: view.number)


def posts_after(
    viewer: Viewer, topic: Topic, number: int, own: OwnMarks, *, guest: bool = False, most: int = PER_PAGE
) -> list[PostView]:
    """The posts of a topic the viewer sees that follow this number, at most so many; silent ones too."""
    first, last = number + 1, min(number + most, topic.last_number)
    if first > last:
        return []
    views = _views(viewer, topic, (first, last), own, guest=guest)
    missing = set(range(first, last + 1)) - {view.number for view in views}
    return sorted([*views, *_silent(topic, missing)], key=lambda view: view.number)


@lru_cache(KEPT_WHOLE)
def _readable(viewer: Viewer, with_kept: bool) -> Select[Post, bool, datetime | None, Credential]:
    """The posts of a ``topic`` from ``first`` to ``last`` whose words the viewer may read, each with
    whether its author was invited, until when, and a title; ``with_kept``: and the kept ones.

    Topic and space are at hand: they are not read again. Put together once a kind of access.
    """
    invited = exists().where(TopicGuest.topic_id == Post.topic_id, TopicGuest.persona_id == Post.author_id)
    until = (
        select(SpaceMember.until)
        .where(
            SpaceMember.space_id == Topic.space_id,
            SpaceMember.persona_id == Post.author_id,
            SpaceMember.standing == "guest",
        )
        .scalar_subquery()
    )
    titled = and_(
        Credential.persona_id == Persona.id, Persona.kind == "public", Credential.since.is_not(None)
    )
    between = Post.number.between(bindparam("first"), bindparam("last"))
    return (
        posts_seen_by(viewer, alone=True)
        .where(
            Post.topic_id == bindparam("topic"),
            or_(between, Post.accepted_at.is_not(None)) if with_kept else between,
        )
        .join(Post.author)
        .outerjoin(Credential, titled)
        .with_only_columns(Post, invited, until, Credential)
        .options(contains_eager(Post.author), joinedload(Post.sources), defer(Post.body))
    )


def _views(
    viewer: Viewer,
    topic: Topic,
    numbers: tuple[int, int],
    own: OwnMarks,
    *,
    guest: bool,
    with_kept: bool = False,
) -> list[PostView]:
    """The posts of a topic with these numbers as views."""
    asked = {"topic": topic.id, "first": numbers[0], "last": numbers[1]}
    rows = db.session.execute(_readable(access_of(viewer), with_kept), asked).unique().all()
    found = {post.id: (post, in_topic, until) for post, in_topic, until, _ in rows}
    posts = [post for post, _, _ in found.values()]
    for post in posts:
        set_committed_value(post, "topic", topic)
    facts = _Facts(
        labels=labels_from({title for *_, title in rows} - {None}),
        marks=own.of_posts,
        open_notes=own.open_notes,
        away=dict(own.away),
        keys={post.id: post.key for post in posts},
        files=files_of([post.id for post in posts if post.files]),
        takes_files=topic.space.files,
        guest=guest,
    )
    return [
        _view(viewer, post, facts, Guest(until, in_topic) if until or in_topic else None)
        for post, in_topic, until in found.values()
    ]


@dataclass(frozen=True)
class _Facts:
    """What was asked once for all posts of a page."""

    labels: dict[str, Label]
    marks: frozenset[tuple[int, str]]
    open_notes: frozenset[str]
    away: dict[str, str]
    keys: dict[int, str]
    files: dict[int, tuple[FileView, ...]]
    takes_files: bool  # else those there are, from before or from another space, are not shown
    guest: bool


def _silent(topic: Topic, numbers: Collection[int]) -> list[PostView]:
    """The posts of these numbers without their words: nothing else of them is read."""
    if not numbers:
        return []
    rows = db.session.execute(
        select(Post.key, Post.number, Post.state).where(
            Post.topic_id == topic.id, Post.number.in_(numbers), Post.state != "shown"
        )
    )
    return [PostView(key=key, number=number, state=state) for key, number, state in rows]


def _view(viewer: Viewer, post: Post, facts: _Facts, invited: Guest | None) -> PostView:
    author, guest = post.author, facts.guest
    active = author.state == "active"
    return PostView(
        key=post.key,
        number=post.number,
        state=post.state,
        readable=True,
        held=post.held,
        author_id=author.id,
        author=author.name if active else "",
        monogram=author.monogram if active else "",
        protected=author.protected,
        imported=author.kind == "imported",
        label=facts.labels.get(author.id) if active else None,
        attested=active and author.attested,
        guest=invited,
        asker=post.author_id == post.topic.author_id,
        html=post.html,
        lang=post.lang,
        notes=tuple(post.notes),
        unfolded=facts.open_notes.issuperset(post.notes),
        away=facts.away.get(author.id, ""),
        basis=post.basis,
        created_at=post.created_at,
        edited_at=post.edited_at,
        version=post.version,
        sources=sources_of(post),
        files=facts.files.get(post.id, ()) if facts.takes_files else (),
        files_kept_back=post.id in facts.files and not facts.takes_files,
        reactions=_reactions(viewer, post, facts.marks),
        kept=_kept(post, facts.keys),
        bookmarked=(post.id, BOOKMARK) in facts.marks,
        may_edit=may_edit(viewer, post, guest=guest),
        may_withdraw=may_withdraw(viewer, post, guest=guest),
        may_accept=may_accept(viewer, post),
        may_react=may_react(viewer, post, guest=guest),
        may_report=may_report(viewer, post, guest=guest) and post.author_id != viewer.persona_id,
        may_hide=may_hide(viewer, post),
    )


def sources_of(post: Post) -> tuple[Citation, ...]:
    """The sources of a post, in their order."""
    return tuple(Citation(row.kind, row.ref, row.label) for row in post.sources)


def _reactions(viewer: Viewer, post: Post, marks: frozenset[tuple[int, str]]) -> tuple[ReactionLine, ...]:
    offered = _OFFERED.get(post.topic.space.kind, _OFFERED_ELSEWHERE)
    lines = [
        ReactionLine(kind, getattr(post, f"{kind}_count"), (post.id, kind) in marks) for kind in REACTIONS
    ]
    return tuple(line for line in lines if line.kind in offered or line.count)


def _kept(post: Post, keys: dict[int, str]) -> Kept | None:
    if post.accepted_at is None:
        return None
    asker = post.topic.author_id
    return Kept(
        by_asker=post.accepted_by == asker,
        jurisdiction=post.jurisdiction,
        valid_until=post.valid_until,
        past=post.valid_until is not None and post.valid_until <= clock.today(),
        superseded_by=keys.get(post.superseded_by) if post.superseded_by else None,
        own=post.author_id == asker,
    )
