"""What the page of a region says of the forum beside its topics."""

from __future__ import annotations

from community.accounts.viewer import Viewer
from community.core.db import db
from community.forum.models import Topic
from community.forum.queries import lists
from community.forum.queries.lists import TopicRow
from community.forum.queries.reading import Filters, needs_answer


def longest_waiting(viewer: Viewer, place: Filters, most: int = 3) -> list[TopicRow]:
    """The questions there that wait for an answer, the longest wait first."""
    rows = lists.list_of(viewer, *place.conditions(), needs_answer())
    found = db.session.scalars(rows.order_by(Topic.created_at, Topic.id).limit(most)).unique().all()
    return lists.rows_of(viewer, found)
