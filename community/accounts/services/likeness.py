"""Names that add nothing to that of somebody whose word counts here."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from community.accounts.models import Credential, Duty, Persona
from community.accounts.names import bare_skeletons
from community.core import clock
from community.core.db import db


def is_anothers(name: str) -> bool:
    """Whether a name is that of a verified person, or of one with a duty, but for a figure, a little word
    or the order of its words.

    Names that eyes take for one another are refused for everybody; this goes further for those whom
    others believe because of who they are.
    """
    titled = exists().where(
        Credential.persona_id == Persona.id,
        Credential.state == "verified",
        or_(Credential.until.is_(None), Credential.until > clock.now()),
    )
    entrusted = exists().where(Duty.persona_id == Persona.id)
    like = select(Persona.id).where(Persona.skeleton.in_(bare_skeletons(name)), or_(titled, entrusted))
    return db.session.scalar(like.limit(1)) is not None
