"""Editing a message with a notice; splitting a topic at a message; merging a topic into another one.

Numbers stay without gap: what is split off is the message and all that follow, what is merged comes at the
end. A topic is merged only into one of its own space that nobody was invited into, so that nothing goes to
more eyes. Each gives back what undoing needs.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload

from community.core import clock
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.i18n import LOCALES
from community.core.identifiers import without_numbers
from community.core.ids import LENGTH
from community.core.sealing import CannotUnseal, seal_text, unseal_text
from community.core.text import MAX_BODY, RENDERER_VERSION, render
from community.core.tidy import tidy
from community.forum.models import Post, Revision, Topic, TopicGuest
from community.forum.models.topics import TITLE_LEAST, TITLE_MOST
from community.forum.permissions import LIVE
from community.forum.pings import list_changed
from community.forum.services.posts import recount
from community.forum.signals import post_changed, topic_changed
from community.moderation.models import Matter

SEAL = "text before a moderator edited it"
_KEY = re.compile(rf"[0-9A-Za-z]{{{LENGTH}}}")
_KEPT = ("key", "title", "kind", "level", "lang", "region", "theme", "author_id", "state", "note", "space_id")


def post_of(matter: Matter) -> Post:
    """The message of a matter, with its topic. :raises Invalid: it is no message, or is gone."""
    rows = select(Post).where(Post.key == matter.thing, Post.state != "withdrawn")
    post = db.session.scalars(rows.options(joinedload(Post.topic).joinedload(Topic.space))).first()
    if matter.kind != "post" or post is None:
        raise Invalid("act", _l("This is no message any more."))
    return post


# Edit


def edit(post: Post, words: str) -> dict[str, Any]:
    """Put other words in place, with a notice; what it said before goes from its history, too."""
    body = tidy(words).replace("\x00", "")
    if not 3 <= len(body) <= MAX_BODY - 200:
        raise Invalid("body", _l("Write what the message says from now on: 3 to 19,800 characters."))
    body = without_numbers(body, post.body)
    before = {"sealed": seal_text(SEAL, post.body, post.key)}
    with force_locale(LOCALES[post.lang]):
        notice = gettext("Edited by those who moderate this space.")
    _put(post, f"{body}\n\n*{notice}*")
    return before


def _put(post: Post, body: str) -> None:
    db.session.execute(delete(Revision).where(Revision.post_id == post.id))
    post.body, post.html, post.html_version = body, render(body), RENDERER_VERSION
    post.version, post.edited_at = 1, clock.now()
    db.session.flush()
    announce(post_changed, post_id=post.id)


def edit_back(post: Post, before: dict[str, Any]) -> None:
    """Put the words back. :raises Conflict: they were let go of."""
    try:
        _put(post, unseal_text(SEAL, str(before.get("sealed", "")), post.key))
    except CannotUnseal:
        raise Conflict(_l("What it said before was let go of.")) from None


# Split


def split(post: Post, title: str) -> dict[str, Any]:
    """Take a message and all that follow into a topic of their own."""
    old, number = post.topic, post.number  # moved, it has another number
    title = without_numbers(" ".join(tidy(title).replace("\x00", "").split()))
    if number == 1:
        raise Invalid("act", _l("The first message is the topic itself."))
    if not TITLE_LEAST <= len(title) <= TITLE_MOST:
        raise Invalid("title", _l("The title must have 2 to 300 characters."))
    _locked(old)
    _refuse_kept(old, number)
    fields = ("space_id", "region", "theme", "level")
    new = Topic(
        **{name: getattr(old, name) for name in fields},
        kind="discussion",
        title=title,
        lang=post.lang,
        note=post.note,
        author_id=post.author_id,
        created_at=post.created_at,
        last_post_at=post.created_at,
    )
    db.session.add(new)
    db.session.flush()
    moved = _move(old, new, from_number=number)
    old.last_number = number - 1
    new.last_number = moved
    _settle(old, new)
    return {"new": new.key}


def split_back(old_key: str, before: dict[str, Any]) -> None:
    """Put what was split off at the end of the topic it came from."""
    old, new = _topic(old_key), _topic(str(before.get("new", "")))
    if old is None or new is None:
        raise Conflict(_l("One of the two topics is gone."))
    _locked(old)
    old.last_number += _move(new, old, by=old.last_number)
    _gone(new)
    _settle(old)


# Merge


def merge(topic: Topic, address: str) -> dict[str, Any]:
    """Put all messages of a topic at the end of another one of its space, and let the topic go."""
    keys = _KEY.findall(address)
    into = _topic(keys[-1]) if keys else None
    if into is None or into.id == topic.id or into.space_id != topic.space_id or into.state not in LIVE:
        raise Invalid("into", _l("Give the address of another topic of this space."))
    guests = select(TopicGuest.topic_id).where(TopicGuest.topic_id.in_((topic.id, into.id)))
    if db.session.scalar(guests) is not None:
        raise Invalid("into", _l("Somebody is invited into one of the two topics: they stay apart."))
    for one in sorted((topic, into), key=lambda row: row.id):
        _locked(one)
    _refuse_kept(topic, 1)
    before: dict[str, Any] = {name: getattr(topic, name) for name in _KEPT}
    before |= {"into": into.key, "first": into.last_number + 1, "created_at": topic.created_at.isoformat()}
    before["count"] = _move(topic, into, by=into.last_number)
    into.last_number += before["count"]
    _gone(topic)
    db.session.execute(update(Matter).where(Matter.topic == before["key"]).values(topic=into.key))
    _settle(into)
    return before


def merge_back(before: dict[str, Any]) -> None:
    """Make the topic anew of its messages, where nothing was added behind them."""
    into = _topic(str(before.get("into", "")))
    last = int(before.get("first", 0)) + int(before.get("count", 0)) - 1
    if into is None or into.last_number != last:
        raise Conflict(_l("Others have written since: split the topic instead."))
    _locked(into)
    created = datetime.fromisoformat(str(before["created_at"]))
    topic = Topic(**{name: before[name] for name in _KEPT}, created_at=created, last_post_at=created)
    db.session.add(topic)
    db.session.flush()
    topic.last_number = _move(into, topic, from_number=int(before["first"]))
    into.last_number = int(before["first"]) - 1
    _settle(into, topic)


# What they share


def _topic(key: str) -> Topic | None:
    return db.session.scalars(select(Topic).where(Topic.key == key).options(joinedload(Topic.space))).first()


def _locked(topic: Topic) -> None:
    db.session.execute(select(Topic.id).where(Topic.id == topic.id).with_for_update(key_share=True))
    db.session.refresh(topic, ["last_number"])


def _refuse_kept(topic: Topic, number: int) -> None:
    kept = select(Post.id).where(
        Post.topic_id == topic.id, Post.number >= number, Post.accepted_at.is_not(None)
    )
    if db.session.scalar(kept.limit(1)) is not None:
        raise Invalid("act", _l("An answer was kept there: it stays with its question."))


def _move(source: Topic, target: Topic, *, from_number: int = 1, by: int | None = None) -> int:
    """Give messages to another topic, renumbered; how many there were."""
    shift = 1 - from_number if by is None else by
    these = (Post.topic_id == source.id, Post.number >= from_number)
    count = db.session.scalar(select(func.count()).select_from(Post).where(*these)) or 0
    db.session.execute(
        update(Post)
        .where(*these)
        .values(topic_id=target.id, number=Post.number + shift)
        .execution_options(synchronize_session=False)
    )
    for row in list(db.session.identity_map.values()):
        if isinstance(row, Post):
            db.session.expire(row, ["topic_id", "number", "topic"])
    return count


def _gone(topic: Topic) -> None:
    db.session.flush()
    db.session.execute(delete(Topic).where(Topic.id == topic.id).execution_options(synchronize_session=False))
    db.session.expunge(topic)


def _settle(*topics: Topic) -> None:
    db.session.flush()
    for topic in topics:
        recount(topic)
        list_changed(topic)
        announce(topic_changed, topic_id=topic.id)
