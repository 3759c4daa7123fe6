"""Who is told of an event: in slices, so that a thousand followers hold nobody up.

Each slice is one transaction: its notices, their letters, and the job of the next slice. Run twice, it
finds what it wrote the first time and writes nothing more: an event is told to a persona once.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update

from community.accounts.models import Credential, CredentialDecision, Duty, Persona
from community.accounts.services import who_takes_mail
from community.accounts.viewer import viewer_of
from community.core import clock
from community.core.db import db
from community.core.ids import new_key
from community.core.jobs import enqueue_one
from community.core.pings import ring
from community.core.upsert import insert_into
from community.forum.models import Post, Report, Space, SpaceMember, Topic
from community.forum.permissions import may_moderate
from community.notifications.models import Letter, MailChoice, MailSetting, Notice
from community.notifications.rules import due
from community.notifications.services import concerned
from community.notifications.services.concerned import SLICE
from community.notifications.services.people import Recipient, hours_of, recipients

DELIVER = "notifications.deliver"
_RETURN = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class Event:
    """Something to be told: what it is about, and where."""

    name: str
    topic_id: int | None = None
    post_id: int | None = None
    number: int = 0
    space_id: int = 0
    about: str = ""
    coarse: bool = False  # nobody may learn the minute: a protected space, a protected name


def tell_of_post(post_id: int, after: str = "", *, mentions_only: bool = False) -> str:
    """Tell a slice of those whom a post concerns. Returns the last persona looked at; "" at the end."""
    for post in concerned.said([post_id]):
        kinds, last = concerned.concerned(post, after, mentions_only=mentions_only)
        tell(_of(post), kinds)
        return last
    return ""


def tell_of_posts(post_ids: Collection[int]) -> tuple[set[int], dict[int, str]]:
    """Tell those whom these posts concern, in one go: that costs little more than one post.

    Returns the posts that were left for the next go, and of long lists the last persona that was told.
    """
    told: list[tuple[Event, dict[str, str]]] = []
    left, long = set(), {}
    for post in concerned.said(post_ids):
        if sum(len(kinds) for _event, kinds in told) >= SLICE:
            left.add(post.id)
            continue
        kinds, last = concerned.concerned(post)
        told.append((_of(post), kinds))
        if last:
            long[post.id] = last
    tell_all(told)
    return left, long


def _of(post: concerned.Said) -> Event:
    return Event(f"post:{post.id}", post.topic_id, post.id, post.number, post.space_id, coarse=post.coarse)


def tell_of_kept(post_id: int) -> None:
    """Tell whose answer was kept; an answer that is kept no longer was never told of."""
    post = db.session.get(Post, post_id)
    if post is None:
        return
    event = f"kept:{post.id}"
    if post.accepted_at is None:
        db.session.execute(delete(Notice).where(Notice.event == event, Notice.persona_id == post.author_id))
        return
    topic = db.session.get_one(Topic, post.topic_id)
    if post.accepted_by != post.author_id:
        tell(_in_topic(event, topic, post, by=post.accepted_by), {post.author_id: "kept"})


def tell_of_offer(topic_id: int, persona_id: str, why: str) -> None:
    """A question was laid before somebody who can answer it; told again when it becomes their duty."""
    topic = db.session.get(Topic, topic_id)
    if topic is not None:
        event = _in_topic(f"offered:{topic.id}:{why}", topic, about=why, by=topic.author_id)
        tell(event, {persona_id: "offered"})


def _in_topic(
    name: str, topic: Topic, post: Post | None = None, about: str = "", by: str | None = None
) -> Event:
    """An event in a topic. ``by``: the persona whose act it tells, where the notice is of one's act."""
    protected = db.session.scalar(select(Space.protected).where(Space.id == topic.space_id))
    coarse = protected or db.session.scalar(select(Persona.kind == "protected").where(Persona.id == by))
    return Event(name, topic.id, post.id if post else None, 0, topic.space_id, about, coarse=bool(coarse))


def tell_of_title(persona_id: str, credential_id: str, decision: str) -> None:
    """A decision on one's title. What one claimed oneself is no news."""
    step = db.session.scalar(
        select(func.max(CredentialDecision.number)).where(
            CredentialDecision.credential_id == credential_id, CredentialDecision.decision == decision
        )
    )
    if decision != "claimed":
        event = Event(f"title:{credential_id}:{decision}:{step or 0}", about=decision)
        tell(event, {persona_id: "title"})


def tell_of_ending(persona_id: str, credential_id: str, days: int) -> None:
    """One's title ends soon: told once for each of its ends."""
    until = db.session.scalar(select(Credential.until).where(Credential.id == credential_id))
    if until is not None:
        event = Event(f"title:{credential_id}:ending:{until.date()}:{days}", about=f"ending_{days}")
        tell(event, {persona_id: "title"})


def tell_of_learner(persona_id: str, credential_id: str) -> None:
    """A learner asks for one's word."""
    asked = db.session.scalar(
        select(func.max(CredentialDecision.number)).where(
            CredentialDecision.credential_id == credential_id, CredentialDecision.decision == "claimed"
        )
    )
    tell(Event(f"title:{credential_id}:vouch:{asked or 0}", about="vouch"), {persona_id: "title"})


def tell_of_duty(persona_id: str, duty: str, scope: str, *, given: bool) -> None:
    """A duty was given to somebody or taken back."""
    about = f"{'given' if given else 'taken'} {duty} {scope}".strip()
    tell(Event(f"duty:{about}:{clock.today()}"[:120], about=about[:90]), {persona_id: "duty"})


