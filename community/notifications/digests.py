"""What stands in a digest: first the questions that wait, near and in the reader's language, then the rest.

Made for one persona at the moment it goes out, from what exists for that persona then. A digest with
nothing in it is not sent. A protected name gets a mail that names nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import joinedload

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.core.regions import with_ancestors
from community.forum.models import Space, Topic
from community.forum.permissions import topics_seen_by
from community.forum.queries.home import in_their_spaces
from community.forum.queries.reading import count, needs_answer
from community.notifications import queries
from community.notifications.models import MailSetting
from community.notifications.queries import NoticeView
from community.notifications.rules import Choices, level_of

MOST = 8
MOST_NEWS = 3 * MOST
LENGTHS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


@dataclass(frozen=True)
class Digest:
    """The parts of a digest. ``more`` and ``other_language`` count questions that are not listed."""

    near: Sequence[Topic]
    elsewhere: Sequence[Topic]
    more: int
    other_language: int
    news: Sequence[tuple[NoticeView, int]]  # the first of a topic, and how many like it
    unnamed: int  # news of protected spaces: counted, not named
    older: bool  # whether there was more than stands here

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.near or self.elsewhere or self.other_language or self.news or self.unnamed)


def compose(viewer: Viewer, rhythm: str, choices: Choices, setting: MailSetting | None) -> Digest:
    """The digest of this rhythm for this persona, now."""
    near, elsewhere, more, other = _waiting(viewer) if level_of(choices, "unanswered") == rhythm else _NONE
    newest = queries.gathered(viewer, rhythm, since(rhythm, setting), most=MOST_NEWS + 1)
    told = newest[-MOST_NEWS:]
    told = [view for view in told if level_of(choices, view.kind, view.space_id) != "never"]
    return Digest(
        near,
        elsewhere,
        more,
        other,
        _by_topic([view for view in told if not view.protected]),
        sum(view.protected for view in told),
        len(newest) > len(newest[-MOST_NEWS:]),
    )


def _by_topic(views: Sequence[NoticeView]) -> list[tuple[NoticeView, int]]:
    """Ten replies of one topic are one line."""
    found: dict[tuple[str, str], list[NoticeView]] = {}
    for view in views:
        found.setdefault((view.kind, view.topic_key or view.key), []).append(view)
    return [(alike[0], len(alike)) for alike in found.values()]


_NONE: tuple[Sequence[Topic], Sequence[Topic], int, int] = ((), (), 0, 0)


def since(rhythm: str, setting: MailSetting | None) -> datetime:
    """Where the last digest of this rhythm ended."""
    last = getattr(setting, f"{rhythm}_at") if setting is not None else None
    # Never far back: after a long silence nobody wants to read the silence.
    return max(last or datetime.min.replace(tzinfo=clock.now().tzinfo), clock.now() - 2 * LENGTHS[rhythm])


def _waiting(viewer: Viewer) -> tuple[Sequence[Topic], Sequence[Topic], int, int]:
    """Questions of others in the persona's spaces: those near, those elsewhere, how many more, how many
    in the other language."""
    waits = (
        needs_answer(),
        Topic.author_id != viewer.persona_id,
        in_their_spaces(viewer),
        ~Space.protected,
    )
    near = _longest(viewer, *waits, Topic.lang == viewer.lang, _near(viewer)) if viewer.region else ()
    listed = [topic.id for topic in near]
    rest = _longest(viewer, *waits, Topic.lang == viewer.lang, Topic.id.not_in(listed))[: MOST - len(near)]
    every = count(topics_seen_by(viewer).where(*waits))
    own = count(topics_seen_by(viewer).where(*waits, Topic.lang == viewer.lang))
    return near, rest, own - len(near) - len(rest), every - own


def _near(viewer: Viewer) -> ColumnElement[bool]:
    places = with_ancestors(viewer.region or "")
    return or_(Topic.region.in_(places), Space.region.in_(places))


def _longest(viewer: Viewer, *conditions: ColumnElement[bool]) -> Sequence[Topic]:
    rows = topics_seen_by(viewer).where(*conditions).options(joinedload(Topic.author))
    return db.session.scalars(rows.order_by(Topic.created_at, Topic.id).limit(MOST)).unique().all()
