"""What must be true of the data, whatever was killed when. Each check yields a sentence per violation.

``promises`` compares with what the writers were told; the others need nothing but the rows. They run
inside an application of their own, while the site is up and nobody writes.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import select

from community.accounts.viewer import viewer_of
from community.core import clock
from community.core.db import db
from community.core.idempotency import Once
from community.core.jobs import Job
from community.forum import checks as forum
from community.forum.models import Post, Reaction, Revision, Space, Topic
from community.forum.queries.drafts import kept as kept_draft
from community.notifications.models import Notice
from community.operations import checks as operations
from community.search.engine import site_index
from community.search.index import Query
from community.search.sources import all_sources
from tests.soak.ledger import Ledger, Message, Written

QUEUE_SECONDS = 120.0


def rows() -> Iterator[str]:
    """Everything that rows alone can show."""
    yield from engine()
    yield from forum.numbers()
    yield from forum.counters()
    yield from reactions()
    yield from revisions()
    yield from half_made()


def engine() -> Iterator[str]:
    """The engine's own checks of its file."""
    yield from operations.engine()


def reactions() -> Iterator[str]:
    """The number under a post is the number of people."""
    yield from forum.reactions()


def revisions() -> Iterator[str]:
    """Each edit left the text that stood before it."""
    yield from forum.revisions()


def half_made() -> Iterator[str]:
    """No topic without a first post; no form that is called sent and led nowhere."""
    yield from operations.sent_forms()
    yield from forum.first_posts()


# What writers were told


def promises(ledger: Ledger) -> Iterator[str]:
    """Everything that was answered is there, once; nothing is there that nobody asked for."""
    there = _posts()
    yield from _written(ledger, there)
    by_key = {row.key: row for row in there}
    for message in ledger.known():
        yield from _message(message, by_key.get(message.key))
    yield from _reacted(ledger)
    yield from _drafts(ledger)


class Row(NamedTuple):
    """A post as it is stored."""

    id: int
    key: str
    author: str
    body: str
    state: str
    kept: bool


def _posts() -> list[Row]:
    columns = (Post.id, Post.key, Post.author_id, Post.body, Post.state, Post.accepted_at.is_not(None))
    return [Row(*values) for values in db.session.execute(select(*columns))]


def _written(ledger: Ledger, there: Collection[Row]) -> Iterator[str]:
    """One post for each form that was answered, one or none where the answer never came."""
    earliest = select(Revision.post_id, Revision.body).where(Revision.version == 1)
    first_texts = {post_id: body for post_id, body in db.session.execute(earliest)}  # noqa: C416 - as above
    found = Counter(_mark(first_texts.get(row.id, row.body)) for row in there if row.state == "shown")
    gone = {mark for m in ledger.known() if True in m.withdrawn.values for mark in m.marks}
    for one in ledger.written:
        count, what = found.pop(one.mark, 0), "question" if one.title else "reply"
        if count > 1:
            yield f"a {what} sent {one.sent} times with one key is there {count} times"
        if one.promised and not count and one.mark not in gone:
            yield f"a {what} was answered and is not there ({one.mark})"
        if not one.promised and not one.lost and count:
            yield f"a {what} was refused and is there all the same ({one.mark})"
        if len(one.led_to) > 1:
            yield f"a {what} sent {one.sent} times led to {len(one.led_to)} places"
        if one.promised and not _is_kept(one):
            yield f"the key of an answered {what} is not remembered ({one.mark})"
    for mark in found:
        yield f"a post that nobody sent: {mark!r}"


def _is_kept(written: Written) -> bool:
    return db.session.get(Once, key_hash(written)) is not None


def key_hash(written: Written) -> str:
    """Under what the site remembers that this form was sent."""
    return hashlib.sha256(f"{written.author}\n{written.form_key}".encode()).hexdigest()


def _mark(body: str) -> str:
    return body.partition(": ")[2].partition(".")[0]


def _message(message: Message, row: Row | None) -> Iterator[str]:
    if row is None:
        yield f"post {message.key} was seen and is gone"
        return
    if (row.state == "withdrawn") not in message.withdrawn.values:
        yield f"post {message.key} is {row.state}; its author was told otherwise"
    if row.state != "shown":
        return
    if _mark(row.body) not in message.says.values:
        yield f"post {message.key} says {_mark(row.body)}, not one of {sorted(message.says.values)}"
    if row.kept not in message.kept.values:
        yield f"post {message.key} is {'' if row.kept else 'not '}kept; the asker was told otherwise"


