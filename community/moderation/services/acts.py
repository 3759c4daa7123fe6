"""What each act changes, what undoing it puts back, and until when it holds.

Whether somebody may, what is recorded and who is told is ``acting``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core import clock, pings
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.forum.models import Post, Space, Topic
from community.forum.pings import list_changed
from community.forum.services import closed
from community.forum.signals import topic_changed
from community.moderation import targets
from community.moderation.models import Act, Matter
from community.moderation.queries.matters import destinations, no_wider
from community.moderation.services import editing, reshaping

DAYS = (1, 3, 7, 14, 30, 90)
MINUTES = (5, 15, 30, 60, 180)
SLOW_DAYS = 7


@dataclass(frozen=True)
class Ruling:
    """What a moderator decides, and what is told about it."""

    act: str
    reason: str
    text: str = ""  # the code of a template
    words: str = ""
    days: int = 0
    minutes: int = 0
    space: str = ""  # the slug of where it is moved
    body: str = ""  # what an edited message says
    title: str = ""  # of what is split off
    into: str = ""  # the address of the topic it is merged into
    read: str = ""  # the mark of what was read before; "": whatever it says


# What undoing needs, and until when it holds.
Done = tuple[dict[str, Any], datetime | None]


def do(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    """Change what the act of a ruling changes. :raises Invalid: a field names nothing that can be done."""
    return _DO[ruling.act](viewer, matter, ruling)


def put_back(act: Act, matter: Matter) -> None:
    """What an act changed is as before; one that only held for a time ends."""
    _UNDO.get(act.act, _only_ends)(act, matter)


# Doing


def _nothing(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    return {}, None


def _hide(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    target, subject = targets.of(matter.kind), targets.look(matter.kind, matter.thing)
    if target is not None and target.hide is not None:
        target.hide(matter.thing)
    held = {"held": True} if subject and subject.held else {}
    return {"state": subject.state if subject else "shown", **held}, None


def _restore(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    target, subject = targets.of(matter.kind), targets.look(matter.kind, matter.thing)
    if target is not None and target.show is not None:
        target.show(matter.thing)
    return {"state": subject.state if subject else "hidden"}, None


def _topic(key: str) -> Topic:
    rows = select(Topic).where(Topic.key == key).options(joinedload(Topic.space))
    found = db.session.scalars(rows).first()
    if found is None:
        raise Conflict(_l("This topic is gone: its messages are in another one."))
    return found


def _turn(topic: Topic, state: str) -> None:
    topic.state = state
    list_changed(topic)
    announce(topic_changed, topic_id=topic.id)


def _lock(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    topic = _topic(matter.topic)
    before = topic.state
    if before == "open":
        _turn(topic, "closed")
    elif before == "hidden":  # closed once it is shown
        before = "closed" if closed.is_closed(topic) else "open"
        closed.remember(topic)
    return {"state": before}, None


def _slow(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    if ruling.minutes not in MINUTES:
        raise Invalid("minutes", _l("Choose how many minutes."))
    return {}, clock.now() + timedelta(days=SLOW_DAYS)


def _move(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    topic = _topic(matter.topic)
    there = next((one for one in destinations(viewer, matter) if one.slug == ruling.space), None)
    if there is None or there.id == topic.space_id:
        raise Invalid("space", _l("Choose a space that no more people read than this one."))
    before = {"space": topic.space_id}
    _put(topic, there)
    return before, None


def _put(topic: Topic, there: Space) -> None:
    topic.space = there
    db.session.flush()
    reshaping.matters_follow(topic)
    list_changed(topic)
    announce(topic_changed, topic_id=topic.id)


def _warn(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    return {}, None


def _limit(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    if ruling.days not in DAYS:
        raise Invalid("days", _l("Choose how many days."))
    _look_again(matter.author_id)
    return {}, clock.now() + timedelta(days=ruling.days)


def _look_again(persona_id: str | None) -> None:
    """Open pages of everybody are asked about again: somebody's rights have just changed."""
    persona = db.session.get(Persona, persona_id) if persona_id else None
    if persona is not None:
        pings.ping("*", "again")


