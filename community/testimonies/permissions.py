"""Who reads a testimony, and who looks at it before others do.

Whoever wrote it chose: those who read a space of lived experience, every member, or everybody. Those who
keep such a space, people with lived experience themselves, look at it first; nobody else sees what waits,
administrators included.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, false, select

from community.accounts import audiences
from community.accounts.viewer import Viewer
from community.core.db import db
from community.forum.models import Space
from community.forum.permissions import may_lead, spaces_seen_by
from community.testimonies.models import Testimony

# What a keeper may still take a passage out of.
_KEPT = ("waiting", "accepted", "shown", "hidden")


def _lived_spaces(viewer: Viewer) -> Select[Space]:
    return spaces_seen_by(viewer).where(Space.kind == "lived").order_by(Space.position, Space.id)


def open_to(viewer: Viewer, spaces: Collection[Space] | None = None) -> frozenset[str]:
    """For whom a testimony must be meant so that the viewer reads it.

    :param spaces: those that the viewer sees, where they are at hand.
    """
    found = {"everyone"}
    if audiences.MEMBER in viewer.audiences:
        found.add("member")
    if _sees_lived(viewer) if spaces is None else any(space.kind == "lived" for space in spaces):
        found.add("lived")
    return frozenset(found)


def _sees_lived(viewer: Viewer) -> bool:
    lived = _lived_spaces(viewer).with_only_columns(Space.id).options().limit(1)
    return db.session.scalar(lived) is not None


def may_see_testimony(viewer: Viewer, testimony: Testimony) -> bool:
    """Whether the testimony exists for this viewer."""
    return testimony.state == "shown" and testimony.audience in open_to(viewer)


def testimonies_seen_by(viewer: Viewer) -> Select[Testimony]:
    """The testimonies that exist for this viewer."""
    return select(Testimony).where(Testimony.state == "shown", Testimony.audience.in_(open_to(viewer)))


def may_review(viewer: Viewer) -> bool:
    """Whether the viewer looks at testimonies before others: those who keep a space of lived experience."""
    if not viewer.signed_in:
        return False
    return any(may_lead(viewer, space) for space in db.session.scalars(_lived_spaces(viewer)))


def may_look_at(viewer: Viewer, testimony: Testimony) -> bool:
    """Whether the viewer may take something out of this testimony, and decide about it while it waits."""
    return testimony.state in _KEPT and may_review(viewer)


def reviews_seen_by(viewer: Viewer) -> Select[Testimony]:
    """The testimonies the viewer looks after, shown or not."""
    rows = select(Testimony)
    return rows.where(Testimony.state.in_(_KEPT)) if may_review(viewer) else rows.where(false())