def _reacted(ledger: Ledger) -> Iterator[str]:
    rows = db.session.execute(
        select(Post.key, Reaction.persona_id, Reaction.kind).join(Post, Post.id == Reaction.post_id)
    )
    there = {(key, persona, kind) for key, persona, kind in rows}
    shown = set(db.session.scalars(select(Post.key).where(Post.state == "shown")))
    for message in ledger.known():
        for (persona, kind), state in message.reactions.items():
            found = (message.key, persona, kind) in there
            there.discard((message.key, persona, kind))
            if message.key in shown and found not in state.values:
                what = "there" if found else "missing"
                yield f"post {message.key}, {kind}: {what}, against what was answered"
    for key, _, kind in there:
        yield f"post {key}, {kind}: a reaction that nobody pressed"


def _drafts(ledger: Ledger) -> Iterator[str]:
    for (persona, place), state in ledger.drafts.items():
        viewer = viewer_of(persona)
        fields = kept_draft(viewer, place) if viewer else None
        found = _mark(str(fields["body"])) if fields else ""
        if found not in state.values:
            yield f"the draft at {place} says {found!r}, not one of {sorted(state.values)}"


# Those who are told


def told() -> Iterator[str]:
    """Who asked was told of each answer by another, once: in the site, whatever becomes of the mail."""
    asked = (Post.number > 1, Post.state == "shown", Post.author_id != Topic.author_id)
    notices = sa.and_(
        Notice.persona_id == Topic.author_id,
        Notice.event == sa.literal("post:") + sa.cast(Post.id, sa.String),
    )
    counted = (
        select(Post.key, sa.func.count(Notice.id))
        .join(Post.topic)
        .outerjoin(Notice, notices)
        .where(*asked)
        .group_by(Post.key)
    )
    for key, count in db.session.execute(counted):
        if count != 1:
            yield f"the asker was told {count} times of post {key}"


# Jobs and search


def queue_empties(seconds: float = QUEUE_SECONDS) -> Iterator[str]:
    """Every job that is due runs, none is given up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and _unfinished():
        time.sleep(0.1)
    for name, state, attempts, problem in _unfinished():
        yield f"job {name} is {state} after {attempts} attempts: {problem}"


def _unfinished() -> list[tuple[str, str, int, str]]:
    """Jobs that are due, were tried, or were given up. What waits for another day is well."""
    db.session.rollback()
    due = sa.or_(Job.state == "dead", Job.run_at <= clock.now(), Job.attempts > 0)
    found = db.session.execute(select(Job.name, Job.state, Job.attempts, Job.problem).where(due).limit(5))
    return [(name, state, attempts, problem) for name, state, attempts, problem in found]


def by_a_clock_ahead() -> bool:
    """Whether a job waits for about an hour, as one does that was written by a clock an hour ahead."""
    db.session.rollback()
    hour = sa.and_(
        Job.state == "waiting", Job.run_at > clock.ago(minutes=-46), Job.run_at < clock.ago(minutes=-61)
    )
    return bool(db.session.scalar(select(sa.func.count()).select_from(Job).where(hour)))


def jobs_there() -> Iterator[str]:
    """Each job there is, soonest first: for whoever reads of a violation, and of nothing else."""
    columns = (Job.name, Job.state, Job.attempts, Job.claimed_by, Job.run_at, Job.problem)
    for name, state, attempts, claimed_by, run_at, problem in db.session.execute(
        select(*columns).order_by(Job.run_at).limit(12)
    ):
        due = (run_at - clock.now()).total_seconds()
        yield f"  {name}: {state}, due in {due:.1f} s, {attempts} attempts, {claimed_by or 'free'} {problem}"


def search() -> Iterator[str]:
    """The index holds every shown post and nothing else."""
    known = site_index().ids()
    for source in all_sources():
        there = {one.partition(":")[2] for one in known if one.startswith(f"{source.kind}:")}
        wanted = set(_every_key(source))
        if missing := wanted - there:
            yield f"{len(missing)} of {len(wanted)} posts are in no index"
        if left := there - wanted:
            yield f"{len(left)} documents of the index are no posts any more"


def _every_key(source: object) -> Iterator[str]:
    after = ""
    while keys := source.keys(after, 500):  # type: ignore[attr-defined]
        yield from keys
        after = keys[-1]


def found(messages: Collection[Message]) -> Iterator[str]:
    """Each post is found by the words it has now, alone, and by none that it had before."""
    spaces = frozenset(db.session.scalars(select(Space.id)))
    rows = {row.key: row for row in _posts()}
    for message in messages:
        row = rows.get(message.key)
        if row is None:
            continue
        now = _mark(row.body) if row.state == "shown" else ""
        for mark in message.marks:
            hits = site_index().search(Query(mark, spaces, clock.now()))
            keys = [hit.key for hit in hits.hits]
            if keys != ([message.key] if mark == now else []):
                yield f"search for {mark} finds {keys}; post {message.key} says {now or 'nothing'}"
