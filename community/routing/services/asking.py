"""Laying questions before people: step by step, by name, and the next one after "not me".

Everything is written in the transaction of whoever calls, jobs included. Each step is taken once: it
is claimed by an update of the question's course that says whether it succeeded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404, require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Invalid
from community.core.jobs import enqueue
from community.forum.models import Topic
from community.forum.queries.reading import needs_answer
from community.routing.choosing import choose
from community.routing.course import ON_CALL, STEPS, due
from community.routing.models import Course, Laid
from community.routing.permissions import laid_seen_by, may_ask_by_name, may_say_what_they_answer
from community.routing.queries import asking
from community.routing.signals import question_offered

MOST_BY_NAME = 3
NO_ROOM = _l("This name cannot be asked at the moment. Choose another.")


def begin(topic_id: int) -> None:
    """Put a new question on its way. Harmless when it is already."""
    if not _waits(topic_id) or db.session.get(Course, topic_id) is not None:
        return
    topic = db.session.get_one(Topic, topic_id)
    next_at = due(topic.created_at, 0)
    db.session.add(Course(topic_id=topic_id, step=0, next_at=next_at))
    db.session.flush()
    enqueue("routing.take_step", topic_id=topic_id, step=1)


def take_step(topic_id: int, step: int) -> None:
    """Take this step of the question's course, once; the next one is scheduled with it.

    A question that has an answer meanwhile is laid before nobody, and goes on: should the answer be
    withdrawn, those who come later are still asked.
    """
    topic = asking.topic_with_space(topic_id)
    if topic is None or not _claim(topic, step):
        return
    if _waits(topic_id):
        _WHOM[STEPS[step - 1].whom](topic, step)


def _claim(topic: Topic, step: int) -> bool:
    next_at = due(topic.created_at, step)
    taken = db.session.execute(
        update(Course)
        .where(Course.topic_id == topic.id, Course.step == step - 1)
        .values(step=step, next_at=next_at)
        .returning(Course.topic_id)
    ).first()
    if taken is None:
        return False
    if next_at is not None:
        enqueue("routing.take_step", run_at=_later(next_at), topic_id=topic.id, step=step + 1)
    return True


def _later(moment: datetime) -> datetime:
    return max(moment, clock.now())


def _waits(topic_id: int) -> bool:
    """Whether nobody but the asker has written yet: the forum's own rule."""
    rows = select(Topic.id).where(Topic.id == topic_id, needs_answer())
    return db.session.scalar(rows) is not None


def _those_who_fit(topic: Topic, step: int, most: int | None = None) -> None:
    laid = asking.laid_of(topic)
    chosen = choose(
        asking.candidates(),
        asking.question_of(topic),
        seed=f"{topic.key} {step}",
        asked=laid,
        may=lambda persona_id: asking.may(persona_id, topic),
        **({"most": most} if most else {}),
    )
    _lay(topic, chosen, "fits", laid)


def _those_on_call(topic: Topic, step: int) -> None:
    _by_duty(topic, asking.on_call_for(topic), "on_call")


def _those_who_keep(topic: Topic, step: int) -> None:
    _by_duty(topic, asking.keepers_for(topic), "keeper")


_WHOM = {"fits": _those_who_fit, "on_call": _those_on_call, "keeper": _those_who_keep}


def _by_duty(topic: Topic, personas: Iterable[str], why: str) -> None:
    allowed = [persona for persona in personas if asking.may(persona, topic)]
    _lay(topic, allowed, why, asking.laid_of(topic))


def _lay(topic: Topic, personas: Iterable[str], why: str, laid: dict[str, Laid]) -> None:
    """Lay the question before these; whoever has it already is told again when it became a duty, and
    never once they passed."""
    for persona in personas:
        row = laid.get(persona)
        if row is not None and (row.state != "open" or row.why == why or why in ("fits", "by_name")):
            continue
        if row is None:
            db.session.add(
                Laid(topic_id=topic.id, persona_id=persona, why=why, state="open", laid_on=asking.today())
            )
        else:
            row.why = why
        announce(question_offered, topic_id=topic.id, persona_id=persona, why=why)
    db.session.flush()


# Not me


def pass_on(viewer: Viewer, key: str) -> None:
    """Not me: no reason is asked, and the next person is. Twice is harmless.

    :raises NotFound: the question does not wait for this viewer.
    """
    require(may_say_what_they_answer(viewer))
    row = one_or_404(laid_seen_by(viewer), Topic.key == key)
    row.state = "passed"
    db.session.flush()
    enqueue("routing.replace", topic_id=row.topic_id, persona_id=viewer.persona_id)


def replace(topic_id: int, persona_id: str) -> None:
    """Ask the next person in place of one who passed; once."""
    taken = db.session.execute(
        update(Laid)
        .where(Laid.topic_id == topic_id, Laid.persona_id == persona_id, Laid.state == "passed")
        .values(state="replaced")
        .returning(Laid.topic_id)
    ).first()
    topic = asking.topic_with_space(topic_id) if taken else None
    if topic is not None and _waits(topic_id):
        _those_who_fit(topic, len(asking.laid_of(topic)) + len(STEPS), most=1)


# By name


def ask_by_name(viewer: Viewer, topic: Topic, persona_id: str) -> None:
    """Lay one's own question before a name that lets itself be asked. Twice is harmless.

    :raises Invalid: the name is not among those that may be chosen, or three were chosen already.
    """
    require(may_ask_by_name(viewer, topic), _l("Only whoever asked chooses whom to ask."))
    asking.candidates()  # takes its turn: the number a week holds for two who ask at once
    laid = asking.laid_of(topic)
    row = laid.get(persona_id)
    if row is not None and row.chosen:
        return
    if sum(one.chosen for one in laid.values()) >= MOST_BY_NAME:
        raise Invalid("persona", _l("You chose three people already. Let them answer first."))
    if persona_id not in {one.id for one in asking.names_to_ask(topic)}:
        raise Invalid("persona", NO_ROOM)
    if row is None:
        _lay(topic, [persona_id], "by_name", laid)
    elif row.state == "open":
        announce(question_offered, topic_id=topic.id, persona_id=persona_id, why="by_name")
    asking.laid_of(topic)[persona_id].chosen = True
    db.session.flush()


# Time


def wake(now: datetime) -> int:
    """Schedule again what is long due: a step that was lost, or a clock that jumped. Returns how many."""
    rows = db.session.scalars(select(Course).where(Course.next_at < now)).all()
    for row in rows:
        enqueue("routing.take_step", topic_id=row.topic_id, step=row.step + 1)
    return len(rows)


def ask_who_came_on_call() -> int:
    """Lay the questions that are at those on call before whoever is by now: a turn may have ended, or begun,
    since the step was taken. From the next step on they are the keepers'. Returns how many were looked at."""
    rows = db.session.scalars(select(Course.topic_id).where(Course.step == ON_CALL)).all()
    for topic_id in rows:
        topic = asking.topic_with_space(topic_id) if _is_at(topic_id, ON_CALL) else None
        if topic is not None and _waits(topic_id):
            _those_on_call(topic, ON_CALL)
    return len(rows)


def _is_at(topic_id: int, step: int) -> bool:
    """Whether the question is at this step; it takes no other until the transaction ends."""
    held = select(Course.topic_id).where(Course.topic_id == topic_id, Course.step == step)
    return db.session.scalar(held.with_for_update()) is not None
