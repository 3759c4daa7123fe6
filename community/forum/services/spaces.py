"""The spaces a new community starts with."""

from __future__ import annotations

from sqlalchemy import select

from community.accounts import audiences
from community.core import clock
from community.core.db import db
from community.forum.first_spaces import MEMBERS, FirstSpace, first_spaces
from community.forum.models import Committee, Space, SpaceAudience
from community.forum.models.spaces import ACTS


def load_first_spaces() -> int:
    """Add those of the first spaces that no space has the address of. Returns how many.

    A space that is there is left as it is: administrators change it on the site.
    """
    known = set(db.session.scalars(select(Space.slug)))
    added = 0
    for place, first in enumerate(first_spaces(), start=1):
        if first.slug not in known:
            _add(first, place * 10)
            added += 1
    return added


def _add(first: FirstSpace, position: int) -> None:
    today = clock.today()
    space = Space(
        slug=first.slug,
        kind=first.kind,
        position=position,
        name_en=first.name_en,
        name_fr=first.name_fr,
        description_en=first.description_en,
        description_fr=first.description_fr,
        words_en_on=today,
        words_fr_on=today,
        region=first.region or None,
        theme=first.theme or None,
        protected=first.kind == "lived",
    )
    db.session.add(space)
    db.session.flush()  # the audience of its own members needs the id
    own = audiences.space(space.id)
    for act in ACTS:
        for audience in getattr(first, act):
            listed = own if audience == MEMBERS else audience
            db.session.add(SpaceAudience(space_id=space.id, act=act, audience=listed))
    if first.kind == "committee":
        db.session.add(Committee(space_id=space.id, mandate_en=first.mandate_en, mandate_fr=first.mandate_fr))
    db.session.flush()
