"""Who is said to have written what others quoted: the line that "quote" puts above it.

Whoever quotes a message takes over its words, and those stay theirs. The line above them is the site's: once
a name is let go of, it would tell for good whose words stand elsewhere under "former member" or another name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select

from community.core import clock
from community.core.announce import announce
from community.core.db import db
from community.core.i18n import LANGUAGES, speaking
from community.core.text import render
from community.forum.models import Post, Revision, TopicKin
from community.forum.signals import post_changed

Said = TypeVar("Said", Post, Revision)


def said_by(name: str) -> str:
    """The line above a quotation, in the language of the page."""
    return _("%(name)s wrote:", name=name)


def take_name_out(persona_id: str, name: str) -> int:
    """Put "former member" above what others quoted of a name that goes. Returns in how many messages.

    Looked at is every topic in which it wrote, and what these were once one with.
    """
    if not name:
        return 0
    lines = dict(_lines(name))
    wrote = select(Post.topic_id).where(Post.author_id == persona_id)
    kin = select(TopicKin.kin).where(TopicKin.topic_id.in_(wrote))
    once_one = select(TopicKin.topic_id).where(TopicKin.kin.in_(kin))
    within = or_(Post.topic_id.in_(wrote), Post.topic_id.in_(once_one))
    for earlier in _holding(Revision, Revision.post_id.in_(select(Post.id).where(within)), lines):
        _sign_anew(earlier, lines)
    changed = [one for one in _holding(Post, within, lines) if _sign_anew(one, lines)]
    for one in changed:
        one.edited_at = clock.now()  # kept pages of it are of before
        announce(post_changed, post_id=one.id)
    return len(changed)


def _lines(name: str) -> Iterable[tuple[str, str]]:
    """The line in each language, and what stands there afterwards."""
    for lang in LANGUAGES:
        with speaking(lang):
            yield said_by(name), said_by(_("Former member"))


def _holding(kind: type[Said], where: ColumnElement[bool], lines: Mapping[str, str]) -> Sequence[Said]:
    holds = or_(*(kind.body.contains(f"> {line}", autoescape=True) for line in lines))
    return db.session.scalars(select(kind).where(where, holds)).all()


def _sign_anew(said: Post | Revision, lines: Mapping[str, str]) -> bool:
    """Whether one of the lines stood there: alone on its line, in a quotation."""
    body = said.body
    for old, new in lines.items():
        before = re.compile(rf"^((?:> ?)+){re.escape(old)}(?=[ \t]*$)", re.MULTILINE)
        body = before.sub(rf"\g<1>{new}", body)
    if body == said.body:
        return False
    said.body, said.html = body, render(body)
    return True
