"""The words of decisions, the hours of moderators, and what is let go of with time."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, delete, or_, select, update

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid, NotFound
from community.core.identifiers import REMOVED
from community.core.publish import Text, before_publish
from community.core.tidy import tidy
from community.forum.models import Post, Topic
from community.forum.services import reading
from community.moderation.models import Act, Appeal, Matter, ReasonText, Watch
from community.moderation.permissions import may_edit_reasons, may_watch

DATA = Path(__file__).parent.parent / "data" / "reasons.toml"
EVIDENCE_FOR = timedelta(days=90)  # after the decision
UNDECIDED_FOR = timedelta(days=365)  # after the report, where nobody decided
LEAST, MOST = 10, 1_000


def load_reasons() -> int:
    """Write the first texts; those that are there stay as they were edited. Returns how many are new."""
    known = set(db.session.scalars(select(ReasonText.code)))
    listed = tomllib.loads(DATA.read_text("utf-8"))["text"]
    fresh = [
        ReasonText(position=place * 10, **one)
        for place, one in enumerate(listed, start=1)
        if one["code"] not in known
    ]
    db.session.add_all(fresh)
    return len(fresh)


def edit_reason(viewer: Viewer, text: ReasonText, en: str, fr: str, *, retired: bool) -> None:
    """Change a text in both languages; what was told with it before stays as it was told."""
    require(may_edit_reasons(viewer))
    words = {"words_en": tidy(en).replace("\x00", ""), "words_fr": tidy(fr).replace("\x00", "")}
    for field, said in words.items():
        if not LEAST <= len(said) <= MOST:
            raise Invalid(field, _l("Write 10 to 1,000 characters."), kept=said)
        before = getattr(text, field)
        before_publish(Text("reason", field, said, field[-2:], viewer.persona_id, before=before))
        setattr(text, field, said)
    text.retired = retired
    db.session.flush()
    audit.record(viewer.persona_id or "", "moderation.reason_edited", text.code, retired=retired)


def watch(viewer: Viewer, weekday: int, first: int, last: int) -> None:
    """Say that one looks at the queue from an hour until another, every week. Twice is harmless."""
    require(may_watch(viewer))
    if not 0 <= weekday <= 6:
        raise Invalid("weekday", _l("Choose a day of the week."))
    if not (0 <= first <= 23 and first < last <= 24):
        raise Invalid("until_hour", _l("The last hour comes after the first."))
    row = db.session.get(Watch, (viewer.persona_id, weekday, first))
    if row is None:
        row = Watch(persona_id=viewer.persona_id or "", weekday=weekday, from_hour=first, until_hour=last)
        db.session.add(row)
    row.until_hour = last
    db.session.flush()


def watch_no_more(viewer: Viewer, weekday: int, first: int) -> None:
    """Take one's own hours off. :raises NotFound: there are none that begin then."""
    require(may_watch(viewer))
    row = db.session.get(Watch, (viewer.persona_id, min(weekday, 7), min(first, 24)))
    if row is None:
        raise NotFound
    db.session.delete(row)
    db.session.flush()


def take_out(topic_id: int, words: str) -> None:
    """A passage goes out of a topic: out of what was told about its messages and asked again, too."""
    topic = select(Topic.key).where(Topic.id == topic_id)
    matters = select(Matter.key).where(Matter.topic.in_(topic))
    for act in db.session.scalars(select(Act).where(Act.matter_key.in_(matters))):
        act.words = act.words.replace(words, REMOVED)
    acts = select(Act.key).where(Act.matter_key.in_(matters))
    for appeal in db.session.scalars(select(Appeal).where(Appeal.act_key.in_(acts))):
        appeal.words = appeal.words.replace(words, REMOVED)
        appeal.answer = appeal.answer.replace(words, REMOVED)
    db.session.flush()


def forget_evidence_of(post_id: int) -> None:
    """Drop the sealed words of a message whose passage was taken out."""
    key = select(Post.key).where(Post.id == post_id).scalar_subquery()
    db.session.execute(update(Matter).where(Matter.thing == key).values(evidence=""))
    about = select(Matter.key).where(Matter.thing == key)
    edited = (Act.act == "edit", Act.matter_key.in_(about))
    db.session.execute(update(Act).where(*edited).values(before={}))
    _forget_titles_in(select(Topic.key).join(Post, Post.topic_id == Topic.id).where(Post.id == post_id))


def _forget_titles_in(topic: Select[str]) -> None:
    """A passage was taken out of a topic: the titles of those that were merged into it may say it, too."""
    here = select(Matter.key).where(Matter.topic.in_(topic))
    _let_go(select(Act).where(Act.act == "merge", Act.matter_key.in_(here)))


def forget_evidence() -> None:
    """Let go of what was kept of reported and edited texts, some time after the decision or without one."""
    decided = and_(Matter.state == "done", Matter.done_at < clock.now() - EVIDENCE_FOR)
    never = and_(Matter.state != "done", Matter.opened_at < clock.now() - UNDECIDED_FOR)
    old = (Matter.evidence != "", or_(decided, never))
    db.session.execute(update(Matter).where(*old).values(evidence=""))
    _let_go(select(Act).where(Act.act.in_(("edit", "merge")), Act.at < clock.now() - EVIDENCE_FOR))


def _let_go(rows: Select[Act]) -> None:
    for act in db.session.scalars(rows):
        if act.act == "merge" and act.before:
            reading.forget_merged([str(act.before["key"])])
        act.before = {}
    db.session.flush()


def forget(persona_id: str) -> None:
    """A name that was left behind watches nothing any more."""
    db.session.execute(delete(Watch).where(Watch.persona_id == persona_id))
