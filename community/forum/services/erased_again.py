"""What was taken out of messages stays out after a restore: the ledger of erasures knows it (``operations``).

A message that its author took back is erased again. A text of which a passage was taken out is known by the
hash of what it said before: where a backup brings exactly that back, the message is put out of sight, since
nobody keeps which passage it was, and comes before moderators, who take it out as they did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.core.announce import announce
from community.core.db import db
from community.core.identifiers import REMOVED
from community.core.text import render
from community.forum.models import Attachment, Post, Revision, Topic
from community.forum.services import posts, reports, topics
from community.forum.signals import passage_came_back, post_changed
from community.operations import erasures

REDACTED = "passage"
BATCH = 1_000


def init() -> None:
    """Have it done after every restore."""
    erasures.again(posts.WITHDRAWN, _there, _erase)
    erasures.again(REDACTED, texts, _put_away)


def redacted(before: set[str], topic_ids: Collection[int]) -> None:
    """Note which texts of these topics were changed by taking something out.

    :param before: what ``texts`` said of the topics until then.
    """
    db.session.flush()
    erasures.record(REDACTED, *sorted(before - set(texts(topic_ids))))


def _there() -> Sequence[str]:
    return db.session.scalars(select(Post.key).where(Post.state != "withdrawn")).all()


def _erase(key: str) -> None:
    post = _of(key)
    posts.erase(post)
    if post.number == 1:
        topics.take_title_back(post.topic)
    posts.recount(post.topic)
    announce(post_changed, post_id=post.id)


def texts(topic_ids: Collection[int] | None = None) -> Iterator[str]:
    """Every text and file of the forum, or of some topics: the key of its message, which version, and the
    hash of its words or the key of the file."""
    here = (Post.topic_id.in_(topic_ids),) if topic_ids is not None else ()
    now = select(Post.key, Post.number, Post.body, Topic.title).join(Topic, Topic.id == Post.topic_id)
    for key, number, body, title in db.session.execute(now.where(*here).execution_options(yield_per=BATCH)):
        yield f"{key} now {_hash(body, title if number == 1 else '')}"
    earlier = select(Post.key, Revision.version, Revision.body, Revision.title)
    earlier = earlier.join(Revision, Revision.post_id == Post.id)
    for key, version, body, called in db.session.execute(
        earlier.where(*here).execution_options(yield_per=BATCH)
    ):
        yield f"{key} {version} {_hash(body, called or '')}"
    files = select(Post.key, Attachment.key).join(Attachment, Attachment.post_id == Post.id)
    for key, file in db.session.execute(files.where(Attachment.file != "", *here)):
        yield f"{key} file {file}"


def _hash(body: str, title: str) -> str:
    return hashlib.sha256(f"{title}\n{body}".encode("utf-8", "replace")).hexdigest()


def _put_away(text: str) -> None:
    key, version, _said = text.split()
    post = _of(key)
    if version in ("now", "file"):
        reports.put_out_of_sight(post)
        announce(passage_came_back, post_id=post.id)
        return
    earlier = db.session.get_one(Revision, (post.id, int(version)))
    earlier.body, earlier.html, earlier.title = REMOVED, render(REMOVED), None
    announce(post_changed, post_id=post.id)


def _of(key: str) -> Post:
    whole = (joinedload(Post.topic, innerjoin=True), selectinload(Post.sources))
    return db.session.scalars(select(Post).where(Post.key == key).options(*whole)).one()
