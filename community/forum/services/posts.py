"""Posts: reply, edit, withdraw. One verb a function; whoever asks comes first.

:func:`add` and :func:`check` are what every door to storage shares: replies, first posts, imports and
the demonstration. They keep the counters of the topic, render the text once and announce it.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import lru_cache

from flask_babel import lazy_gettext as _l
from sqlalchemy import BindParameter, and_, bindparam, case, delete, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from community.accounts.blocking import who_keeps_away
from community.accounts.models import Persona
from community.accounts.viewer import Viewer, viewer_of
from community.core import clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import UtcDateTime, db
from community.core.errors import Conflict, Invalid
from community.core.message import message_body
from community.core.prepared import Prepared
from community.core.publish import Text, before_publish
from community.core.text import RENDERER_VERSION
from community.forum import pings
from community.forum.citations import MOST, typed_words
from community.forum.composer import mentioned, possible_names
from community.forum.models import Mention, Post, Reaction, Revision, Topic
from community.forum.models.posts import NOTES
from community.forum.permissions import may_edit, may_reply, may_see_topic, may_withdraw
from community.forum.queries.sources import sources_of
from community.forum.queries.topics import is_guest
from community.forum.services import attachments
from community.forum.services.storing import COUNTS, source_rows, stored, words_of
from community.forum.services.storing import Writing as Writing  # it is known by this name
from community.forum.signals import post_changed, post_created, post_storing, topic_begun, topic_changed
from community.operations import erasures

WITHDRAWN = "message"  # in the ledger of erasures
COUNTED = ("post_count", "last_post_at", "answered_at", "accepted_count", "review_by")
CLOSED = _l("This topic was closed in the meantime. Your text was not sent, and nothing was lost.")


def check(writing: Writing) -> Writing:
    """The writing, trimmed. :raises Invalid: it cannot be kept; the sentence names the field."""
    body = message_body(writing.body)
    if len(writing.sources) > MOST:
        raise Invalid("sources", _l("At most ten sources."), kept=body)
    notes = tuple(code for code in NOTES if code in writing.notes)
    return Writing(body, writing.lang, notes, writing.basis, writing.sources)


def texts_of(viewer: Viewer, writing: Writing, before: Post | None = None) -> tuple[Text, ...]:
    """What others will read of it, as it is looked at before it is stored. ``before``: what stood there."""
    said = (("body", writing.body), ("sources", typed_words(writing.sources)))
    was = {"body": before.body, "sources": typed_words(sources_of(before))} if before else {}
    return tuple(
        Text("post", field, words, writing.lang, viewer.persona_id, before=was.get(field, ""))
        for field, words in said
        if words
    )


def reply(viewer: Viewer, topic: Topic, writing: Writing) -> Post:
    """Add a post to an open topic. Its followers are told by the job that is saved with it.

    :raises Conflict: the topic was closed meanwhile; carries the text.
    """
    guest = is_guest(viewer, topic)
    if not topic.open and viewer.signed_in and may_see_topic(viewer, topic, guest=guest):
        raise Conflict(CLOSED, yours=writing.body)
    require(may_reply(viewer, topic, guest=guest))
    writing = check(writing)
    before_publish(*texts_of(viewer, writing))
    return add(topic, viewer.persona_id or "", writing, quiet=viewer.protected)


def add(
    topic: Topic,
    author_id: str,
    writing: Writing,
    *,
    at: datetime | None = None,
    imported_from: str | None = None,
    quiet: bool = False,
) -> Post:
    """Store a post at the end of a topic, with its sources and mentions, and announce it.

    For callers that have asked whether it may be. ``at`` and ``imported_from`` are for what was
    written elsewhere before: it comes in the order in which it was written. ``quiet``: under a protected
    name, so that open pages do not learn the minute.

    :raises Conflict: the topic takes no posts any more.
    """
    at = at or clock.now()
    number = _next_number(topic, author_id, at, closed_too=imported_from is not None)
    post = stored(topic, number, author_id, at, writing, imported_from)
    if imported_from is None:
        _mention(post, topic)
        pings.topic_grew(topic, post.number, quiet=quiet)
        announce(post_storing, post_id=post.id)
    announce_new(post)
    return post


def announce_new(post: Post) -> None:
    """Say that a post is there to be read."""
    announce(post_created, post_id=post.id)
    if post.number == 1:  # most posts are replies, and need not ask who could answer
        announce(topic_begun, post_id=post.id)


def _next_number(topic: Topic, author_id: str, at: datetime, *, closed_too: bool) -> int:
    """Take the next number of the topic and count the post, in one statement that locks the row.

    A question is answered by the first post of somebody other than the asker; of two at the same
    moment, the one that was sent first may come to this statement last.
    """
    db.session.flush()
    rows = _counting(closed_too).rows(topic_id=topic.id, author_id=author_id, at=at)
    db.session.expire(topic, ["last_number", "post_count", "last_post_at", "answered_at"])
    if not rows:
        raise Conflict(CLOSED)
    return int(rows[0][0])


@lru_cache
def _counting(closed_too: bool) -> Prepared:
    return Prepared(lambda: _one_more("open", "closed") if closed_too else _one_more("open"))


def _one_more(*states: str) -> ReturningUpdate[tuple[int]]:
    at: BindParameter[datetime] = bindparam("at", type_=UtcDateTime())
    unanswered_then = or_(Topic.answered_at.is_(None), Topic.answered_at > at)
    by_another = and_(unanswered_then, Topic.author_id != bindparam("author_id"))
    return (
        update(Topic)
        .where(Topic.id == bindparam("topic_id"), Topic.state.in_(states))
        .values(
            last_number=Topic.last_number + 1,
            post_count=Topic.post_count + 1,
            last_post_at=case((Topic.last_post_at < at, at), else_=Topic.last_post_at),
            answered_at=case((by_another, at), else_=Topic.answered_at),
        )
        .returning(Topic.last_number)
    )


def _say(post: Post, writing: Writing) -> None:
    """Put other words on a post."""
    for column, said in words_of(writing).items():
        setattr(post, column, said)
    post.html_version = RENDERER_VERSION
    post.sources = source_rows(writing)


def _mention(post: Post, topic: Topic) -> None:
    """Keep who is mentioned, if they may read it: nothing else shows whether a name exists."""
    names = possible_names(post.body)
    if not names:
        return
    rows = db.session.execute(
        select(Persona.id, Persona.name).where(
            Persona.name.in_(names),
            Persona.state == "active",
            Persona.kind != "imported",
            Persona.id != post.author_id,
        )
    ).all()
    meant = mentioned(post.body, [name for _, name in rows])
    blocking = who_keeps_away(post.author_id, [persona_id for persona_id, _ in rows], ["block"])
    for persona_id, name in rows:
        reader = viewer_of(persona_id) if name in meant and persona_id not in blocking else None
        if reader and may_see_topic(reader, topic, guest=is_guest(reader, topic)):
            db.session.add(Mention(post_id=post.id, persona_id=persona_id))


def edit(
    viewer: Viewer,
    post: Post,
    version: int,
    writing: Writing,
    *,
    title: str = "",
    facts: tuple[dict[str, str], dict[str, str]] | None = None,
) -> None:
    """Change the text of one's own post; what it said before is kept in its history.

    :param version: the version the change was made from.
    :param title: what its topic is called from now on, where the post is the first one.
    :param facts: what its case said and says from now on, where it is the first post of one; whoever calls
        stores them.
    :raises Conflict: somebody saved another text meanwhile; carries both.
    """
    require(may_edit(viewer, post, guest=is_guest(viewer, post.topic)))
    writing = check(writing)
    before_publish(*texts_of(viewer, writing, post))
    now_at = db.session.scalar(select(Post.version).where(Post.id == post.id).with_for_update(key_share=True))
    if now_at != version:
        db.session.refresh(post, ["body", "version"])
        raise Conflict(yours=writing.body, theirs=post.body)
    title = title or post.topic.title
    before, after = facts or (None, None)
    if (writing.body, title, after) != (post.body, post.topic.title, before):
        _keep_version(post, before)
    post.topic.title = title
    _say(post, writing)
    if post.number == 1:
        post.topic.note = post.note
        post.topic.lang = post.lang
    db.session.execute(delete(Mention).where(Mention.post_id == post.id))
    db.session.flush()
    _mention(post, post.topic)
    announce(post_storing, post_id=post.id)
    announce(post_changed, post_id=post.id)


def _keep_version(post: Post, facts: dict[str, str] | None) -> None:
    db.session.add(
        Revision(
            post_id=post.id,
            version=post.version,
            body=post.body,
            html=post.html,
            title=post.topic.title if post.number == 1 else None,
            facts=facts,
            written_at=post.edited_at or post.created_at,
        )
    )
    post.version += 1
    post.edited_at = clock.now()


def withdraw(viewer: Viewer, post: Post) -> None:
    """Take one's own words back: they are erased, with their history. The number stays, empty."""
    require(may_withdraw(viewer, post, guest=is_guest(viewer, post.topic)))
    erase(post)
    erasures.record(WITHDRAWN, post.key)
    recount(post.topic, quiet=viewer.protected)
    pings.said_less(post.topic, quiet=viewer.protected)
    announce(post_changed, post_id=post.id)


