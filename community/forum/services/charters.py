"""The charter of a space of lived experience, written by those who keep it."""

from __future__ import annotations

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Conflict
from community.core.publish import Text, before_publish
from community.core.text import render
from community.core.tidy import tidy
from community.forum.models import Space, SpaceCharter
from community.forum.permissions import may_write_charter
from community.forum.queries.charters import charter_of

LANGUAGES = ("en", "fr")


def write_charter(viewer: Viewer, space: Space, english: str, french: str, version: int) -> SpaceCharter:
    """Say what is asked of everybody here. Each language keeps the day on which it was last written.

    :param version: that of the text the form was made from.
    :raises Conflict: somebody wrote in the meantime; it carries both texts.
    """
    require(may_write_charter(viewer, space))
    charter = charter_of(space)
    if charter.version != version:
        raise Conflict(
            yours=f"{english}\n\n{french}".strip(),
            theirs=f"{charter.words_en}\n\n{charter.words_fr}".strip(),
        )
    for lang, words in zip(LANGUAGES, (tidy(english), tidy(french)), strict=True):
        before = getattr(charter, f"words_{lang}") or ""
        before_publish(Text("charter", f"words_{lang}", words, lang, viewer.persona_id, before=before))
        if before != words:
            setattr(charter, f"words_{lang}", words)
            setattr(charter, f"html_{lang}", render(words))
            setattr(charter, f"words_{lang}_on", clock.today())
    charter.version += 1
    db.session.add(charter)
    db.session.flush()
    audit.record(viewer.persona_id or "", "space.rules_written", space.slug)
    return charter
