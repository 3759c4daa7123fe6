"""What somebody can answer, who is on call, and the clock that moves on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from community.core import clock
from community.core.db import db, transaction
from community.core.jobs import Job, run_waiting_jobs
from community.forum.models import Space, Topic
from community.forum.services import topics
from community.forum.services.posts import Writing
from community.forum.services.topics import Heading
from community.routing.models import Course, Laid, OnCall
from community.routing.queries.asking import today
from community.routing.services.preferences import Said, say
from tests import cast as people
from tests.cast import Someone


def can_answer(who: Someone, weekly: int = 5, **more: Any) -> Someone:
    """This name says what it can answer."""
    with transaction():
        say(who.viewer, Said(weekly, **more))
    return who


def clinician(name: str, weekly: int = 5, **more: Any) -> Someone:
    """One more verified physician who can answer."""
    with transaction():
        who = people.persona(name, groups=["physician"])
        people.title(who, "physician")
    return can_answer(who, weekly, **more)


def question(space: Space, author: Someone, title: str = "What first?", **more: Any) -> Topic:
    """A question, asked as people ask; its jobs wait."""
    with transaction():
        return topics.start(
            author.viewer,
            db.session.get_one(Space, space.id),
            Heading("question", title, **more),
            Writing("Some words about it.", "en"),
        )


def on_call(who: Someone, theme: str = "opioids", **more: Any) -> OnCall:
    """Somebody on call for a theme, today unless said otherwise."""
    with transaction():
        row = OnCall(
            **{
                "theme": theme,
                "persona_id": who.persona_id,
                "from_on": today(),
                "until_on": today() + timedelta(days=2),
                "state": "agreed",
                "set_by": who.persona_id,
                **more,
            }
        )
        db.session.add(row)
    return row


def later(topic: Topic, **parts: float) -> None:
    """So much time goes by: what the question waits for comes nearer, and runs when it is due."""
    gone = timedelta(**parts)
    with transaction():
        db.session.execute(update(Job).values(run_at=Job.run_at))
        for job in db.session.scalars(select(Job)):
            job.run_at -= gone
        row = db.session.get_one(Topic, topic.id)
        row.created_at -= gone
        for course in db.session.scalars(select(Course).where(Course.next_at.is_not(None))):
            assert course.next_at is not None
            course.next_at -= gone
    run_waiting_jobs()


def asked(topic: Topic) -> dict[str, str]:
    """Before whom the question was laid, and why."""
    rows = db.session.scalars(select(Laid).where(Laid.topic_id == topic.id))
    return {row.persona_id: row.why for row in rows}


def waiting_steps(topic: Topic) -> int:
    """How many steps of this question are in the job table, from now on."""
    rows = db.session.scalars(select(Job).where(Job.name == "routing.take_step", Job.state == "waiting"))
    return sum(row.arguments["topic_id"] == topic.id and row.run_at > clock.ago(days=9) for row in rows)
