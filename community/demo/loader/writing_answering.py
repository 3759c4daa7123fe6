"""Writing what the demonstration's people can answer, and sending the questions that wait on their way."""

from __future__ import annotations

from sqlalchemy import select

from community.accounts.viewer import viewer_of
from community.core.db import db
from community.demo.loader.answering import Answering
from community.demo.loader.moments import Calendar
from community.forum.models import Topic
from community.forum.queries.reading import needs_answer
from community.routing.models import OnCall
from community.routing.services import asking
from community.routing.services import preferences as routing


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
