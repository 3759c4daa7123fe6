"""What moderators do: one act at a time, with a reason, on record, told to whom it concerns.

Limits are on the name that wrote, never on the person: nothing here knows a member.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from community.accounts.models import Persona
from community.accounts.viewer import Viewer
from community.core import audit, clock, pings
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.identifiers import without_numbers
from community.core.tidy import tidy
from community.forum.models import Post, Report, Space, Topic
from community.forum.pings import list_changed
from community.forum.signals import topic_changed
from community.moderation import targets
from community.moderation.models import ACTS, REASONS, Act, Matter, ReasonText
from community.moderation.permissions import may_handle, may_see_matter, may_undo
from community.moderation.queries.matters import no_wider, space_of
from community.moderation.services import reshaping
from community.moderation.services.opening import looked
from community.moderation.signals import decided

DAYS = (1, 3, 7, 14, 30, 90)
MINUTES = (5, 15, 30, 60, 180)
SLOW_DAYS = 7
MOST_WORDS = 2_000
NOT_YOURS = _l("This is about your own name. Somebody else looks at it.")
# Upheld or dismissed: what an act makes of the reports about a post.
_DISMISSES = frozenset({"nothing", "restore"})


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


def decide(viewer: Viewer, matter: Matter, ruling: Ruling) -> Act:
    """Do one thing in a matter, which is then looked at.

    :raises Invalid: a field holds nothing that can be done here.
    :raises Conflict: somebody else has just decided it.
    """
    space = space_of(matter)
    require(may_see_matter(viewer, matter, space))
    require(may_handle(viewer, matter), NOT_YOURS)
    text = _check(matter, ruling)
    state = db.session.scalar(select(Matter.state).where(Matter.key == matter.key).with_for_update())
    if state != "open":
        raise Conflict(_l("Somebody else has just decided this. Look at what they did first."))
    made = _record(viewer, matter, ruling, text)
    before, until = _DO[ruling.act](viewer, matter, ruling)
    made.before, made.until = before, until
    _done(viewer, matter, ruling)
    audit.record(
        viewer.persona_id or "",
        f"moderation.{ruling.act}",
        matter.topic if ruling.act in _ON_TOPIC else matter.thing,
        reason=ruling.reason,
        matter=matter.key,
        **_about(made),
    )
    if made.persona_id is not None:
        announce(decided, act_key=made.key)
    return made


def _about(act: Act) -> dict[str, str]:
    """Whom a decision concerns, for the register: they read it under "who looked". Of what nothing was done
    about, they are told nothing."""
    return {"persona": act.persona_id} if act.persona_id is not None else {}


def _check(matter: Matter, ruling: Ruling) -> ReasonText | None:
    if ruling.act not in ACTS or ruling.act not in _DO:
        raise Invalid("act", _l("Choose what is to be done."))
    if ruling.reason not in REASONS:
        raise Invalid("reason", _l("Choose one of the reasons."))
    text = db.session.get(ReasonText, ruling.text) if ruling.text else None
    if ruling.text and (text is None or text.retired):
        raise Invalid("text", _l("Choose one of the texts offered."))
    words = tidy(ruling.words)
    if len(words) > MOST_WORDS:
        raise Invalid("words", _l("At most 2,000 characters."), kept=words)
    if text is None and len(words) < 3 and ruling.act != "nothing":
        raise Invalid("words", _l("Choose a text or write one: whom it concerns is told why."))
    target = targets.of(matter.kind)
    needs = {"hide": target and target.hide, "restore": target and target.show}
    if ruling.act in needs and not needs[ruling.act]:
        raise Invalid("act", _l("This cannot be hidden. Warn, silence or suspend the name."))
    if ruling.act in _ON_TOPIC and not matter.topic:
        raise Invalid("act", _l("This stands in no topic."))
    if ruling.act in _ON_NAME and not matter.author_id:
        raise Invalid("act", _l("Nobody is behind this any more."))
    return text


def _record(viewer: Viewer, matter: Matter, ruling: Ruling, text: ReasonText | None) -> Act:
    amount = ruling.minutes if ruling.act == "slow" else ruling.days if ruling.act in _ON_NAME else 0
    made = Act(
        matter_key=matter.key,
        act=ruling.act,
        reason=ruling.reason,
        said_en=text.words_en if text else "",
        said_fr=text.words_fr if text else "",
        words=without_numbers(tidy(ruling.words).replace("\x00", "")),
        by_id=viewer.persona_id,
        persona_id=None if ruling.act == "nothing" else matter.author_id,
        topic=matter.topic if ruling.act in _ON_TOPIC else "",
        amount=amount,
        before={},
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _done(viewer: Viewer, matter: Matter, ruling: Ruling) -> None:
    looked(viewer, matter)
    matter.state, matter.done_at = "done", clock.now()
    # Two who reported it at the same moment on PostgreSQL may have opened two.
    twins = (Matter.kind == matter.kind, Matter.thing == matter.thing, Matter.state == "open")
    db.session.execute(
        update(Matter)
        .where(*twins, Matter.key != matter.key)
        .values(state="done", done_at=matter.done_at)
        .execution_options(synchronize_session=False)
    )
    if matter.kind == "post":
        post = select(Post.id).where(Post.key == matter.thing).scalar_subquery()
        state = "dismissed" if ruling.act in _DISMISSES else "upheld"
        db.session.execute(
            update(Report)
            .where(Report.post_id == post, Report.state == "open")
            .values(state=state, decided_by=viewer.persona_id, decided_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    db.session.flush()


# Each act: what undoing puts back, and until when it holds.

Done = tuple[dict[str, Any], datetime | None]


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
_ON_TOPIC = frozenset({"lock", "slow", "move", "split", "merge"})
_ON_NAME = frozenset({"warn", "silence", "suspend"})
OFFERED = tuple(_DO)


# Taking back


def undo(viewer: Viewer, act: Act, matter: Matter) -> None:
    """Take an act back: what it changed is as before. Twice is harmless."""
    require(may_undo(viewer, act, matter, space_of(matter)), _l("You cannot take this back."))
    take_back(viewer, act, matter)


def take_back(viewer: Viewer, act: Act, matter: Matter) -> None:
    """The same, for callers that have asked: whoever judged an appeal."""
    if not act.stands:
        return
    act.undone_at, act.undone_by = clock.now(), viewer.persona_id
    db.session.flush()
    _UNDO.get(act.act, _only_ends)(act, matter)
    audit.record(
        viewer.persona_id or "",
        "moderation.undone",
        matter.thing,
        taken_back=act.act,
        matter=matter.key,
        **_about(act),
    )
    if act.persona_id is not None:
        announce(decided, act_key=act.key)


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
