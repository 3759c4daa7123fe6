"""Writing the demonstration: the one place that does, in the transaction of the caller.

People come through the services of accounts, which tie their names to their accounts in the vault;
titles and conversations are written as rows, because services write as of now and these have dates of
their own. What was loaded is remembered by keyless marks of the files' ids, never by name: nothing in
the database says which names belong to one account.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from community.accounts import services as accounts
from community.accounts.models import AFFILIATIONS, CLINICIANS, Credential, CredentialDecision, Persona
from community.accounts.names import skeleton
from community.accounts.viewer import OPERATOR, Viewer, viewer_of
from community.core import store
from community.core.announce import announce
from community.core.db import db
from community.core.i18n import speaking
from community.core.ids import new_key
from community.core.text import RENDERER_VERSION, render
from community.demo.loader.answering import Answering
from community.demo.loader.committees import Committee
from community.demo.loader.moments import Calendar
from community.demo.loader.people import Also, Person, Title, names
from community.demo.loader.topics import Conversation, Said
from community.forum.citations import cite
from community.forum.composer import quoted
from community.forum.models import Post, PostSource, Reaction, Space, SpaceMember, Topic, TopicGuest
from community.forum.models.posts import REACTIONS
from community.forum.queries.reading import needs_answer
from community.forum.services import committees as committee_services
from community.forum.services.answers import months_later
from community.forum.services.committees import MeetingWords
from community.forum.services.topics import case_of
from community.forum.signals import topics_imported
from community.routing.models import OnCall
from community.routing.services import asking
from community.routing.services import preferences as routing

_LOADED = "demonstration.loaded"
_ANNOUNCED_TOGETHER = 10
_READ = {
    "fr": "Nom et numéro vus au registre public de l’ordre (registre inventé, pour la démonstration).",
    "en": "Name and number seen in the college’s public register (an invented one, for the demonstration).",
}
_CALLED = {
    "fr": "Confirmé au numéro publié par l’organisme (inventé, pour la démonstration).",
    "en": "Confirmed at the number that the organization publishes (an invented one, for the demonstration).",
}


class Loaded:
    """What an earlier run has written, by marks of the ids."""

    def __init__(self) -> None:
        self._marks: set[str] = set(store.get(_LOADED, []))

    def has(self, kind: str, name: str) -> bool:
        """Whether this was written before."""
        return _mark(kind, name) in self._marks

    def add(self, kind: str, ids: Iterable[str]) -> None:
        """Remember them, in the open transaction."""
        self._marks |= {_mark(kind, name) for name in ids}
        store.put(_LOADED, sorted(self._marks))


def _mark(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}\n{name}".encode()).hexdigest()[:16]


# People


def persona_ids() -> dict[str, str]:
    """The persona of each name of the files that is here, by the id of the files."""
    wanted = {skeleton(name.name): key for key, name in names().items()}
    rows = db.session.execute(select(Persona.skeleton, Persona.id).where(Persona.skeleton.in_(wanted)))
    return {wanted[str(read)]: persona_id for read, persona_id in rows}


def add_person(person: Person, password_hash: str, since: date) -> None:
    """An account with its name, and its second one when it has one.

    :param since: the month from which the community knows the name.
    """
    member_id, persona_id, _code = accounts.bring_in(
        _wish(person), email=f"{person.id}@demo.invalid", password_hash=password_hash
    )
    _known_since(persona_id, since)
    if person.also is not None:
        second, _code = accounts.make_persona(member_id, _wish(person.also), vouched=True)
        _known_since(second.id, since)


def _wish(name: Person | Also) -> accounts.Wish:
    region = name.region if isinstance(name, Person) else ""
    return accounts.Wish(name.kind, name.name, name.groups, region or None, name.lang)


def _known_since(persona_id: str, since: date) -> None:
    persona = db.session.get_one(Persona, persona_id)
    persona.made_on = since.replace(day=1)
    db.session.flush()


def add_title(person: Person, ids: dict[str, str], deciders: Sequence[str], calendar: Calendar) -> None:
    """A title with its dated steps: claimed, then read in the register by two people."""
    title = person.credential
    if title is None:
        return
    since, until = _span(title, calendar)
    row = Credential(
        persona_id=ids[person.id],
        profession=title.profession,
        jurisdiction=title.jurisdiction,
        state="lapsed" if title.state == "expired" else title.state,
        since=None if title.state == "claimed" else since,
        until=until,
        claimed_at=since if title.state == "claimed" else since - timedelta(days=4),
        proof="" if title.state == "claimed" else "mailbox",
        proved_on=None if title.state == "claimed" else (since - timedelta(days=3)).date(),
    )
    db.session.add(row)
    db.session.flush()
    by = [ids[name] for name in deciders if name != person.id]
    for number, (decision, who, reason, at) in enumerate(_steps(person, title, by, since, until), 1):
        db.session.add(
            CredentialDecision(
                credential_id=row.id,
                number=number,
                decision=decision,
                by=who or row.persona_id,
                reason=reason,
                at=at,
            )
        )
    db.session.flush()


def _span(title: Title, calendar: Calendar) -> tuple[datetime, datetime | None]:
    since = calendar.at(-title.since_days, 10, 20)
    return since, None if title.until_days is None else calendar.at(title.until_days, 10, 20)


def _steps(
    person: Person, title: Title, by: Sequence[str], since: datetime, until: datetime | None
) -> Iterable[tuple[str, str, str, datetime]]:
    reason = (_CALLED if title.profession in AFFILIATIONS else _READ)[person.lang]
    if title.state == "claimed":
        yield "claimed", "", "", since
        return
    yield "claimed", "", "", since - timedelta(days=4)
    if len(by) > 1 and title.profession in CLINICIANS:
        yield "pending", by[1], reason, since - timedelta(days=2)
    yield "verified", by[0], reason, since
    if title.state == "expired" and until is not None:
        yield "lapsed", "calendar", "", until


def give_duties(person: Person, ids: dict[str, str]) -> None:
    """What the community entrusts to this person."""
    for duty in person.duties:
        name, _colon, scope = duty.partition(":")
        accounts.give_duty(OPERATOR, ids[person.id], name, scope)


def let_in(person: Person, ids: dict[str, str], spaces: dict[str, Space], calendar: Calendar) -> None:
    """The spaces the person belongs to, and those it is a guest of for some days."""
    for slug in person.member_of:
        _join(spaces[slug], ids[person.id], "member")
    for slug in person.guest_of:
        host = next((ids[other.id] for other in names().values() if _keeps(other, slug)), None)
        _join(spaces[slug], ids[person.id], "guest", calendar.at(person.guest_days, 12), host)


def _keeps(name: Person | Also, slug: str) -> bool:
    return isinstance(name, Person) and name.moderates(slug)


def _join(
    space: Space, persona_id: str, standing: str, until: datetime | None = None, by: str | None = None
) -> None:
    row = db.session.get(SpaceMember, (space.id, persona_id))
    if row is None:
        row = SpaceMember(space_id=space.id, persona_id=persona_id)
        db.session.add(row)
    row.standing, row.until, row.invited_by = standing, until, by
    db.session.flush()


# Conversations


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


# Committees


def add_committee(one: Committee, ids: dict[str, str], space: Space, calendar: Calendar) -> None:
    """A committee's members, mandate, meetings and decisions, written by its chair."""
    for name in one.members:
        _join(space, ids[name], "chair" if name == one.chair else "member")
    chair = viewer_of(ids[one.chair])
    if chair is None:
        return
    committee_services.write_mandate(chair, space, one.mandate_en, one.mandate_fr)
    _meet(one, chair, space, calendar)


