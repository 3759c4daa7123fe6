"""That nobody writes over what they did not read: a form sends back the mark of what it was made from."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy.exc import InvalidRequestError

from community.core.db import db
from community.core.errors import Conflict, NotFound
from community.directory.models.groups import Group, GroupMeeting
from community.directory.models.links import OrganizationLink
from community.directory.models.training import Training

# What others do to such a row while somebody writes, and what no form shows.
_BESIDE = frozenset({"id", "key", "reminded_for", "confirmed_on", "stated_on"})


def mark(row: Group | OrganizationLink | Training) -> str:
    """A word for all that a form of it shows."""
    columns = [one.key for one in row.__mapper__.column_attrs if one.key not in _BESIDE]
    regions = [] if isinstance(row, Training) else sorted(one.region for one in row.regions)
    said = json.dumps([{name: getattr(row, name) for name in columns}, regions], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def hold(row: Group | OrganizationLink | Training | GroupMeeting) -> None:
    """Have the row, with what lies in it, as it stands now, and as nobody else writes it until the end.

    :raises NotFound: somebody took it away as this one wrote.
    """
    try:
        db.session.refresh(row, with_for_update=True)
    except InvalidRequestError:
        raise NotFound from None
    db.session.expire(row, [one.key for one in row.__mapper__.relationships])


def require_read(row: Group | OrganizationLink | Training, seen: str) -> None:
    """Hold the row for who writes, as it stands now. :raises Conflict: somebody wrote since it was read."""
    hold(row)
    if seen != mark(row):
        raise Conflict
