"""A reader's choice of content notes: those under which texts of a topic are not folded for this name."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid
from community.forum.models import OpenNote
from community.forum.models.posts import NOTES


def keep_open(viewer: Viewer, notes: Collection[str]) -> None:
    """Make these the notes that stay open for the viewer, and no others.

    :raises Invalid: a note that is not of the list.
    """
    require(viewer.signed_in)
    if set(notes) - set(NOTES):
        raise Invalid("notes", _l("Choose from the list."))
    db.session.execute(delete(OpenNote).where(OpenNote.persona_id == viewer.persona_id))
    db.session.add_all(OpenNote(persona_id=viewer.persona_id, note=note) for note in sorted(set(notes)))
    db.session.flush()