def tell_of_opening(persona_id: str, opening_id: str) -> None:
    """The link of a name may be opened. Its letter is written by accounts, whatever was chosen here."""
    tell(Event(f"opening:{opening_id}"), {persona_id: "opening"})


def tell_of_report(report_id: str) -> None:
    """Tell those who answer for the space, but neither the author of the post nor whoever reported it.

    Once a post: a second report must not show by its moment who sent it.
    """
    report = db.session.get(Report, report_id)
    post = db.session.get(Post, report.post_id) if report else None
    if report is None or post is None:
        return
    topic = db.session.get_one(Topic, post.topic_id)
    space = db.session.get_one(Space, topic.space_id)
    told = {
        persona_id: "report"
        for persona_id in moderators_of(space) - {post.author_id, report.reporter_id}
        if (viewer := viewer_of(persona_id)) is not None and may_moderate(viewer, space)
    }
    tell(_in_topic(f"report:{post.id}", topic, post), told)


def moderators_of(space: Space) -> set[str]:
    """The names that are entrusted with this space, whether or not they still may."""
    duties = select(Duty.persona_id).where(Duty.duty == "moderator", Duty.scope == space.slug)
    leading = select(SpaceMember.persona_id).where(
        SpaceMember.space_id == space.id, SpaceMember.standing.in_(("chair", "keeper"))
    )
    return set(db.session.scalars(duties)) | set(db.session.scalars(leading))


def tell_of_returned_mail(persona_id: str) -> None:
    """Mail to this persona came back: it is told in the site, which is all that is left."""
    event = Event(f"returned:{new_key()}")
    tell(event, {persona_id: "returned"})


# Notices and their letters


def tell(event: Event, kinds: Mapping[str, str]) -> None:
    """Write the notice of an event for each of these personas, and the letters of those told at once."""
    tell_all([(event, kinds)])


def tell_all(told: Sequence[tuple[Event, Mapping[str, str]]]) -> None:
    """The same of several events, in one go."""
    found = recipients({persona_id for _event, kinds in told for persona_id in kinds})
    rows = []
    coarse = {event.name for event, _kinds in told if event.coarse}
    for event, kinds in told:
        for persona_id in kinds.keys() & found.keys():
            level = found[persona_id].level(kinds[persona_id], event.space_id)
            found[persona_id].today += level == "now"
            rows.append(_notice(event, persona_id, kinds[persona_id], level))
    fresh = _insert_new(Notice, rows)
    new = [row for row in rows if row["id"] in fresh]
    for persona_id, late in {(row["persona_id"], row["event"] in coarse) for row in new}:
        ring(persona_id, coarse=late)
    now = [row for row in new if row["told"] == "now"]
    reached = who_takes_mail({row["persona_id"] for row in now})
    now = [row for row in now if row["persona_id"] in reached]
    post_letters(
        letter(found[row["persona_id"]], row["event"], row["id"], coarse=row["event"] in coarse)
        for row in now
    )


def _notice(event: Event, persona_id: str, kind: str, level: str) -> dict[str, Any]:
    return {
        "id": new_key(),
        "persona_id": persona_id,
        "event": event.name,
        "kind": kind,
        "topic_id": event.topic_id,
        "post_id": event.post_id,
        "number": event.number,
        "about": event.about,
        "at": clock.now(),
        "read": False,
        "told": level,
    }


def _insert_new(table: type[Notice] | type[Letter], rows: Sequence[dict[str, Any]]) -> set[str]:
    """Add those of these rows that are not there yet. Returns their ids."""
    if not rows:
        return set()
    made = insert_into(table.__table__).on_conflict_do_nothing(index_elements=["persona_id", "event"])
    return set(db.session.scalars(made.returning(table.id), rows))


def letter(who: Recipient, event: str, notice_id: str | None, *, coarse: bool = False) -> dict[str, Any]:
    """A letter to be delivered when the persona's hours allow; ``coarse``: after a quarter of the hour."""
    ready = clock.quarter_after(clock.now()) if coarse else clock.now()
    return {
        "id": new_key(),
        "persona_id": who.id,
        "event": event,
        "notice_id": notice_id,
        "due_at": due(ready, *hours_of(who.setting)),
        "state": "waiting",
        "attempts": 0,
        "turn": None,
        "return_key": "".join(secrets.choice(_RETURN) for _ in range(26)),
    }


def post_letters(letters: Iterable[dict[str, Any]]) -> None:
    """Put letters into the box, once each, and ask for a delivery when the first is due."""
    rows = list(letters)
    if rows:
        _insert_new(Letter, rows)
        enqueue_one(DELIVER, run_at=min(row["due_at"] for row in rows), turn=new_key())


def forget(persona_id: str) -> None:
    """Drop everything of a name that was left behind."""
    for table in (Letter, Notice, MailChoice, MailSetting):
        db.session.execute(delete(table).where(table.persona_id == persona_id))


def stop_mail(persona_id: str) -> None:
    """Mail to this persona came back: write no more until it says so. Told once."""
    row = db.session.get(MailSetting, persona_id)
    if row is not None and row.stopped:
        return
    made = insert_into(MailSetting).values(persona_id=persona_id, zone="", stopped=True)
    db.session.execute(made.on_conflict_do_update(index_elements=["persona_id"], set_={"stopped": True}))
    db.session.execute(
        update(Letter)
        .where(Letter.persona_id == persona_id, Letter.state == "waiting")
        .values(state="dropped")
    )
    tell_of_returned_mail(persona_id)