def _meet(one: Committee, chair: Viewer, space: Space, calendar: Calendar) -> None:
    held = {}
    for meeting in one.meetings:
        starts_at = calendar.at(meeting.days_from_now, meeting.hour)
        said = MeetingWords(starts_at, meeting.lang, meeting.agenda, meeting.minutes)
        held[meeting.days_from_now] = committee_services.call_meeting(chair, space, said)
    for decision in one.decisions:
        committee_services.record_decision(
            chair,
            space,
            decision.text,
            lang=decision.lang,
            decided_on=calendar.at(decision.days_from_now, 12).date(),
            meeting=held.get(decision.days_from_now),
        )


# Answering


def add_answering(found: Answering, ids: dict[str, str], calendar: Calendar) -> None:
    """What each name can answer, and the days on call that names took."""
    for one in found.said:
        viewer = viewer_of(ids[one.person])
        if viewer is not None:
            routing.say(viewer, routing.Said(one.weekly, one.themes, (), one.langs, by_name=one.by_name))
    for turn in found.on_call:
        first, last = (calendar.at(day, 12).date() for day in (turn.from_day, turn.until_day))
        persona = ids[turn.person]
        db.session.add(
            OnCall(
                theme=turn.theme,
                persona_id=persona,
                from_on=first,
                until_on=last,
                state="agreed",
                set_by=persona,
            )
        )
    db.session.flush()


def send_on_their_way() -> None:
    """The questions that wait, the longest wait first: the steps that are due follow as jobs."""
    rows = select(Topic.id).where(needs_answer()).order_by(Topic.created_at)
    for topic_id in db.session.scalars(rows).all():
        asking.begin(topic_id)
