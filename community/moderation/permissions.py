"""Who looks at what was reported, who decides, who may ask again.

Those who moderate a space see the matters of that space; coordinators and administrators see all of them:
of a space that they do not read, the one reported text and nothing else. They see content and the name it
was written under, never who is behind it, nor who reported. Nobody acts on what is about themselves, and
nobody judges what they decided.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, false, or_, select

from community.accounts.breakglass import same_person
from community.accounts.models import Duty
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.forum.models import Space
from community.forum.permissions import may_moderate, moderated_by
from community.moderation.models import Act, Appeal, Matter

APPEAL_WITHIN = timedelta(days=30)
# What is told to nobody: there is nothing to ask again.
SILENT = frozenset({"nothing"})
# What keeps a name from writing for a while.
LIMITS = frozenset({"silence", "suspend"})


def sees_everything(viewer: Viewer) -> bool:
    """Whether the viewer sees the matters of every space."""
    return viewer.kind != "operator" and (viewer.coordinator or viewer.administrator)


def may_open_queue(viewer: Viewer) -> bool:
    """Whether there is a queue for the viewer: whoever answers for a space, or for all."""
    if not viewer.signed_in:
        return False
    if sees_everything(viewer):
        return True
    return db.session.scalar(select(Space.id).where(moderated_by(viewer)).limit(1)) is not None


def may_report(viewer: Viewer, author_id: str | None) -> bool:
    """Whether the viewer may report something they see: anyone signed in, but not their own."""
    return viewer.signed_in and author_id != viewer.persona_id


# Matters


def may_see_matter(viewer: Viewer, matter: Matter, space: Space | None) -> bool:
    """Whether the matter exists for this viewer."""
    if not viewer.signed_in:
        return False
    return sees_everything(viewer) or (space is not None and may_moderate(viewer, space))


def matters_seen_by(viewer: Viewer) -> Select[Matter]:
    """The matters that exist for this viewer."""
    rows = select(Matter)
    if not viewer.signed_in:
        return rows.where(false())
    if sees_everything(viewer):
        return rows
    return rows.where(Matter.space_id.in_(select(Space.id).where(moderated_by(viewer))))


def may_handle(viewer: Viewer, matter: Matter) -> bool:
    """Whether the viewer may look into a matter they see and decide: never one about themselves."""
    return viewer.signed_in and not is_own(viewer, matter.author_id)


def is_own(viewer: Viewer, *persona_ids: str | None) -> bool:
    """Whether one of these names is the viewer's, or another of whoever is behind it. The vault is asked for
    this one answer, which nobody else is given and nothing keeps."""
    mine = str(viewer.persona_id)
    return any(other is not None and same_person(mine, other) for other in persona_ids)


# Acts


def may_see_act(viewer: Viewer, act: Act, matter: Matter, space: Space | None) -> bool:
    """Whether the act exists for this viewer: whom it concerns, and those who moderate there."""
    own = viewer.signed_in and act.persona_id == viewer.persona_id and act.act not in SILENT
    return own or may_see_matter(viewer, matter, space)


def acts_seen_by(viewer: Viewer) -> Select[Act]:
    """The acts that exist for this viewer."""
    if not viewer.signed_in:
        return select(Act).where(false())
    handled = matters_seen_by(viewer).with_only_columns(Matter.key)
    own = (Act.persona_id == viewer.persona_id) & Act.act.not_in(SILENT)
    return select(Act).where(or_(own, Act.matter_key.in_(handled)))


def may_appeal(viewer: Viewer, act: Act, appeal: Appeal | None) -> bool:
    """Whether the viewer may ask for a second look: once, within thirty days, while the act stands."""
    own = viewer.signed_in and act.persona_id == viewer.persona_id and act.act not in SILENT
    return own and act.stands and appeal is None and act.at > clock.now() - APPEAL_WITHIN


def may_judge(viewer: Viewer, act: Act, appeal: Appeal | None, matter: Matter, space: Space | None) -> bool:
    """Whether the viewer may answer an appeal: somebody else than who decided, and than who asks."""
    if appeal is None or appeal.state != "open" or not may_see_matter(viewer, matter, space):
        return False
    return not is_own(viewer, act.by_id, act.persona_id, matter.author_id)


def may_undo(viewer: Viewer, act: Act, matter: Matter, space: Space | None) -> bool:
    """Whether the viewer may take an act back: those who moderate there, never one about themselves."""
    if not act.stands or act.act == "nothing" or not may_see_matter(viewer, matter, space):
        return False
    if act.act in LIMITS and not may_limit(viewer, act.persona_id):
        return False
    return not is_own(viewer, act.persona_id, matter.author_id)


# Duties, from the least to the most; a name without any stands below all of them.
LADDER = ("moderator", "coordinator", "administrator")


def may_limit(viewer: Viewer, persona_id: str | None) -> bool:
    """Whether the viewer may silence or suspend this name, or end that: only who stands above its own duty.

    Administrators may limit each other: nobody stands above them. Another name of the same person counts for
    nothing here, or a refusal would tell of it.
    """
    held = db.session.scalars(select(Duty.duty).where(Duty.persona_id == persona_id))
    theirs = max((LADDER.index(duty) + 1 for duty in held), default=0)
    mine = 3 if viewer.administrator else 2 if viewer.coordinator else 1
    return mine > theirs or mine == len(LADDER)


# The rest


def may_edit_reasons(viewer: Viewer) -> bool:
    """Whether the viewer keeps the words that decisions are told in."""
    return sees_everything(viewer)


def may_watch(viewer: Viewer) -> bool:
    """Whether the viewer says when they look at the queue, and sees when others do."""
    return may_open_queue(viewer)
