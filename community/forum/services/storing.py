"""How a new post gets into its table: written past the session, which then knows it as if it had written it.

Put together once, because SQLAlchemy takes longer to write a message than the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, insert

from community.core import objects
from community.core.db import UtcDateTime, db
from community.core.ids import new_key
from community.core.prepared import Prepared
from community.core.text import RENDERER_VERSION, render
from community.forum.citations import Citation
from community.forum.models import Post, PostSource, Topic
from community.forum.models.posts import REACTIONS

COUNTS = tuple(f"{kind}_count" for kind in REACTIONS)
# What a post is before anybody but its author had to do with it.
_AS_NEW = {
    **dict.fromkeys(("edited_at", "accepted_at", "accepted_by")),
    **dict.fromkeys(("jurisdiction", "valid_until", "superseded_by")),
    **dict.fromkeys(COUNTS, 0),
    "state": "shown",
    "held": False,
    "version": 1,
    "files": 0,
    "html_version": RENDERER_VERSION,
}


@dataclass(frozen=True)
class Writing:
    """What a person wrote, as a form, a file or a program hands it over."""

    body: str
    lang: str
    notes: tuple[str, ...] = ()
    basis: str = ""  # evidence, experience
    sources: tuple[Citation, ...] = ()


_ADD = Prepared(
    lambda: (
        insert(Post)
        .values(
            **{name: bindparam(name) for name in ("key", "topic_id", "number", "author_id")},
            **{name: bindparam(name) for name in ("body", "html", "lang", "basis", "note")},
            created_at=bindparam("created_at", type_=UtcDateTime()),
            imported_from=bindparam("imported_from", type_=String()),
            **_AS_NEW,
        )
        .returning(Post.id)
    )
)


def stored(
    topic: Topic, number: int, author_id: str, at: datetime, writing: Writing, imported_from: str | None
) -> Post:
    """A new post with its sources, written; as the session would have it that had written it itself."""
    said = {
        "key": new_key(),
        "topic_id": topic.id,
        "number": number,
        "author_id": author_id,
        "created_at": at,
        "imported_from": imported_from,
        **words_of(writing),
    }
    post = objects.stored(Post, {"id": int(_ADD.rows(**said)[0][0]), **said, **_AS_NEW})
    objects.related(post, "topic", topic)
    objects.related(post, "sources", [])
    if writing.sources:
        post.sources = source_rows(writing)
        db.session.flush()
    return post


def words_of(writing: Writing) -> dict[str, str]:
    """What a post says, by its columns; the words are rendered here, once."""
    return {
        "body": writing.body,
        "html": render(writing.body),
        "lang": writing.lang,
        "note": ",".join(writing.notes),
        "basis": writing.basis,
    }


def source_rows(writing: Writing) -> list[PostSource]:
    """Its sources, in order."""
    return [
        PostSource(position=place, kind=source.kind, ref=source.ref, label=source.label)
        for place, source in enumerate(writing.sources, start=1)
    ]
