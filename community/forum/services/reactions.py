"""Reactions: helpful, thank you, I have lived this, evidence please. Asking twice is harmless."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid
from community.core.upsert import insert_into
from community.forum.models import Post, Reaction
from community.forum.models.posts import REACTIONS
from community.forum.permissions import may_react
from community.forum.queries.topics import is_guest


def react(viewer: Viewer, post: Post, kind: str) -> None:
    """Add one's reaction to a post. :raises Invalid: there is no such reaction."""
    _check(viewer, post, kind)
    row = insert_into(Reaction).values(post_id=post.id, persona_id=viewer.persona_id, kind=kind)
    # Asked by RETURNING: with psycopg an insert does not say how many rows it made.
    if db.session.scalar(row.on_conflict_do_nothing().returning(Reaction.post_id)):
        _count(post, kind, 1)


def take_back(viewer: Viewer, post: Post, kind: str) -> None:
    """Take one's reaction back. :raises Invalid: there is no such reaction."""
    _check(viewer, post, kind)
    mine = (Reaction.post_id == post.id, Reaction.persona_id == viewer.persona_id, Reaction.kind == kind)
    if db.session.scalar(delete(Reaction).where(*mine).returning(Reaction.post_id)):
        _count(post, kind, -1)


def _check(viewer: Viewer, post: Post, kind: str) -> None:
    require(may_react(viewer, post, guest=is_guest(viewer, post.topic)))
    if kind not in REACTIONS:
        raise Invalid("kind", _l("There is no such reaction."))


def _count(post: Post, kind: str, by: int) -> None:
    """Counted by the database, so that fifty at once add up."""
    name = f"{kind}_count"
    column = getattr(Post, name)
    db.session.execute(
        update(Post)
        .where(Post.id == post.id)
        .values({name: column + by})
        .execution_options(synchronize_session=False)
    )
    db.session.expire(post, [name])
