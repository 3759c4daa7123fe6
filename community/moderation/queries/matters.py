"""The queue: which matters wait for whom, and where what they are about stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import bindparam, func, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404
from community.core.db import db
from community.core.paging import Order, Page, page_by_key
from community.core.prepared import ME, Prepared
from community.forum.models import Space
from community.forum.permissions import KEPT, access_of, may_moderate, spaces_seen_by
from community.moderation import targets
from community.moderation.models import Act, Matter
from community.moderation.permissions import matters_seen_by, sees_everything
from community.moderation.targets import Subject

# 95 % of what is reported as danger is to be looked at within this.
DANGER_MINUTES = 60
PAGE = 50
_ORDER: Sequence[Order] = ((Matter.rank, "asc"), (Matter.opened_at, "asc"), (Matter.key, "asc"))


@dataclass(frozen=True)
class Line:
    """A matter in the queue."""

    matter: Matter
    space: Space | None
    subject: Subject | None
    waits: float  # seconds
    appeal: str = ""  # the key of the act whose second look is asked for

    @property
    def late(self) -> bool:
        """Whether danger has waited longer than it should."""
        return self.matter.reason == "danger" and self.waits > DANGER_MINUTES * 60

    @property
    def excerpt(self) -> str:
        """The first words, on one line; none where content notes fold them."""
        target = targets.of(self.matter.kind)
        hidden = self.subject is None or (target is not None and target.private)
        if hidden or self.subject is None or self.subject.notes:
            return ""
        words = " ".join(self.subject.words.split())
        return words if len(words) <= 140 else words[:140].rsplit(" ", 1)[0] + " …"


def waiting(viewer: Viewer) -> Sequence[Line]:
    """The first of what waits for the viewer."""
    return waiting_page(viewer, None).items


def waiting_page(viewer: Viewer, cursor: str | None) -> Page[Line]:
    """A page of what waits for the viewer, danger first, then the gravest reason, then the oldest.

    :raises BadRequest: the cursor was made up, or belongs to another list.
    """
    rows = matters_seen_by(viewer).where(
        Matter.state == "open", Matter.author_id.is_distinct_from(viewer.persona_id)
    )
    page = page_by_key(rows, _ORDER, cursor, PAGE)
    return Page(_lines(page.items), page.next_cursor, page.first)


def waiting_count(viewer: Viewer) -> int:
    """How many things wait for the viewer."""
    if not viewer.signed_in:
        return 0
    rights = replace(access_of(viewer), persona_id=ME, duties=viewer.duties)
    return int(_counting_waiting(rights).rows_apart(me=viewer.persona_id)[0][0])


@lru_cache(KEPT)
def _counting_waiting(viewer: Viewer) -> Prepared:
    """Put together once a kind of access: every home page of who has some asks it."""
    rows = matters_seen_by(viewer).where(
        Matter.state == "open", Matter.author_id.is_distinct_from(viewer.persona_id)
    )
    return Prepared(lambda: select(func.count()).select_from(rows.with_only_columns(Matter.key).subquery()))


def _lines(matters: Sequence[Matter]) -> list[Line]:
    spaces = spaces_of(matters)
    now = clock.now()
    return [
        Line(
            one,
            spaces.get(one.space_id or 0),
            targets.look(one.kind, one.thing),
            (now - one.opened_at).total_seconds(),
        )
        for one in matters
    ]


def spaces_of(matters: Sequence[Matter]) -> dict[int, Space]:
    """The spaces that matters belong to, by their ids."""
    ids = {one.space_id for one in matters if one.space_id}
    return {space.id: space for space in db.session.scalars(select(Space).where(Space.id.in_(ids)))}


def matter_seen(viewer: Viewer, key: str) -> Matter:
    """The matter of this key. :raises NotFound: it does not exist for the viewer."""
    return one_or_404(matters_seen_by(viewer), Matter.key == key)


def open_matter_of(kind: str, thing: str) -> Matter | None:
    """The one open matter of a thing, if there is one."""
    rows = select(Matter).where(Matter.kind == kind, Matter.thing == thing, Matter.state == "open")
    return db.session.scalars(rows.limit(1)).first()


def space_of(matter: Matter) -> Space | None:
    """The space a matter belongs to."""
    return db.session.get(Space, matter.space_id) if matter.space_id else None


def space_of_subject(subject: Subject) -> Space | None:
    """The space a thing stands in."""
    return db.session.get(Space, subject.space_id) if subject.space_id else None


def may_act_on(viewer: Viewer, subject: Subject) -> bool:
    """Whether the viewer may act on something they see, reported or not: never on what is their own."""
    space = space_of_subject(subject)
    theirs = sees_everything(viewer) or (space is not None and may_moderate(viewer, space))
    return viewer.signed_in and theirs and subject.author_id != viewer.persona_id


def destinations(viewer: Viewer, matter: Matter) -> list[Space]:
    """Where the topic of a matter may be moved: among the spaces the viewer sees, to no wider circle."""
    here = space_of(matter)
    if here is None or not matter.topic:
        return []
    rows = db.session.scalars(spaces_seen_by(viewer).order_by(Space.position, Space.id)).all()
    return [space for space in rows if space.id != here.id and no_wider(here, space)]


def no_wider(here: Space, there: Space) -> bool:
    """Whether whoever reads there could read here: nothing goes to more eyes than it was written for."""
    if here.protected or there.protected:
        return False
    before, after = here.admits("see"), there.admits("see")
    return "everyone" in before or ("member" in before and "everyone" not in after) or after <= before


# Put together once: asked after each message that is stored.
_SLOWED = select(func.max(Act.amount)).where(
    Act.topic == bindparam("topic"),
    Act.act == "slow",
    Act.undone_at.is_(None),
    Act.until > bindparam("now"),
)


def slowed(topic_key: str) -> int:
    """Minutes between two messages of one name in a topic; 0 where it is not slowed down."""
    return db.session.scalar(_SLOWED, {"topic": topic_key, "now": clock.now()}) or 0
