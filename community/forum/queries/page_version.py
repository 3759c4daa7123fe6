"""What the page of a public topic is made of, as a short text that changes when the page would.

It is worked out from the rows themselves, every column of them but those named here with a reason, so
that no service has to remember to tell anybody. What only time changes is in it too: a title that ends,
"10 minutes ago", the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import (
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from community.accounts.models import Credential, Persona
from community.accounts.viewer import VISITOR
from community.core import clock
from community.core.changes import stamps
from community.core.i18n import day_ends, minutes_told, told_for, zone
from community.core.pages.whole import Version
from community.core.prepared import Prepared, as_sent, moment
from community.forum.models import Post, PostSource, Space, SpaceAudience, SpaceMember, Topic, TopicGuest
from community.forum.permissions import topics_seen_by
from community.forum.queries.posts import PER_PAGE

# Long, and changed only together with ``version`` or ``html_version``.
NOT_READ = frozenset({"body", "html"})
AN_HOUR = timedelta(hours=1)

_Rows = Sequence[Sequence[Any]]


def version_of(_lang: str, key: str, page: int) -> Version | None:
    """The version of one page of a topic; None where not everyone sees it, or nothing may be kept.

    The language is in the address and changes nothing here.
    """
    head = TOPIC.rows(key=key)
    if not head or head[0][1]:  # of protected spaces nothing is kept, not even what all may read
        return None
    topic_id, _protected, about = head[0]
    first = (page - 1) * PER_PAGE + 1
    posts = POSTS.rows(topic=topic_id, first=first, last=first + PER_PAGE - 1)
    said = [post[-1] for post in posts]
    return Version("\n".join((about, *said, *map(str, _told_by_the_clock(posts)))), _holds_until(posts))


def watch() -> None:
    """Have the database say when a row changed that the page of a topic is made of."""
    for table, topic in _OF_TOPICS.items():
        stamps.watch(table, f"'topic:' || {topic}")
    stamps.watch(_table(Topic), "'list:' || {row}.space_id")
    # A message in a topic that has its answer changes no queue, and no figure of how soon answers come.
    counters = ("last_post_at", "last_number", "post_count")
    stamps.watch(_table(Topic), "'asked'", unless=counters, but='NEW."answered_at" IS NULL')
    for place, models in _OF_ALL.items():
        for model in models:
            stamps.watch(_table(model), f"'{place}'")


def stamps_of(reader: stamps.Reader, key: str) -> tuple[Any, ...] | None:
    """The numbers of everything a topic's pages are made of, in one small statement; None: ask the rows."""
    return reader.row(_STAMPS, (key,))


@dataclass(frozen=True)
class Head:
    """Of a topic, what tells which readers are shown the same page of it."""

    topic_id: int
    space_id: int
    slug: str
    last_number: int
    audiences: frozenset[str]  # listed by its space, for whatever act
    numbers: tuple[Any, ...]  # of everything its pages are made of


def head_of(reader: stamps.Reader, key: str) -> Head | None:
    """What is known of a topic before its rows are read; None: they have to be."""
    found = reader.row_seen(_HEAD, (key,))
    if found is None:
        return None
    topic_id, space_id, slug, last_number, listed, *numbers = found
    return Head(topic_id, space_id, slug, last_number, frozenset(listed.split(",")), tuple(numbers))


def holds_until(topic_id: int, page: int) -> datetime:
    """When time alone may next change what a page of a topic says, but for how many minutes ago it was."""
    first = (page - 1) * PER_PAGE + 1
    return _ends(POSTS.rows(topic=topic_id, first=first, last=first + PER_PAGE - 1))


_HEAD = """
SELECT topic.id, space.id, space.slug, topic.last_number,
  (SELECT coalesce(group_concat(audience), '') FROM space_audience WHERE space_id = space.id),
  (SELECT number FROM stamp WHERE place = 'topic:' || topic.id),
  (SELECT number FROM stamp WHERE place = 'spaces'),
  (SELECT number FROM stamp WHERE place = 'people')
FROM topic JOIN space ON space.id = topic.space_id WHERE topic.key = ?
"""
_STAMPS = """
SELECT topic.id,
  (SELECT number FROM stamp WHERE place = 'topic:' || topic.id),
  (SELECT number FROM stamp WHERE place = 'spaces'),
  (SELECT number FROM stamp WHERE place = 'people')
FROM topic WHERE topic.key = ?
"""