def _edit(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    return editing.edit(reshaping.post_of(matter), ruling.body), None


def _split(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    return reshaping.split(reshaping.post_of(matter), ruling.title), None


def _merge(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    return reshaping.merge(_topic(matter.topic), ruling.into, bound_to=matter.thing), None


_DO: dict[str, Callable[[Viewer, Matter, Ruling], Done]] = {
    "nothing": _nothing,
    "hide": _hide,
    "restore": _restore,
    "edit": _edit,
    "lock": _lock,
    "slow": _slow,
    "move": _move,
    "split": _split,
    "merge": _merge,
    "warn": _warn,
    "silence": _limit,
    "suspend": _limit,
}
ON_TOPIC = frozenset({"lock", "slow", "move", "split", "merge"})
ON_NAME = frozenset({"warn", "silence", "suspend"})
OFFERED = tuple(_DO)


# Taking back


def _only_ends(act: Act, matter: Matter) -> None:
    _look_again(act.persona_id)


def _in_sight(act: Act, matter: Matter) -> None:
    """What the last act that stands says: one that was taken back under it changes nothing."""
    target, last = targets.of(matter.kind), _last_standing(act, matter)
    hidden = last == "hide" if last else act.act == "restore" and act.before.get("state") == "hidden"
    turn = (target.hide if hidden else target.show) if target is not None else None
    if turn is not None:
        turn(matter.thing)


def _last_standing(act: Act, matter: Matter) -> str | None:
    """Of the other acts that hid or showed the same thing, the last that nobody took back."""
    same = (Matter.kind == matter.kind, Matter.thing == matter.thing, Act.act.in_(("hide", "restore")))
    rows = select(Act.act).join(Matter, Matter.key == Act.matter_key).where(*same, Act.key != act.key)
    return db.session.scalar(rows.where(Act.undone_at.is_(None)).order_by(Act.at.desc()).limit(1))


def _unlock(act: Act, matter: Matter) -> None:
    topic = _topic(act.topic)
    locks = (Act.topic == act.topic, Act.act == "lock")
    found = db.session.scalars(select(Act).where(*locks)).all()
    was_open = any(one.before.get("state") == "open" for one in found)
    if not was_open or any(one.stands for one in found):
        return
    if topic.state == "closed":
        _turn(topic, "open")
    elif topic.state == "hidden":
        closed.forget(topic)


def _move_back(act: Act, matter: Matter) -> None:
    topic, there = _topic(act.topic), db.session.get(Space, act.before.get("space"))
    later = (Act.topic == act.topic, Act.act == "move", Act.undone_at.is_(None), Act.at > act.at)
    if there is None or there.archived or db.session.scalar(select(Act.key).where(*later).limit(1)):
        raise Conflict(_l("It was moved again since, or where it was is no more: move it there yourself."))
    if not no_wider(topic.space, there) and _written_since(topic, act.at):
        raise Conflict(reshaping.NARROWER)
    _put(topic, there)


def _written_since(topic: Topic, moment: datetime) -> bool:
    changed = or_(Post.created_at > moment, Post.edited_at > moment)
    return db.session.scalar(select(Post.id).where(Post.topic_id == topic.id, changed).limit(1)) is not None


def _edit_back(act: Act, matter: Matter) -> None:
    """Its words are back. Where its author withdrew it there are none, and the decision alone is undone."""
    subject = targets.look(matter.kind, matter.thing)
    if subject is None or subject.state == "withdrawn":
        act.before = {}
        return
    editing.edit_back(reshaping.post_of(matter), act)


def _split_back(act: Act, matter: Matter) -> None:
    reshaping.split_back(act.before)


def _merge_back(act: Act, matter: Matter) -> None:
    reshaping.merge_back(act.before, bound_to=matter.thing)


_UNDO: dict[str, Callable[[Act, Matter], None]] = {
    "hide": _in_sight,
    "restore": _in_sight,
    "lock": _unlock,
    "move": _move_back,
    "edit": _edit_back,
    "split": _split_back,
    "merge": _merge_back,
}
