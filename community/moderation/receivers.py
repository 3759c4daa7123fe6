"""What moderation does when the forum or accounts say that something happened."""

from __future__ import annotations

from flask import current_app

from community.accounts.signals import persona_left
from community.core.announce import receiver
from community.core.db import transaction
from community.forum.signals import (
    file_storing,
    passage_came_back,
    passage_going,
    post_redacted,
    post_reporting,
    post_storing,
    topic_reopening,
)
from community.moderation.services import keeping, locking, looking, opening


@receiver(post_storing)
def look_at_what_is_stored(post_id: int) -> None:
    """In the same transaction: nothing that has to wait is seen in between."""
    looking.look_at(post_id, keep_pace=bool(current_app.config.get("RATELIMIT_ENABLED", True)))


@receiver(file_storing)
def look_at_what_comes_with_it(post_id: int, words: str) -> None:
    """In the same transaction: what a message may not say unseen, its files do not say for it."""
    looking.look_at_file(post_id, words)


@receiver(topic_reopening)
def keep_it_closed(topic_id: int, persona_id: str) -> None:
    """In the same transaction: what was closed by a decision is opened by those who moderate."""
    locking.reopening(topic_id, persona_id)


@receiver(post_reporting)
def put_before_moderators(report_id: str) -> None:
    """In the same transaction: a report that was taken is in the queue."""
    opening.of_report(report_id)


@receiver(post_redacted)
def let_go_of_redacted_words(post_id: int) -> None:
    """What was kept of a message as it was reported goes: the message stands, without the passage."""
    with transaction():
        keeping.forget_evidence_of(post_id)


@receiver(passage_going)
def take_it_out_of_decisions(topic_id: int, words: str) -> None:
    """In the same transaction: what moderators and those concerned wrote may say it, too."""
    keeping.take_out(topic_id, words)


@receiver(passage_came_back)
def look_at_what_came_back(post_id: int) -> None:
    """In the same transaction: nothing is out of sight without somebody who decides on it."""
    opening.of_what_came_back(post_id)


@receiver(persona_left)
def nobody_watches_who_left(persona_id: str) -> None:
    """The hours of a name that was left behind are nobody's."""
    with transaction():
        keeping.forget(persona_id)