def _table(model: Any) -> Table:
    found: Table = model.__table__
    return found


_OF_TOPICS = {
    _table(Topic): "{row}.id",
    _table(Post): "{row}.topic_id",
    _table(TopicGuest): "{row}.topic_id",
    _table(PostSource): "coalesce((SELECT topic_id FROM post WHERE post.id = {row}.post_id), 0)",
}
_OF_ALL: dict[str, tuple[Any, ...]] = {
    "spaces": (Space, SpaceAudience, SpaceMember),
    "people": (Persona, Credential),
}


def _line(*columns: Any) -> Any:
    """All these columns as one text: what the driver hands over costs more than what the database adds up."""
    texts: list[Any] = [func.coalesce(cast(column, Text), literal_column("'~'")) for column in columns]
    return reduce(lambda one, other: one + literal_column("'|'") + other, texts)


def _topic() -> Select[Any]:
    listed = func.aggregate_strings(SpaceAudience.act + ":" + SpaceAudience.audience, ",")
    audiences = select(listed).where(SpaceAudience.space_id == Space.id).scalar_subquery()
    line = _line(*Topic.__table__.columns, *Space.__table__.columns, audiences)
    seen = topics_seen_by(VISITOR).where(Topic.key == bindparam("key"))
    return seen.with_only_columns(Topic.id, Space.protected, line).options()


def _posts() -> Select[Any]:
    """The posts of the page and the kept ones, with what is said of their authors."""
    in_topic = exists().where(TopicGuest.topic_id == Post.topic_id, TopicGuest.persona_id == Post.author_id)
    sources = func.aggregate_strings(PostSource.kind + ":" + PostSource.ref + ":" + PostSource.label, "\n")
    guest = aliased(SpaceMember)
    line = _line(
        *(column for column in Post.__table__.columns if column.key not in NOT_READ),
        *(Persona.name, Persona.kind, Persona.state, Persona.attested),
        *(Credential.profession, Credential.jurisdiction, Credential.state),
        *(Credential.since, Credential.until, guest.until),
        case((in_topic, "guest")),
        select(sources).where(PostSource.post_id == Post.id).scalar_subquery(),
    )
    titled = and_(Credential.persona_id == Post.author_id, Persona.kind == "public")
    invited = and_(
        guest.space_id == Topic.space_id, guest.persona_id == Post.author_id, guest.standing == "guest"
    )
    here = or_(Post.number.between(bindparam("first"), bindparam("last")), Post.accepted_at.is_not(None))
    return (
        select(Post.created_at, Credential.until, guest.until, line)
        .join(Post.topic)
        .join(Post.author)
        .outerjoin(Credential, titled)
        .outerjoin(guest, invited)
        .where(Post.topic_id == bindparam("topic"), here)
        .order_by(Post.number, Credential.id)
    )


def _holds_until(posts: _Rows) -> datetime:
    """When the clock alone may next change what the page says."""
    now = clock.now()
    ages = [now - moment(post[0]) for post in posts]
    return min([_ends(posts), *(now + told_for(age) for age in ages if age < AN_HOUR)])


def _ends(posts: _Rows) -> datetime:
    """When a title, a visit or the day ends next."""
    now = clock.now()
    ends = [day_ends(now)]
    for _written, title_ends, visit_ends, _line in posts:
        ends += [moment(end) for end in (title_ends, visit_ends) if end is not None and moment(end) > now]
    return min(ends)


def _told_by_the_clock(posts: _Rows) -> list[Any]:
    """What pages say differently as time goes by: the day, minutes within an hour, what has ended."""
    now = clock.now()
    said: list[Any] = [now.date(), now.astimezone(zone()).date()]
    if not posts:
        return said
    at_this_moment, an_hour_ago = (as_sent(then, like=posts[0][0]) for then in (now, now - AN_HOUR))
    for place, (written, title_ends, visit_ends, _line) in enumerate(posts):
        if written > an_hour_ago:
            said.append((place, minutes_told(now - moment(written))))
        said += [place for ends in (title_ends, visit_ends) if ends is not None and ends <= at_this_moment]
    return said


TOPIC, POSTS = Prepared(_topic), Prepared(_posts)
