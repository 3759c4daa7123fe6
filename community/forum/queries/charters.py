"""The charter of a space, and who keeps it. Only those who see the space read it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select

from community.accounts.viewer import Viewer
from community.core.db import db
from community.forum.models import Space, SpaceCharter
from community.forum.permissions import spaces_seen_by
from community.forum.queries.members import Member, members_of


def chartered_spaces_seen_by(viewer: Viewer) -> Select[Space]:
    """The spaces with a charter of their own that exist for this viewer."""
    return spaces_seen_by(viewer).where(Space.kind == "lived")


def charter_of(space: Space) -> SpaceCharter:
    """The charter of a space; an empty one, not stored, where nothing was written yet."""
    found = db.session.get(SpaceCharter, space.id)
    if found is not None:
        return found
    return SpaceCharter(space_id=space.id, words_en="", words_fr="", html_en="", html_fr="", version=0)


def keepers_of(space: Space) -> Sequence[Member]:
    """Those who keep the space now."""
    return [one for one in members_of(space) if one.standing in {"keeper", "chair"} and not one.past]
