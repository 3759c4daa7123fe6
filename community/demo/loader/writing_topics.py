"""Writing the demonstration's conversations, as rows with dates of their own, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from flask_babel import gettext as _

from community.core.announce import announce
from community.core.db import db
from community.core.i18n import speaking
from community.core.ids import new_key
from community.core.text import RENDERER_VERSION, render
from community.demo.loader.moments import Calendar
from community.demo.loader.people import names
from community.demo.loader.topics import Conversation, Said
from community.forum.citations import cite
from community.forum.composer import quoted
from community.forum.models import Post, PostSource, Reaction, Space, Topic, TopicGuest
from community.forum.models.posts import REACTIONS
from community.forum.services.answers import months_later
from community.forum.services.topics import case_of
from community.forum.signals import topics_imported

_ANNOUNCED_TOGETHER = 10


def add_conversations(
    conversations: Sequence[Conversation], ids: dict[str, str], spaces: dict[str, Space], calendar: Calendar
) -> int:
    """Write these conversations and announce them. Returns how many posts they have."""
    topics = [_Writer(one, ids, spaces[one.space], calendar).write() for one in conversations]
    for start in range(0, len(topics), _ANNOUNCED_TOGETHER):
        some = topics[start : start + _ANNOUNCED_TOGETHER]
        announce(topics_imported, topic_ids=[topic.id for topic in some])
    return sum(len(one.said) for one in conversations)


@dataclass
class _Writer:
    """Writes one conversation."""

    one: Conversation
    ids: dict[str, str]
    space: Space
    calendar: Calendar
    posts: list[Post] = field(default_factory=list)

    def write(self) -> Topic:
        """The topic, its posts with sources and reactions, its guest, its counters."""
        moments = self.calendar.posts(self.one)
        topic = self._topic(moments[0])
        db.session.add(topic)
        db.session.flush()
        if self.one.facts:
            db.session.add(case_of(topic, self.one.bands))
        for number, (said, at) in enumerate(zip(self.one.said, moments, strict=True), 1):
            self.posts.append(self._post(topic, number, said, at))
        db.session.add_all(self.posts)
        db.session.flush()
        for post, said in zip(self.posts, self.one.said, strict=True):
            self._react(post, said)
        if self.one.guest:
            guest = TopicGuest(
                topic_id=topic.id, persona_id=self.ids[self.one.guest], invited_by=topic.author_id
            )
            db.session.add(guest)
        self._count(topic)
        return topic

    def _topic(self, at: datetime) -> Topic:
        one = self.one
        return Topic(
            space_id=self.space.id,
            region=one.region or None,
            theme=one.theme or None,
            kind=one.kind,
            level=one.level,
            lang=one.lang,
            title=one.title,
            author_id=self.ids[one.author],
            state="closed" if one.closed else "open",
            created_at=at,
            last_post_at=at,
            note=",".join(one.said[0].note),
        )

    def _post(self, topic: Topic, number: int, said: Said, at: datetime) -> Post:
        lang = said.lang or self.one.lang
        body = "" if said.withdrawn else self._quotation(said, lang) + said.body
        post = Post(
            key=new_key(),
            topic_id=topic.id,
            number=number,
            author_id=self.ids[said.author],
            body=body,
            html=render(body),
            html_version=RENDERER_VERSION,
            lang=lang,
            basis="" if said.withdrawn else said.basis,
            note="" if said.withdrawn else ",".join(said.note),
            state="withdrawn" if said.withdrawn else "shown",
            created_at=at,
            sources=[] if said.withdrawn else _sources(said),
        )
        if said.accepted:
            self._keep(topic, post, said)
        return post

    def _quotation(self, said: Said, lang: str) -> str:
        """The first paragraph of what the reply is about, as the composer would quote it."""
        if not said.quote:
            return ""
        about = self.one.said[said.quote - 1]
        with speaking(lang):
            words = _("%(name)s wrote:", name=names()[about.author].name)
        return quoted(about.body.split("\n\n")[0], words)

    def _keep(self, topic: Topic, post: Post, said: Said) -> None:
        kept = min(post.created_at + timedelta(hours=18), self.calendar.now)
        post.accepted_at, post.accepted_by = kept, topic.author_id
        post.jurisdiction = said.jurisdiction or None
        post.valid_until = months_later(kept.date(), said.valid_months)

    def _react(self, post: Post, said: Said) -> None:
        if said.withdrawn:
            return
        for kind, who in said.reactions:
            db.session.add(Reaction(post_id=post.id, persona_id=self.ids[who], kind=kind))
        for kind in REACTIONS:
            setattr(post, f"{kind}_count", len(getattr(said, kind)))

    def _count(self, topic: Topic) -> None:
        """The counters, as ``forum.services.posts.recount`` would find them."""
        shown = [post for post in self.posts if post.state == "shown"]
        by_others = [post.created_at for post in shown if post.author_id != topic.author_id]
        reviews = [post.valid_until for post in shown if post.valid_until]
        topic.last_number, topic.post_count = len(self.posts), len(shown)
        topic.last_post_at = max(post.created_at for post in shown)
        topic.answered_at = min(by_others, default=None)
        topic.accepted_count = sum(post.accepted_at is not None for post in shown)
        topic.review_by = datetime.combine(min(reviews), time(), UTC) if reviews else None
        db.session.flush()


def _sources(said: Said) -> list[PostSource]:
    cited = [cite(**source) for source in said.sources]
    return [
        PostSource(position=place, kind=source.kind, ref=source.ref, label=source.label)
        for place, source in enumerate(cited, 1)
    ]
