"""Other words in place of a message's, with a notice, and back.

Nothing of what it said stays in its history: each earlier text keeps its number, so that whoever has the form
of one open is told that it was changed, and loses its words.
"""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from community.core import clock
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.i18n import LOCALES
from community.core.identifiers import REMOVED, without_numbers
from community.core.sealing import CannotUnseal, seal_text, unseal_text
from community.core.text import MAX_BODY, RENDERER_VERSION, render
from community.core.tidy import tidy
from community.forum.models import Post, Revision
from community.forum.signals import post_changed
from community.moderation.models import Act, Matter

SEAL = "text before a moderator edited it"
LET_GO = _l("What it said before was let go of.")


def edit(post: Post, words: str) -> dict[str, Any]:
    """Put other words in place, with a notice; what it said before goes from its history, too.

    :returns: what undoing needs: the text, sealed, and between which versions it was changed.
    """
    body = tidy(words).replace("\x00", "")
    if not 3 <= len(body) <= MAX_BODY - 200:
        raise Invalid("body", _l("Write what the message says from now on: 3 to 19,800 characters."))
    body = without_numbers(body, post.body)
    before = {"sealed": seal_text(SEAL, post.body, post.key), "from": post.version}
    with force_locale(LOCALES[post.lang]):
        notice = gettext("Edited by those who moderate this space.")
    _put(post, f"{body}\n\n*{notice}*")
    return {**before, "to": post.version}


def _put(post: Post, body: str) -> None:
    wrote = post.edited_at or post.created_at
    db.session.execute(delete(Revision).where(Revision.post_id == post.id))
    db.session.add_all(
        Revision(post_id=post.id, version=number, body=REMOVED, html=render(REMOVED), written_at=wrote)
        for number in range(1, post.version + 1)
    )
    post.body, post.html, post.html_version = body, render(body), RENDERER_VERSION
    post.version, post.edited_at = post.version + 1, clock.now()
    db.session.flush()
    announce(post_changed, post_id=post.id)


def edit_back(post: Post, act: Act) -> None:
    """Put the words back. :raises Conflict: they were let go of, or it was changed since."""
    if not act.before:
        raise Conflict(LET_GO)
    if post.version != act.before.get("to", post.version):
        raise Conflict(_l("It was changed since. Take the later change back first, or edit it again."))
    try:
        _put(post, unseal_text(SEAL, str(act.before.get("sealed", "")), post.key))
    except CannotUnseal:
        raise Conflict(LET_GO) from None
    _earlier_edit_is_next(post, act)


def _earlier_edit_is_next(post: Post, act: Act) -> None:
    """The edit that this one came on top of can be taken back from here on."""
    rows = select(Act).join(Matter, Matter.key == Act.matter_key)
    same = (Matter.kind == "post", Matter.thing == post.key, Act.act == "edit", Act.undone_at.is_(None))
    for earlier in db.session.scalars(rows.where(*same, Act.key != act.key)):
        if "to" in earlier.before and earlier.before["to"] == act.before.get("from"):
            earlier.before = {**earlier.before, "to": post.version}
