"""Loads what a name kept for itself in the forum: drafts, follows, content notes, what it declared.

What it said of the words of others (reactions, bookmarks, how far it has read) is loaded where those words
are: in a blank community nowhere at first, so the archives of who wrote them are loaded before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from community.core import archive_rows, clock
from community.core.archive_rows import BadRow, columns, each
from community.core.archives import Rows
from community.core.db import db
from community.core.padding import spaced
from community.core.sealing import seal
from community.forum.models import (
    Bookmark,
    Declaration,
    Draft,
    Follow,
    OpenNote,
    Post,
    Reaction,
    Reading,
    Topic,
)
from community.forum.models.posts import NOTES, REACTIONS
from community.forum.queries.drafts import PURPOSE, bound_to
from community.forum.services.drafts import LARGEST, PLACE

if TYPE_CHECKING:
    from community.forum.loading import Spaces

LOADED = ("drafts", "follows", "open_notes", "declarations")
# Only where that which they are about is there.
ABOUT_OTHERS = ("reactions", "bookmarks", "readings")
Row = Mapping[str, Any]


def load(persona_id: str, rows: Rows, spaces: Spaces) -> int:
    """Load it, in the open transaction. Returns how many rows. :raises BadRow: one is none of an archive."""
    for row in each(rows, "drafts"):
        db.session.add(_draft(persona_id, row))
    for row in each(rows, "open_notes"):
        if row.get("note") not in NOTES:
            raise BadRow("“open_notes” holds a content note that there is not.")
        db.session.add(OpenNote(persona_id=persona_id, note=row["note"]))
    for row in each(rows, "declarations"):
        said = columns(Declaration, row, "kind", "place", "day")
        db.session.add(Declaration(persona_id=persona_id, **said))
    for row in each(rows, "follows"):
        _follow(persona_id, row, spaces)
    loaded = _about_others(persona_id, rows)
    db.session.flush()
    return loaded + sum(len(rows.get(name, [])) for name in LOADED)


def _draft(persona_id: str, row: Row) -> Draft:
    said = columns(Draft, row, "place", "saved_on")
    plain = json.dumps(row.get("fields"), ensure_ascii=False).encode("utf-8", "replace")
    ahead = said["saved_on"] > clock.today() + timedelta(days=1)  # it would never be dropped
    if (
        not PLACE.fullmatch(said["place"])
        or not _are_fields(row.get("fields"))
        or ahead
        or len(plain) > LARGEST
    ):
        raise BadRow("“drafts” holds a row that is no draft.")
    sealed = seal(PURPOSE, spaced(plain), bound_to(persona_id, said["place"]))
    return Draft(persona_id=persona_id, sealed=sealed, **said)


def _are_fields(fields: Any) -> bool:
    """Names with a text, or several."""
    return isinstance(fields, dict) and all(
        isinstance(one, str) or isinstance(one, list) and all(isinstance(said, str) for said in one)
        for one in fields.values()
    )


def _follow(persona_id: str, row: Row, spaces: Spaces) -> None:
    """A topic that is not there is not followed."""
    kind, _, name = archive_rows.text(row, "target").partition(":")
    if kind == "topic":
        number = db.session.scalar(select(Topic.id).where(Topic.key == name))
    elif kind == "space":
        number = spaces.of({"space": name}).id
    else:
        raise BadRow("“follows” names neither a space nor a topic.")
    if number is not None:
        level = columns(Follow, row, "level")["level"]
        db.session.add(Follow(persona_id=persona_id, target=f"{kind}:{number}", level=level))


def _about_others(persona_id: str, rows: Rows) -> int:
    """Reactions and bookmarks of messages that are here and shown, how far it has read in topics that are."""
    loaded = 0
    for row in each(rows, "bookmarks"):
        if post := _message(row):
            db.session.add(Bookmark(persona_id=persona_id, post_id=post.id))
            loaded += 1
    for row in each(rows, "reactions"):
        loaded += _react(persona_id, row)
    for row in each(rows, "readings"):
        read = archive_rows.columns(Reading, {"last_number": row.get("number")}, "last_number")
        topic = db.session.scalar(select(Topic).where(Topic.key == archive_rows.text(row, "topic")))
        if topic is not None:
            number = min(read["last_number"], topic.last_number)
            db.session.add(Reading(persona_id=persona_id, topic_id=topic.id, last_number=number))
            loaded += 1
    return loaded


def _message(row: Row) -> Post | None:
    key = archive_rows.text(row, "post")
    return db.session.scalar(select(Post).where(Post.key == key, Post.state == "shown"))


def _react(persona_id: str, row: Row) -> int:
    post, kind = _message(row), row.get("kind")
    if kind not in REACTIONS:
        raise BadRow("“reactions” holds one that there is not.")
    if post is None or post.author_id == persona_id:
        return 0
    db.session.add(Reaction(persona_id=persona_id, post_id=post.id, kind=kind))
    column = getattr(Post, f"{kind}_count")
    counted = update(Post).where(Post.id == post.id).values({column: column + 1})
    db.session.execute(counted.execution_options(synchronize_session=False))
    db.session.expire(post, [column.key])
    return 1
