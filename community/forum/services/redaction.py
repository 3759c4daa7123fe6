"""Taking a passage out of what was published, everywhere it was kept: it may identify a patient.

The message itself, what it said before, its title, its sources, its reports, and what other messages
quoted of it, of the topic and of those that it was once one with. Who keeps a copy elsewhere (the index,
moderation) hears of it and lets go.
The record of the act says how many places there were, and never the words.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Invalid
from community.core.identifiers import REMOVED, Finding, scan, without_numbers
from community.core.text import render
from community.core.tidy import tidy
from community.forum.models import Post, PostSource, Report, Revision, Topic
from community.forum.permissions import may_hide
from community.forum.services import attachments, erased_again
from community.forum.services.kinship import kin_of
from community.forum.services.posts import recount
from community.forum.signals import passage_going, post_changed, post_redacted, topic_changed

LEAST, MOST = 2, 300  # characters of a passage


def found_in(post: Post) -> tuple[Finding, ...]:
    """What the guard notices in a message and, where it is the first, in the title of its topic."""
    texts = (post.body, post.topic.title) if post.number == 1 else (post.body,)
    by_token = {one.token: one for text in texts for one in scan(text).findings}
    return tuple(by_token.values())


def redact(
    viewer: Viewer, post: Post, passages: Sequence[str], reason: str, files: Collection[str] = ()
) -> int:
    """Take passages out of a message and out of all that repeats them. Returns in how many places.

    :param files: keys of its files, each removed whole.
    :raises Invalid: a passage is too short or too long, or is nowhere in the message.
    """
    require(may_hide(viewer, post))
    reason = without_numbers(tidy(reason).replace("\x00", ""))
    if not 3 <= len(reason) <= 1_000:
        raise Invalid("reason", _l("Give a reason of 3 to 1,000 characters: the author may ask for it."))
    passages = [words for words in passages if words]
    if not (passages or files) or not all(LEAST <= len(words) <= MOST for words in passages):
        raise Invalid("passage", _l("Choose what is to be taken out, or write it: 2 to 300 characters."))
    kin = kin_of(post.topic)
    ids = [topic.id for topic in kin]
    before = set(erased_again.texts(ids))
    places = attachments.remove(post, files)
    places += sum(_take_out(post, kin, words) for words in sorted(passages, key=len, reverse=True))
    if not places:
        raise Invalid("passage", _l("This is nowhere in the message. Write it as it stands there."))
    erased_again.redacted(before, ids)
    recount(post.topic)
    audit.record(viewer.persona_id or "", "forum.redacted", post.key, reason=reason, places=places)
    for topic in kin:
        announce(topic_changed, topic_id=topic.id)
    announce(post_redacted, post_id=post.id)
    return places


def _take_out(post: Post, kin: Sequence[Topic], words: str) -> int:
    """Out of every message of these topics: others may have quoted it."""
    found = {topic.id: _out_of_topic(topic, post, words) for topic in kin}
    for topic_id, places in found.items():
        if places:
            announce(passage_going, topic_id=topic_id, words=words)
    return sum(found.values())


def _out_of_topic(topic: Topic, post: Post, words: str) -> int:
    places = int(words in topic.title)
    topic.title = topic.title.replace(words, REMOVED)
    posts = db.session.scalars(select(Post).where(Post.topic_id == topic.id).order_by(Post.id)).all()
    for one in posts:
        here = _out_of_post(one, words)
        if here:
            announce(post_changed, post_id=one.id)
            if one.id != post.id:
                announce(post_redacted, post_id=one.id)
        places += here
    return places


def _out_of_post(post: Post, words: str) -> int:
    places = _out_of_text(post, words)
    for earlier in db.session.scalars(select(Revision).where(Revision.post_id == post.id)):
        places += _out_of_text(earlier, words)
        if earlier.title and words in earlier.title:
            earlier.title = earlier.title.replace(words, REMOVED)
            places += 1
    for source in db.session.scalars(select(PostSource).where(PostSource.post_id == post.id)):
        if words in source.ref or words in source.label:
            source.ref = source.ref.replace(words, REMOVED)
            source.label = source.label.replace(words, REMOVED)
            places += 1
    for report in db.session.scalars(select(Report).where(Report.post_id == post.id)):
        if words in report.words:
            report.words = report.words.replace(words, REMOVED)
            places += 1
    places += attachments.take_out(post, words, REMOVED)
    if places:
        post.edited_at = clock.now()  # kept pages of it are of before
    return places


def _out_of_text(said: Post | Revision, words: str) -> int:
    if words not in said.body:
        return 0
    said.body = said.body.replace(words, REMOVED)
    said.html = render(said.body)
    return 1
