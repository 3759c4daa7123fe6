"""Splitting a topic at a message, and merging a topic into another one.

Numbers stay without gap: what is split off is the message and all that follow, what is merged comes at the
end. A topic is merged only into one of its own space that nobody was invited into, and nothing is put back
where more people read than it was written for since, so that nothing goes to more eyes. Each gives back what
undoing needs.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload

from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.identifiers import without_numbers
from community.core.ids import LENGTH
from community.core.sealing import CannotUnseal, seal_text, unseal_text
from community.core.tidy import tidy
from community.forum.models import Post, Topic, TopicGuest
from community.forum.models.topics import TITLE_LEAST, TITLE_MOST
from community.forum.permissions import LIVE
from community.forum.pings import list_changed
from community.forum.services import reading
from community.forum.services.posts import recount
from community.forum.services.topics import take_title_back
from community.forum.signals import posts_moving, topic_changed
from community.moderation.models import Matter
from community.moderation.services.editing import LET_GO, SEAL

_KEY = re.compile(rf"[0-9A-Za-z]{{{LENGTH}}}")
_KEPT = ("key", "kind", "level", "lang", "region", "theme", "author_id", "state", "note", "space_id")
_GONE = _l("One of the two topics is gone.")
_WRITTEN_SINCE = _l("Others have written since: split the topic instead.")
NARROWER = _l("Something was written since for fewer people than would read it there.")


def post_of(matter: Matter) -> Post:
    """The message of a matter, with its topic. :raises Invalid: it is no message, or is gone."""
    rows = select(Post).where(Post.key == matter.thing, Post.state != "withdrawn")
    post = db.session.scalars(rows.options(joinedload(Post.topic).joinedload(Topic.space))).first()
    if matter.kind != "post" or post is None:
        raise Invalid("act", _l("This is no message any more."))
    return post


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
    _as_its_first_message(new)
    _settle(old, new)
    return {"new": new.key, "old": old.key, "count": moved}


def split_back(before: dict[str, Any]) -> None:
    """Put what was split off at the end of the topic it came from.

    :raises Conflict: one of the two is gone, or what was written since would have more readers there.
    """
    old, new = _topic(str(before.get("old", ""))), _topic(str(before.get("new", "")))
    if old is None or new is None:
        raise Conflict(_GONE)
    for one in sorted((old, new), key=lambda row: row.id):
        _locked(one)
    grown = new.last_number > int(before.get("count", 0))
    if new.space_id != old.space_id or _has_guests(new) or (grown and _has_guests(old)):
        raise Conflict(NARROWER)
    old.last_number += _move(new, old, by=old.last_number)
    _gone(new)
    _settle(old)


# Merge


def merge(topic: Topic, address: str, *, bound_to: str) -> dict[str, Any]:
    """Put all messages of a topic at the end of another one of its space, and let the topic go.

    :param bound_to: what the title is sealed with: the key of the message it was decided about.
    """
    keys = _KEY.findall(address)
    into = _topic(keys[-1]) if keys else None
    if into is None or into.id == topic.id or into.space_id != topic.space_id or into.state not in LIVE:
        raise Invalid("into", _l("Give the address of another topic of this space."))
    if topic.state not in LIVE:
        raise Invalid("act", _l("It is hidden with its first message: its replies would be shown elsewhere."))
    if topic.kind == "case":
        raise Invalid("act", _l("A case stays apart: what it says of the situation would be lost."))
    if _has_guests(topic) or _has_guests(into):
        raise Invalid("into", _l("Somebody is invited into one of the two topics: they stay apart."))
    for one in sorted((topic, into), key=lambda row: row.id):
        _locked(one)
    _refuse_kept(topic, 1)
    before: dict[str, Any] = {name: getattr(topic, name) for name in _KEPT}
    before |= {"into": into.key, "first": into.last_number + 1, "created_at": topic.created_at.isoformat()}
    before["sealed"] = seal_text(SEAL, topic.title, bound_to)
    reading.follow_merged(topic, into)
    before["count"] = _move(topic, into, by=into.last_number)
    into.last_number += before["count"]
    _gone(topic)
    _settle(into)
    return before


def merge_back(before: dict[str, Any], *, bound_to: str) -> str:
    """Make the topic anew of its messages, where nothing was added behind them. Returns its key.

    :raises Conflict: others have written since, the topic is gone or elsewhere, or its title was let go of.
    """
    into = _topic(str(before.get("into", "")))
    if into is None:
        raise Conflict(_GONE if before else LET_GO)
    _locked(into)
    if into.last_number != int(before["first"]) + int(before["count"]) - 1:
        raise Conflict(_WRITTEN_SINCE)
    if into.space_id != before["space_id"] or _has_guests(into):
        raise Conflict(NARROWER)
    created = datetime.fromisoformat(str(before["created_at"]))
    kept = {name: before[name] for name in _KEPT}
    topic = Topic(**kept, title=_title(before, bound_to), created_at=created, last_post_at=created)
    db.session.add(topic)
    db.session.flush()
    topic.last_number = _move(into, topic, from_number=int(before["first"]))
    into.last_number = int(before["first"]) - 1
    reading.follow_again(topic)
    _as_its_first_message(topic)
    _settle(into, topic)
    return topic.key


def _title(before: dict[str, Any], bound_to: str) -> str:
    if "title" in before:  # of before it was sealed
        return str(before["title"])
    try:
        return unseal_text(SEAL, str(before.get("sealed", "")), bound_to)
    except CannotUnseal:
        raise Conflict(LET_GO) from None


# What they share


def _topic(key: str) -> Topic | None:
    return db.session.scalars(select(Topic).where(Topic.key == key).options(joinedload(Topic.space))).first()


def _has_guests(topic: Topic) -> bool:
    guests = select(TopicGuest.topic_id).where(TopicGuest.topic_id == topic.id)
    return db.session.scalar(guests.limit(1)) is not None


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
    """Give messages to another topic, renumbered, and what waits about them; how many there were."""
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
    matters_follow(target)
    announce(posts_moving, source_id=source.id, target_id=target.id)
    return count


def matters_follow(topic: Topic) -> None:
    """What is to be looked at of a topic stands where the topic stands: those who moderate there see it."""
    posts = select(Post.key).where(Post.topic_id == topic.id)
    db.session.execute(
        update(Matter)
        .where(Matter.kind == "post", Matter.thing.in_(posts))
        .values(topic=topic.key, space_id=topic.space_id)
        .execution_options(synchronize_session="fetch")
    )


def _as_its_first_message(topic: Topic) -> None:
    """A topic is hidden, held or without a title as its first message is: the title says what that says."""
    first = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 1)).one()
    if first.state == "withdrawn":
        take_title_back(topic)
    elif first.state == "hidden":
        topic.state, topic.held = "hidden", first.held


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
