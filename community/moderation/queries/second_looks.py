"""Second looks: those the viewer may give, and those that nobody can give yet.

What a viewer is shown as theirs to judge is what ``may_judge`` lets them judge. Whether there is anybody
else is told by names alone: the vault is not asked, as "nobody" would then say that two names are one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Select, func, or_, select

from community.accounts.models import Duty, Persona
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.core.prepared import ME, Prepared
from community.forum.permissions import KEPT, access_of
from community.forum.queries.charters import keepers_of
from community.moderation import targets
from community.moderation.models import Act, Appeal, Matter
from community.moderation.permissions import matters_seen_by, may_judge, sees_everything
from community.moderation.queries.limits import suspended
from community.moderation.queries.matters import PAGE, Line, space_of, spaces_of

_Row = tuple[Act, Appeal, Matter]


def waiting(viewer: Viewer) -> list[Line]:
    """The second looks that the viewer may give, the oldest first."""
    rows = [row for row in _open(viewer) if may_judge(viewer, *row, space_of(row[2]))]
    spaces = spaces_of([matter for _, _, matter in rows])
    now = clock.now()
    return [
        Line(
            matter,
            spaces.get(matter.space_id or 0),
            targets.look(matter.kind, matter.thing),
            (now - appeal.at).total_seconds(),
            act.key,
        )
        for act, appeal, matter in rows
    ]


def waiting_count(viewer: Viewer) -> int:
    """How many second looks wait for the viewer."""
    return len(waiting(viewer)) if _any_open(viewer) else 0


def without_anybody(viewer: Viewer) -> int:
    """For those who see every matter: how many second looks wait for somebody whom there is not."""
    if not sees_everything(viewer) or not _any_open(viewer):
        return 0
    return sum(not somebody_else(act, matter) for act, _, matter in _open(viewer))


def somebody_else(act: Act, matter: Matter) -> bool:
    """Whether another name than those of who decided, who asks and who wrote answers for this, and is not
    suspended: such a name has no duties meanwhile."""
    concerned = {act.by_id, act.persona_id, matter.author_id}
    others = set(_who_answers(matter)) - concerned
    return bool(others and others - set(db.session.scalars(suspended().where(Act.persona_id.in_(others)))))


def _who_answers(matter: Matter) -> Iterable[str]:
    space = space_of(matter)
    of_all = Duty.duty.in_(("coordinator", "administrator"))
    theirs = or_(of_all, (Duty.duty == "moderator") & (Duty.scope == space.slug)) if space else of_all
    held = select(Duty.persona_id).join(Persona, Persona.id == Duty.persona_id)
    yield from db.session.scalars(held.where(theirs, Persona.state == "active"))
    if space is not None:
        yield from (one.persona.id for one in keepers_of(space))


def _open(viewer: Viewer) -> Sequence[_Row]:
    rows = _rows_open(viewer).order_by(Appeal.at, Appeal.act_key).limit(PAGE)
    return [(act, appeal, matter) for act, appeal, matter in db.session.execute(rows)]


def _rows_open(viewer: Viewer) -> Select[Act, Appeal, Matter]:
    seen = matters_seen_by(viewer).with_only_columns(Matter.key)
    return (
        select(Act, Appeal, Matter)
        .join(Appeal, Appeal.act_key == Act.key)
        .join(Matter, Matter.key == Act.matter_key)
        .where(Appeal.state == "open", Act.matter_key.in_(seen))
    )


def _any_open(viewer: Viewer) -> bool:
    if not viewer.signed_in:
        return False
    rights = replace(access_of(viewer), persona_id=ME, duties=viewer.duties)
    return bool(_counting(rights).rows_apart(me=viewer.persona_id)[0][0])


@lru_cache(KEPT)
def _counting(viewer: Viewer) -> Prepared:
    """Put together once a kind of access: every home page of who has some asks it."""
    rows = _rows_open(viewer).with_only_columns(Act.key)
    return Prepared(lambda: select(func.count()).select_from(rows.subquery()))
