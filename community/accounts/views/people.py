"""A persona's page."""

from __future__ import annotations

from flask import g, render_template

from community.accounts import words
from community.accounts.models import Persona
from community.accounts.permissions import personas_seen_by
from community.accounts.queries import labels_of
from community.accounts.views.blueprint import bp
from community.core import panels
from community.core.access import one_or_404
from community.core.errors import NotFound


@bp.get("/people/<key>")
def person(key: str) -> str:
    """What others may know of a name. There is no list of members, and visitors see none of this."""
    if not g.viewer.signed_in:
        raise NotFound
    persona = one_or_404(personas_seen_by(g.viewer), Persona.id == key)
    label = None if persona.protected else labels_of([persona.id]).get(persona.id)
    groups = [words.group_name(row.group) for row in persona.groups]
    return render_template(
        "accounts/person.html",
        persona=persona,
        label=label,
        groups=sorted(groups),
        panels=panels.entries("profile", g.viewer, persona),
    )
