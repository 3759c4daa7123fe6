"""Reports, and the two ends of every act on a post: out of sight, and shown again.

Whoever reports is never told to the author. "May identify a patient" hides at once, before anybody
has looked; a moderator restores what was not so.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts import audiences
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Invalid
from community.core.identifiers import without_numbers
from community.core.tidy import tidy
from community.forum import pings
from community.forum.models import Post, Report
from community.forum.models.reports import REASONS
from community.forum.permissions import may_report
from community.forum.queries.topics import is_guest
from community.forum.services import closed
from community.forum.services.posts import announce_new, recount
from community.forum.signals import (
    post_changed,
    post_reported,
    post_reporting,
    topic_changed,
)

HIDES_AT_ONCE = frozenset({"patient"})
MOST_WORDS = 2_000


def report(viewer: Viewer, post: Post, reason: str, words: str = "") -> Report:
    """Say that a post should be looked at. One report a persona: asking twice changes nothing.

    :raises Invalid: no such reason, or too many words.
    """
    require(may_report(viewer, post, guest=is_guest(viewer, post.topic)))
    if reason not in REASONS:
        raise Invalid("reason", _l("Choose one of the reasons."))
    words = tidy(words).replace("\x00", "")
    if len(words) > MOST_WORDS:
        raise Invalid("words", _l("At most 2,000 characters."), kept=words)
    mine = (Report.post_id == post.id, Report.reporter_id == viewer.persona_id)
    known = db.session.scalar(select(Report).where(*mine))
    if known is not None:
        return known
    made = Report(
        post_id=post.id,
        reporter_id=viewer.persona_id or "",
        reason=reason,
        words=without_numbers(words),
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    unread = reason in HIDES_AT_ONCE and audiences.SUSPENDED not in viewer.audiences
    if unread and post.state == "shown" and not _looked_at(post):
        put_out_of_sight(post)
        audit.record("report", "forum.hidden_at_once", post.key, reason=reason)
    announce(post_reporting, report_id=made.id)
    announce(post_reported, report_id=made.id)
    return made


def _looked_at(post: Post) -> bool:
    """Whether somebody looked, after the last change, and found that nobody is identified: from then on it
    is not hidden unread again, or one person with many names could keep it out of sight."""
    dismissed = (Report.reason.in_(HIDES_AT_ONCE), Report.state == "dismissed")
    since = post.edited_at or post.created_at
    looked = select(Report.id).where(Report.post_id == post.id, *dismissed, Report.decided_at > since)
    return db.session.scalar(looked.limit(1)) is not None


def show_again(post: Post, *, untold: bool = False) -> None:
    """Show a hidden post. ``untold``: it waited, and was hidden before anybody had heard of it. For callers
    that have asked whether it may be."""
    waited = post.held or untold
    post.state, post.held = "shown", False
    _show_its_topic(post)
    db.session.flush()
    recount(post.topic)
    announce(post_changed, post_id=post.id)
    if waited:  # nobody was told of it when it was written
        announce_new(post)


def show_the_others_again(post: Post) -> None:
    """Show what others wrote under a first post that was hidden, and whose words are gone since: its author
    left. For callers that have asked whether it may be."""
    _show_its_topic(post)
    db.session.flush()


def _show_its_topic(first: Post) -> None:
    topic = first.topic
    if first.number == 1 and topic.state == "hidden":
        topic.state = "closed" if closed.forget(topic) else "open"
        topic.held = False
        announce(topic_changed, topic_id=topic.id)


def put_out_of_sight(post: Post, *, held: bool = False) -> None:
    """Hide a post; the first one takes its topic with it, as the title says what it says. ``held``: until
    a moderator has looked, and not from its author. For callers that have asked whether it may be."""
    post.state, post.held = "hidden", held
    if post.number == 1 and post.topic.state in {"open", "closed"}:
        if post.topic.state == "closed":
            closed.remember(post.topic)
        post.topic.state, post.topic.held = "hidden", held
    db.session.flush()
    recount(post.topic)
    pings.said_less(post.topic)
    announce(post_changed, post_id=post.id)