def erase(post: Post) -> None:
    """Empty a post and everything that repeats its words."""
    db.session.execute(select(Post.id).where(Post.id == post.id).with_for_update(key_share=True))
    db.session.refresh(post, COUNTS)  # a reaction may just have been counted
    post.state, post.held = "withdrawn", False
    post.body = post.html = post.note = post.basis = ""
    post.accepted_at = post.accepted_by = post.valid_until = post.jurisdiction = post.superseded_by = None
    post.sources = []
    attachments.let_go(post)
    for table in (Revision, Mention, Reaction):
        db.session.execute(delete(table).where(table.post_id == post.id))
    db.session.execute(update(Post).where(Post.superseded_by == post.id).values(superseded_by=None))
    for count in COUNTS:
        setattr(post, count, 0)
    db.session.flush()


def recount(topic: Topic, *, quiet: bool = False) -> None:
    """Set the counters of a topic to what its rows say. Lists show these and never count.

    Also what ``check`` calls. A kept answer counts while it is shown; one that another replaces has
    no review date of its own. ``quiet``: a protected name changed it.
    """
    db.session.flush()
    topic = db.session.get_one(Topic, topic.id)
    # Read anew: a reply may have moved them since, and what seems unchanged would not be written.
    db.session.refresh(topic, COUNTED, with_for_update={"key_share": True})
    shown = (Post.topic_id == topic.id, Post.state == "shown")
    by_another = case((Post.author_id != topic.author_id, Post.created_at))
    stands = and_(Post.accepted_at.is_not(None), Post.superseded_by.is_(None))
    count, last, answered, kept, review = db.session.execute(
        select(
            func.count(),
            func.max(Post.created_at),
            func.min(by_another),
            func.count(Post.accepted_at),
            func.min(case((stands, Post.valid_until))),
        ).where(*shown)
    ).one()
    topic.post_count = count
    topic.last_post_at = last or topic.created_at
    topic.answered_at = answered
    topic.accepted_count = kept
    topic.review_by = datetime.combine(review, time(), UTC) if review else None
    db.session.flush()
    pings.list_changed(topic, quiet=quiet)
    announce(topic_changed, topic_id=topic.id)
