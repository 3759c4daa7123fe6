"""Kept answers: which post answers a question, where it holds, until when, what replaces it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.regions import REGIONS
from community.forum.models import Post
from community.forum.models.posts import VALID_MONTHS
from community.forum.permissions import is_keeper, may_accept
from community.forum.services.posts import recount
from community.forum.signals import answer_kept, post_changed

MOST_YEARS = 10
KEEPING = ("state", "accepted_at", "accepted_by", "jurisdiction", "valid_until", "superseded_by")


@dataclass(frozen=True)
class Holds:
    """Where a kept answer holds, until when it need not be looked at again, and what replaces it."""

    jurisdiction: str | None = None  # a province or territory; None: nobody said where
    valid_until: date | None = None  # None: 24 months from today
    superseded_by: str | None = None  # the key of another kept answer of the same question


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is none."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def accept(viewer: Viewer, post: Post, holds: Holds | None = None) -> None:
    """Keep a post as an answer of its question; kept already, change where and until when it holds.

    :param holds: None keeps it for 24 months without saying where it holds; the second time it changes
        nothing.
    :raises Conflict: the post was withdrawn or hidden meanwhile.
    :raises Invalid: the date is past or too far, the place unknown, the replacement no kept answer.
    """
    _lock(post)
    if post.state != "shown":
        raise Conflict(_l("This message was withdrawn or hidden in the meantime."))
    require(may_accept(viewer, post), _l("Only the person who asked, or a moderator, keeps an answer."))
    first_time = post.accepted_at is None
    if holds is None and not first_time:
        return
    holds = _checked(post, holds or Holds())
    if first_time:
        post.accepted_at, post.accepted_by = clock.now(), viewer.persona_id
    post.jurisdiction, post.valid_until = holds.jurisdiction, holds.valid_until
    post.superseded_by = _replacement(post, holds.superseded_by)
    db.session.flush()
    recount(post.topic, quiet=viewer.protected)
    if first_time:
        _on_record(viewer, post, "forum.answer_kept")
        announce(answer_kept, post_id=post.id)
    announce(post_changed, post_id=post.id)


def unaccept(viewer: Viewer, post: Post) -> None:
    """Keep a post as an answer no longer. Harmless when it was none."""
    _lock(post)
    require(may_accept(viewer, post), _l("Only the person who asked, or a moderator, keeps an answer."))
    if post.accepted_at is None:
        return
    post.accepted_at = post.accepted_by = None
    post.jurisdiction = post.valid_until = post.superseded_by = None
    db.session.execute(update(Post).where(Post.superseded_by == post.id).values(superseded_by=None))
    db.session.flush()
    recount(post.topic, quiet=viewer.protected)
    _on_record(viewer, post, "forum.answer_dropped")
    announce(answer_kept, post_id=post.id)
    announce(post_changed, post_id=post.id)


def _lock(post: Post) -> None:
    """Let whoever keeps or drops the same answer at this moment wait, and read what came of it."""
    # Not its key: whoever writes a notice of this post needs only that, and holds that of the topic.
    db.session.execute(select(Post.id).where(Post.id == post.id).with_for_update(key_share=True))
    db.session.refresh(post, KEEPING)


def _checked(post: Post, holds: Holds) -> Holds:
    place = holds.jurisdiction or None
    if place is not None and (place not in REGIONS or REGIONS[place].parent):
        raise Invalid("jurisdiction", _l("Choose a province or territory."))
    today = clock.today()
    until = holds.valid_until or post.valid_until or months_later(today, VALID_MONTHS)
    if until != post.valid_until and not today < until <= months_later(today, MOST_YEARS * 12):
        raise Invalid("valid_until", _l("Choose a date to come, within ten years."))
    return Holds(place, until, holds.superseded_by or None)


def _replacement(post: Post, key: str | None) -> int | None:
    if key is None:
        return None
    other = db.session.scalar(
        select(Post).where(Post.key == key, Post.topic_id == post.topic_id, Post.state == "shown")
    )
    if other is None or other.accepted_at is None or other.id == post.id or other.superseded_by == post.id:
        raise Invalid("superseded_by", _l("Choose another kept answer of this question."))
    return other.id


def _on_record(viewer: Viewer, post: Post, act: str) -> None:
    """What a moderator does in another's question is on record; what the asker does is theirs."""
    if not is_keeper(viewer, post.topic):
        audit.record(viewer.persona_id or "", act, post.key)
