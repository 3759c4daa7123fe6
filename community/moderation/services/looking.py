"""What is looked at as it is stored: danger comes first in the queue; dealing, first messages and new names'
links wait.

Everything happens in the transaction of the text, so that nothing is seen in between. Words of care are
never held for what they say: what counts as dealing is measured on texts of harm reduction.
"""

from __future__ import annotations

import re
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, func, inspect, select
from sqlalchemy.orm import joinedload

from community.accounts.viewer import viewer_of
from community.core import audit, clock
from community.core.db import db
from community.core.errors import TooOften
from community.core.prepared import Prepared
from community.core.store import settings
from community.forum.citations import typed_words
from community.forum.models import Post, Topic
from community.forum.permissions import may_moderate
from community.forum.queries.sources import sources_of
from community.forum.services import reports
from community.moderation import danger, solicitation, targets
from community.moderation.models import Act
from community.moderation.queries.matters import slowed
from community.moderation.services.opening import open_matter, tell_who_looks

NEW_FOR = timedelta(days=7)
NEW_UNDER = 3  # messages that stand
PACE, PACE_WITHIN = 20, timedelta(hours=1)
SLOW_MINUTES, SLOW_FOR = 30, timedelta(hours=24)
_ENDS = (
    *("com", "net", "org", "ca", "io", "me", "ru", "xyz", "info", "top", "shop", "gg", "ly", "app", "link"),
    *("biz", "onion", "site", "online", "store", "club"),
)
# As it is typed: an address, a host of a usual ending, or of any with something behind it.
_LINK = re.compile(
    rf"https?://|\bwww\.|\]\(|\b[\w-]{{2,}}\.(?:(?:{'|'.join(_ENDS)})\b|[a-z]{{2,10}}/\w)", re.IGNORECASE
)
# As it came out, however it was typed: what leads elsewhere than to a page of this site.
_LEADS_ELSEWHERE = re.compile(r'href="(?!/(?!/)|#)')


# Put together once: asked after each message that is stored.
_STORED = (
    select(Post)
    .where(Post.id == bindparam("post_id"))
    .options(joinedload(Post.topic).joinedload(Topic.space))
)
_OTHERS = Prepared(
    lambda: (
        select(Post.id)
        .where(
            Post.author_id == bindparam("author_id"), Post.state == "shown", Post.id != bindparam("post_id")
        )
        .limit(1)
    )
)


def look_at(post_id: int, *, keep_pace: bool) -> None:
    """Look at a post that was just stored or changed.

    :param keep_pace: whether topics are slowed down; not where limits are switched off.
    :raises TooOften: its topic takes one message of a name only every so many minutes.
    """
    post = _stored(post_id)
    if post.state != "shown":
        return
    if keep_pace and post.version == 1:
        _wait_your_turn(post)
    title = post.topic.title if post.number == 1 else ""
    words = "\n".join(part for part in (title, post.body, typed_words(sources_of(post))) if part)
    if not _waits(post, words) and keep_pace and post.version == 1:
        _slow_down(post)


def look_at_file(post_id: int, words: str) -> None:
    """Look at what a file of a post is called, shows or says, as at the words of the post itself."""
    post = _stored(post_id)
    if post.state == "shown":
        _waits(post, words)
    elif danger.somebody_may_be(words):  # the message waits already; nobody waits with this
        _before_moderators(post, "danger", "words")


def _waits(post: Post, words: str) -> bool:
    """Put what says danger before moderators, and out of sight what has to wait. Whether it does."""
    if danger.somebody_may_be(words):
        _before_moderators(post, "danger", "words")
    why = _held_for(post, words)
    if why:
        _before_moderators(post, why, "held")
        reports.put_out_of_sight(post, held=True)
    return bool(why)


def _stored(post_id: int) -> Post:
    """The post with its topic and space; whoever stores it mostly has them at hand."""
    post = db.session.get(Post, post_id)
    if post and "topic" not in inspect(post).unloaded and "space" not in inspect(post.topic).unloaded:
        return post
    return db.session.scalars(_STORED, {"post_id": post_id}).one()


def _before_moderators(post: Post, reason: str, origin: str) -> None:
    subject = targets.look("post", post.key)
    if subject is not None:
        matter = open_matter(subject, reason, origin)
        if reason == "danger":
            tell_who_looks(matter)


def _held_for(post: Post, words: str) -> str:
    """Why it waits for a moderator; nothing for those who moderate here or whose title was verified."""
    dealing = solicitation.found_in(words)
    links = _LINK.search(words) or _LEADS_ELSEWHERE.search(post.html)
    waits = dealing or (links and is_new(post.author_id, besides=post.id)) or _is_first(post)
    if not waits:
        return ""
    author = viewer_of(post.author_id)
    if author is None or may_moderate(author, post.topic.space) or author.profession:
        return ""
    return "dealing" if dealing else "other"


def _is_first(post: Post) -> bool:
    """Whether nothing that this name wrote stands yet, where the settings have such a message wait."""
    if settings().first_posts != "held" or post.version > 1:
        return False
    return not _OTHERS.rows(author_id=post.author_id, post_id=post.id)


def is_new(persona_id: str, *, besides: int = 0) -> bool:
    """Whether a name has few messages that stand, and none that has stood for a week.

    The day on which a name was made is kept nowhere; its age is that of its first message.
    """
    count, first = db.session.execute(
        select(func.count(), func.min(Post.created_at)).where(
            Post.author_id == persona_id, Post.state == "shown", Post.id != besides
        )
    ).one()
    return not count or (int(count) < NEW_UNDER and first > clock.now() - NEW_FOR)


# Pace


def _wait_your_turn(post: Post) -> None:
    minutes = slowed(post.topic.key)
    if not minutes:
        return
    author = viewer_of(post.author_id)
    if author is not None and may_moderate(author, post.topic.space):
        return
    since = clock.now() - timedelta(minutes=minutes)
    last = db.session.scalar(
        select(func.max(Post.created_at)).where(
            Post.topic_id == post.topic_id, Post.author_id == post.author_id, Post.id != post.id
        )
    )
    if last is not None and last > since:
        left = int((last - since).total_seconds()) + 1
        raise TooOften(
            _l("This topic is slowed down: one message of yours every %(n)s minutes.", n=minutes),
            after=left,
        )


def _slow_down(post: Post) -> None:
    """Twenty replies of others to one name within an hour: everybody takes a breath."""
    topic = post.topic
    if post.author_id == topic.author_id or slowed(topic.key):
        return
    about = (Topic.author_id == topic.author_id, Post.author_id != topic.author_id)
    recent = Post.created_at > clock.now() - PACE_WITHIN
    count = db.session.scalar(
        select(func.count()).select_from(Post).join(Post.topic).where(*about, recent, Post.state == "shown")
    )
    if count is None or count < PACE:
        return
    first = db.session.scalar(select(Post.key).where(Post.topic_id == topic.id, Post.number == 1))
    subject = targets.look("post", first or "")
    if subject is None:
        return
    matter = open_matter(subject, "harassment", "pace")
    until = clock.now() + SLOW_FOR
    made = Act(
        matter_key=matter.key,
        act="slow",
        reason="harassment",
        topic=topic.key,
        amount=SLOW_MINUTES,
        until=until,
        before={},
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("pace", "moderation.slow", topic.key, minutes=SLOW_MINUTES)
