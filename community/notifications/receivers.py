"""What is told when a lower domain says that something happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from community.accounts import signals as accounts
from community.conversations import signals as conversations
from community.core.announce import receiver
from community.core.db import transaction
from community.core.jobs import enqueue, job
from community.directory import signals as directory
from community.forum import signals as forum
from community.moderation import signals as moderation
from community.notifications.services import decisions, kept_records, moved, talks, telling, waiting
from community.routing.signals import question_offered

TELL = "notifications.tell"
TOGETHER = 50  # posts; those of one go share its statements
Heard = Sequence[Mapping[str, int]]


@receiver(forum.post_created, together=TOGETHER)
def tell_of_post(heard: Heard) -> None:
    """Whom they concern is told; beyond a slice of one, in the lane where nobody waits behind it."""
    left = {one["post_id"] for one in heard}
    while left:
        with transaction():
            left, long = telling.tell_of_posts(left)
            for post_id, last in long.items():
                enqueue(TELL, post_id=post_id, after=last)


@job(TELL, lane="bulk")
def tell(post_id: int, after: str = "") -> None:
    """The next slice."""
    with transaction():
        if last := telling.tell_of_post(post_id, after):
            enqueue(TELL, post_id=post_id, after=last)


@receiver(forum.post_changed)
def tell_of_change(post_id: int) -> None:
    """Who is mentioned only now is told; the others were."""
    with transaction():
        telling.tell_of_post(post_id, mentions_only=True)


@receiver(forum.answer_kept)
def tell_of_kept(post_id: int) -> None:
    """Whose answer it is."""
    with transaction():
        telling.tell_of_kept(post_id)


@receiver(forum.posts_moving)
def follow_messages(source_id: int, target_id: int) -> None:
    """In the same transaction: a topic that goes takes its notices with it."""
    moved.follow(source_id, target_id)


@receiver(forum.post_reported, lane="urgent")
def tell_of_report(report_id: str) -> None:
    """Those who answer for the space."""
    with transaction():
        telling.tell_of_report(report_id)
        waiting.tell_where_nobody_moderates(report_id)


@receiver(moderation.waits, lane="urgent")
def tell_of_waiting(matter_key: str, step: str) -> None:
    """Those who look at the queue."""
    with transaction():
        waiting.tell_of_waiting(matter_key, step)


@receiver(question_offered)
def tell_of_offer(topic_id: int, persona_id: str, why: str) -> None:
    """Somebody who can answer."""
    with transaction():
        telling.tell_of_offer(topic_id, persona_id, why)


@receiver(accounts.credential_decided)
def tell_of_title(persona_id: str, credential_id: str, decision: str) -> None:
    """Whose title it is."""
    with transaction():
        telling.tell_of_title(persona_id, credential_id, decision)


@receiver(accounts.credential_ending)
def tell_of_ending(persona_id: str, credential_id: str, days: int) -> None:
    """Whose title it is, thirty days before its end and again seven."""
    with transaction():
        telling.tell_of_ending(persona_id, credential_id, days)


@receiver(accounts.vouching_asked)
def tell_of_learner(persona_id: str, credential_id: str) -> None:
    """Whoever is asked to vouch."""
    with transaction():
        telling.tell_of_learner(persona_id, credential_id)


@receiver(moderation.decided)
def tell_of_decision(act_key: str) -> None:
    """Whom it concerns."""
    with transaction():
        decisions.tell_of_decision(act_key)


@receiver(moderation.appeal_answered)
def tell_of_second_look(act_key: str) -> None:
    """Who asked for it."""
    with transaction():
        decisions.tell_of_decision(act_key, again=True)


@receiver(accounts.duty_changed)
def tell_of_duty(persona_id: str, duty: str, scope: str, given: bool) -> None:
    """Whose duty it is."""
    with transaction():
        telling.tell_of_duty(persona_id, duty, scope, given=given)


@receiver(conversations.message_sent)
def tell_of_message(message_key: str) -> None:
    """Those it was sent to; neither who wrote it nor a word of it."""
    with transaction():
        talks.tell_of_message(message_key)


@receiver(conversations.conversation_read)
def message_is_no_news(conversation_key: str, persona_id: str) -> None:
    """What was told of a conversation is read with it."""
    with transaction():
        talks.no_news(conversation_key, persona_id)


@receiver(accounts.link_opening, lane="urgent")
def tell_of_opening(persona_id: str, opening_id: str) -> None:
    """Whose link may be opened."""
    with transaction():
        telling.tell_of_opening(persona_id, opening_id)


@receiver(directory.keeper_reminded)
def tell_of_old_records(persona_ids: list[str], organization_id: str, month: str) -> None:
    """Those who keep the records of an organization."""
    with transaction():
        kept_records.tell_keepers(persona_ids, organization_id, month)


@receiver(directory.persona_told)
def tell_of_directory(persona_ids: list[str], what: str, about: str, event: str) -> None:
    """Whom the directory names."""
    with transaction():
        kept_records.tell_of(persona_ids, what, about, event)


@receiver(accounts.persona_left)
def forget(persona_id: str) -> None:
    """Nobody is told any more, and nothing of it stays."""
    with transaction():
        telling.forget(persona_id)
