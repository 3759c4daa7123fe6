"""Telling those who look at the queue that something waits there which no notice about a message tells of.

It says that something waits, never what, where or by whom: it may be read over a shoulder, or after a duty.
"""

from __future__ import annotations

from sqlalchemy import select

from community.accounts.models import Duty
from community.accounts.viewer import viewer_of
from community.core.db import db
from community.forum.models import Post, Report, Space
from community.moderation.models import Complaint, Matter
from community.moderation.permissions import may_handle, may_see_matter
from community.moderation.queries.matters import open_matter_of
from community.notifications.services.telling import Event, moderators_of, tell

EVERYWHERE = ("coordinator", "administrator")


def tell_of_waiting(matter_key: str, step: str) -> None:
    """Those who moderate its space hear of it; where nobody does, those who coordinate and administer.

    Neither its author, nor another name of theirs, nor whoever reported it.
    """
    matter = db.session.get(Matter, matter_key)
    if matter is None or matter.state != "open":
        return
    space = db.session.get(Space, matter.space_id) if matter.space_id else None
    told = _who_may(matter, space, moderators_of(space) if space else set())
    told = told or _who_may(matter, space, _everywhere())
    coarse = space is not None and space.protected
    event = Event(f"matter:{matter.key}:{step}", about=f"queue {step}", coarse=coarse)
    tell(event, dict.fromkeys(told, "report"))


def tell_where_nobody_moderates(report_id: str) -> None:
    """A message was reported in a space that nobody was entrusted with: it is not left unheard."""
    report = db.session.get(Report, report_id)
    post = db.session.get(Post, report.post_id) if report else None
    matter = open_matter_of("post", post.key) if post else None
    if report is not None and matter is not None:
        space = db.session.get_one(Space, matter.space_id)
        if not _who_may(matter, space, moderators_of(space)):
            tell_of_waiting(matter.key, "danger" if matter.reason == "danger" else "report")


def _who_may(matter: Matter, space: Space | None, names: set[str]) -> set[str]:
    found = {name: viewer_of(name) for name in names - _reporters(matter)}
    return {
        name
        for name, viewer in found.items()
        if viewer is not None and may_see_matter(viewer, matter, space) and may_handle(viewer, matter)
    }


def _reporters(matter: Matter) -> set[str | None]:
    if matter.kind == "post":
        rows = select(Report.reporter_id).join(Post, Post.id == Report.post_id)
        return set(db.session.scalars(rows.where(Post.key == matter.thing)))
    return set(db.session.scalars(select(Complaint.reporter_id).where(Complaint.matter_key == matter.key)))


def _everywhere() -> set[str]:
    return set(db.session.scalars(select(Duty.persona_id).where(Duty.duty.in_(EVERYWHERE))))
