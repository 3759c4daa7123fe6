"""What each act changes, what undoing it puts back, and until when it holds.

Whether somebody may, what is recorded and who is told is ``acting``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core import clock, pings
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Invalid
from community.forum.models import Space, Topic
from community.forum.pings import list_changed
from community.forum.signals import topic_changed
from community.moderation import targets
from community.moderation.models import Act, Matter
from community.moderation.queries.matters import no_wider
from community.moderation.services import reshaping

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
    return {"state": subject.state if subject else "shown"}, None


def _restore(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    target, subject = targets.of(matter.kind), targets.look(matter.kind, matter.thing)
    if target is not None and target.show is not None:
        target.show(matter.thing)
    return {"state": subject.state if subject else "hidden"}, None


def _topic(matter: Matter | str) -> Topic:
    key = matter if isinstance(matter, str) else matter.topic
    rows = select(Topic).where(Topic.key == key).options(joinedload(Topic.space))
    return db.session.scalars(rows).one()


def _turn(topic: Topic, state: str) -> None:
    topic.state = state
    list_changed(topic)
    announce(topic_changed, topic_id=topic.id)


def _lock(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    topic = _topic(matter)
    before = topic.state
    if before == "open":
        _turn(topic, "closed")
    return {"state": before}, None


def _slow(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    if ruling.minutes not in MINUTES:
        raise Invalid("minutes", _l("Choose how many minutes."))
    return {}, clock.now() + timedelta(days=SLOW_DAYS)


def _move(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    topic = _topic(matter)
    there = db.session.scalars(select(Space).where(Space.slug == ruling.space)).first()
    if there is None or there.id == topic.space_id or not no_wider(topic.space, there):
        raise Invalid("space", _l("Choose a space that no more people read than this one."))
    before = {"space": topic.space_id}
    _put(topic, there)
    matter.space_id = there.id
    return before, None


def _put(topic: Topic, there: Space) -> None:
    topic.space = there
    db.session.flush()
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
    return reshaping.edit(reshaping.post_of(matter), ruling.body), None


def _split(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    before = reshaping.split(reshaping.post_of(matter), ruling.title)
    return {**before, "old": matter.topic}, None


def _merge(viewer: Viewer, matter: Matter, ruling: Ruling) -> Done:
    return reshaping.merge(_topic(matter), ruling.into), None


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


def _show_again(act: Act, matter: Matter) -> None:
    target = targets.of(matter.kind)
    if target is not None and target.show is not None:
        target.show(matter.thing)


def _hide_again(act: Act, matter: Matter) -> None:
    target = targets.of(matter.kind)
    if target is not None and target.hide is not None and act.before.get("state") == "hidden":
        target.hide(matter.thing)


def _unlock(act: Act, matter: Matter) -> None:
    topic = _topic(act.topic)
    if topic.state == "closed" and act.before.get("state") == "open":
        _turn(topic, "open")


def _move_back(act: Act, matter: Matter) -> None:
    there = db.session.get(Space, act.before.get("space"))
    if there is not None:
        _put(_topic(act.topic), there)
        matter.space_id = there.id


def _edit_back(act: Act, matter: Matter) -> None:
    reshaping.edit_back(reshaping.post_of(matter), act.before)


def _split_back(act: Act, matter: Matter) -> None:
    reshaping.split_back(str(act.before.get("old", "")), act.before)


def _merge_back(act: Act, matter: Matter) -> None:
    reshaping.merge_back(act.before)
    matter.topic = str(act.before["key"])


_UNDO: dict[str, Callable[[Act, Matter], None]] = {
    "hide": _show_again,
    "restore": _hide_again,
    "lock": _unlock,
    "move": _move_back,
    "edit": _edit_back,
    "split": _split_back,
    "merge": _merge_back,
}
