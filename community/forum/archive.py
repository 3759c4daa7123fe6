"""What the forum puts into the archive of a name, loads from one, and lets go of when a name leaves."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.orm import selectinload

from community.accounts.models import Persona
from community.accounts.privacy import words as privacy
from community.core import archives
from community.core.announce import announce
from community.core.archives import Row, Rows
from community.core.db import db
from community.core.sealing import CannotUnseal, unseal
from community.forum import archive_files
from community.forum.models import (
    Bookmark,
    Case,
    Declaration,
    Draft,
    Follow,
    OpenNote,
    Post,
    PostSource,
    Reaction,
    Reading,
    Report,
    Revision,
    Space,
    SpaceMember,
    Topic,
    TopicGuest,
)
from community.forum.queries.drafts import PURPOSE, bound_to
from community.forum.services import posts, reading, signatures, topics
from community.forum.signals import post_changed

TOPIC = ("key", "region", "theme", "kind", "level", "lang", "title", "state", "note", "created_at")
CASE = ("age", "province", "setting", "substances", "tried", "asks")
POST = (
    *("key", "number", "lang", "body", "basis", "note", "state", "created_at", "edited_at", "version"),
    *("accepted_at", "jurisdiction", "valid_until"),
)


def register() -> None:
    """Name the part."""
    from community.forum import loading

    archives.part("forum", of_persona, loading.load)
    archives.files("forum", archive_files.files_of)
    privacy.name_lists(
        {
            "cases": _l("Cases it described, in bands"),
            "declarations": _l("Numbers it said are no identifiers"),
            "attachments": _l("Files of its messages"),
            "draft_files": _l("Files that wait with its drafts"),
        }
    )
    archives.eraser("forum", leave)


def columns(row: Any, *names: str) -> Row:
    """These columns of a row."""
    return {name: getattr(row, name) for name in names}


def of_persona(persona_id: str) -> Rows:
    """What a name wrote, and what it keeps for itself. Of the words of others, none."""
    return {
        **_written(persona_id),
        **archive_files.rows_of(persona_id),
        **_said_of_others(persona_id),
        **_kept(persona_id),
        **_place(persona_id),
    }


def _written(persona_id: str) -> Rows:
    begun = db.session.execute(
        select(Topic, Space.slug)
        .join(Space, Space.id == Topic.space_id)
        .where(Topic.author_id == persona_id)
        .order_by(Topic.created_at, Topic.id)
    )
    cases = db.session.execute(
        select(Case, Topic.key)
        .join(Topic, Topic.id == Case.topic_id)
        .where(Topic.author_id == persona_id)
        .order_by(Topic.id)
    )
    mine = Post.author_id == persona_id
    written = db.session.execute(
        select(Post, Topic.key, Space.slug)
        .join(Topic, Topic.id == Post.topic_id)
        .join(Space, Space.id == Topic.space_id)
        .where(mine)
        .order_by(Post.created_at, Post.id)
    )
    sources = db.session.execute(
        select(PostSource, Post.key)
        .join(Post, Post.id == PostSource.post_id)
        .where(mine)
        .order_by(Post.id, PostSource.position)
    )
    earlier = db.session.execute(
        select(Revision, Post.key)
        .join(Post, Post.id == Revision.post_id)
        .where(mine)
        .order_by(Post.id, Revision.version)
    )
    return {
        "topics": [{**columns(row, *TOPIC), "space": slug} for row, slug in begun],
        "cases": [{"topic": key, **columns(row, *CASE)} for row, key in cases],
        "posts": [{**columns(row, *POST), "topic": key, "space": slug} for row, key, slug in written],
        "sources": [
            {"post": key, **columns(row, "position", "kind", "ref", "label")} for row, key in sources
        ],
        "revisions": [
            {"post": key, **columns(row, "version", "body", "title", "facts", "written_at")}
            for row, key in earlier
        ],
    }


def _said_of_others(persona_id: str) -> Rows:
    reactions = db.session.execute(
        select(Post.key, Reaction.kind)
        .join(Post, Post.id == Reaction.post_id)
        .where(Reaction.persona_id == persona_id)
        .order_by(Post.key, Reaction.kind)
    )
    reports = db.session.execute(
        select(Report, Post.key)
        .join(Post, Post.id == Report.post_id)
        .where(Report.reporter_id == persona_id)
        .order_by(Report.at)
    )
    return {
        "reactions": [{"post": key, "kind": kind} for key, kind in reactions],
        "reports": [{"post": key, **columns(row, "reason", "words", "state", "at")} for row, key in reports],
    }


def _kept(persona_id: str) -> Rows:
    bookmarks = (
        select(Post.key).join(Bookmark, Bookmark.post_id == Post.id).where(Bookmark.persona_id == persona_id)
    )
    read = (
        select(Topic.key, Reading.last_number)
        .join(Topic, Topic.id == Reading.topic_id)
        .where(Reading.persona_id == persona_id)
    )
    drafts = db.session.scalars(select(Draft).where(Draft.persona_id == persona_id).order_by(Draft.place))
    declared = db.session.scalars(
        select(Declaration).where(Declaration.persona_id == persona_id).order_by(Declaration.id)
    )
    notes = db.session.scalars(select(OpenNote.note).where(OpenNote.persona_id == persona_id))
    return {
        "follows": _follows(persona_id),
        "bookmarks": [{"post": key} for key in sorted(db.session.scalars(bookmarks))],
        "readings": [
            {"topic": key, "number": number} for key, number in sorted(map(tuple, db.session.execute(read)))
        ],
        "drafts": [row for draft in drafts if (row := _opened(draft)) is not None],
        "open_notes": [{"note": note} for note in sorted(notes)],
        "declarations": [columns(row, "kind", "place", "day") for row in declared],
    }


def _follows(persona_id: str) -> list[Row]:
    """Numbers of rows mean nothing elsewhere: a space is named by its address, a topic by its key."""
    rows = list(db.session.scalars(select(Follow).where(Follow.persona_id == persona_id)))
    spaces = {f"space:{row.id}": f"space:{row.slug}" for row in db.session.scalars(select(Space))}
    numbers = [int(row.target.removeprefix("topic:")) for row in rows if row.target.startswith("topic:")]
    keys = db.session.execute(select(Topic.id, Topic.key).where(Topic.id.in_(numbers)))
    named = spaces | {f"topic:{number}": f"topic:{key}" for number, key in keys}
    found = [{"target": named[row.target], "level": row.level} for row in rows if row.target in named]
    return sorted(found, key=lambda row: row["target"])


def _opened(draft: Draft) -> Row | None:
    try:
        fields = json.loads(unseal(PURPOSE, draft.sealed, bound_to(draft.persona_id, draft.place)))
    except CannotUnseal:
        return None
    return {"place": draft.place, "fields": fields, "saved_on": draft.saved_on}


def _place(persona_id: str) -> Rows:
    spaces = db.session.execute(
        select(SpaceMember, Space.slug)
        .join(Space, Space.id == SpaceMember.space_id)
        .where(SpaceMember.persona_id == persona_id)
        .order_by(Space.slug)
    )
    guest = select(Topic.key).join(TopicGuest, TopicGuest.topic_id == Topic.id)
    keys = db.session.scalars(guest.where(TopicGuest.persona_id == persona_id))
    return {
        "memberships": [{"space": slug, **columns(row, "standing", "until")} for row, slug in spaces],
        "invitations": [{"topic": key} for key in sorted(keys)],
    }


def leave(persona_id: str, keep: bool) -> None:
    """Drop what a name kept for itself and where it was let in; its words too, unless they are kept.

    What others quoted of it stays theirs, and no longer says who wrote it: called while the name is known.
    """
    signatures.take_name_out(persona_id, db.session.get_one(Persona, persona_id).name)
    reading.forget(persona_id)
    for table in (SpaceMember, TopicGuest, Declaration):
        db.session.execute(delete(table).where(table.persona_id == persona_id))
    if not keep:
        _take_back_reactions(persona_id)
        db.session.execute(update(Report).where(Report.reporter_id == persona_id).values(words=""))
        _take_back_words(persona_id)


def _take_back_reactions(persona_id: str) -> None:
    mine = list(db.session.scalars(select(Reaction).where(Reaction.persona_id == persona_id)))
    for reaction in mine:
        count = getattr(Post, f"{reaction.kind}_count")
        changed = update(Post).where(Post.id == reaction.post_id, count > 0).values({count: count - 1})
        db.session.execute(changed.execution_options(synchronize_session=False))
        db.session.delete(reaction)
    db.session.flush()


def _take_back_words(persona_id: str) -> None:
    """Every message is erased as if it had been withdrawn one by one; the words of others stay."""
    left = select(Post).where(Post.author_id == persona_id, Post.state != "withdrawn")
    mine = left.options(selectinload(Post.sources)).order_by(Post.id)
    changed: dict[int, Topic] = {}
    for post in list(db.session.scalars(mine)):
        posts.erase(post)
        topic = db.session.get_one(Topic, post.topic_id)
        if post.number == 1:
            topics.take_title_back(topic)
        changed[topic.id] = topic
        announce(post_changed, post_id=post.id)
    for topic in changed.values():
        posts.recount(topic)
