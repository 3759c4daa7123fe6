"""Loads the forum's part of an archive into a community that lacks it.

What a name wrote and kept comes back: topics, messages with their versions and sources, drafts, follows,
content notes. What it said of the words of others (reactions, marks, reports) has nothing to hold on to
there. A message in a topic of somebody else stands in a topic of that key without a title, begun by nobody,
until the archive of who began it is loaded too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from community.accounts.models import Persona
from community.core import clock
from community.core.announce import announce
from community.core.archives import Row, Rows
from community.core.db import db
from community.core.errors import Conflict
from community.core.padding import spaced
from community.core.sealing import seal
from community.core.text import RENDERER_VERSION, render
from community.forum import archive_files
from community.forum.models import Case, Draft, Follow, OpenNote, Post, PostSource, Revision, Space, Topic
from community.forum.queries.drafts import PURPOSE, bound_to
from community.forum.services import posts
from community.forum.signals import topics_imported

NOBODY = "archive: topics of others"
TOGETHER = 10  # topics announced at once
_MOMENTS = frozenset({"created_at", "edited_at", "accepted_at", "written_at"})


def load(persona_id: str, rows: Rows) -> int:
    """Load what a name wrote and kept, in the open transaction. Returns how many rows."""
    spaces = _Spaces()
    topics = {row["key"]: _topic(persona_id, row, spaces) for row in rows.get("topics", [])}
    written = {row["key"]: _post(persona_id, row, topics, spaces) for row in rows.get("posts", [])}
    for row in rows.get("cases", []):
        db.session.add(Case(topic_id=topics[row.pop("topic")].id, **row))
    for row in rows.get("sources", []):
        db.session.add(PostSource(post_id=written[row.pop("post")].id, **row))
    for row in rows.get("revisions", []):
        post_id = written[row.pop("post")].id
        db.session.add(Revision(post_id=post_id, html=render(row["body"]), **_values(row)))
    db.session.flush()
    for topic in topics.values():
        posts.recount(topic)
    _let_be_found(topics)
    _own(persona_id, rows, spaces, topics)
    archive_files.load(persona_id, rows, written)
    return sum(len(rows.get(name, [])) for name in LOADED)


def _let_be_found(topics: dict[str, Topic]) -> None:
    numbers = sorted(topic.id for topic in topics.values())
    for start in range(0, len(numbers), TOGETHER):
        announce(topics_imported, topic_ids=numbers[start : start + TOGETHER])


LOADED = (
    *("topics", "cases", "posts", "sources", "revisions", "drafts", "follows", "open_notes"),
    *("attachments", "draft_files"),
)


class _Spaces:
    """Spaces by their address; one that this community lacks is made, and admits nobody."""

    def __init__(self) -> None:
        self._known = {row.slug: row for row in db.session.scalars(select(Space))}

    def __call__(self, slug: str) -> Space:
        if slug not in self._known:
            today = clock.today()
            row = Space(
                slug=slug, kind="public", name_en=slug, name_fr=slug, words_en_on=today, words_fr_on=today
            )
            db.session.add(row)
            db.session.flush()
            self._known[slug] = row
        return self._known[slug]


Find = Callable[[str], Space]


def _values(row: Row) -> dict[str, Any]:
    """A row's values as its columns take them."""
    turned: dict[str, Any] = {
        name: datetime.fromisoformat(value) for name, value in row.items() if name in _MOMENTS and value
    }
    if row.get("valid_until"):
        turned["valid_until"] = date.fromisoformat(row["valid_until"])
    return {**row, **turned}


def _topic(persona_id: str, row: Row, spaces: Find) -> Topic:
    """A topic of this name, or the one that replies to it were loaded into before.

    :raises Conflict: somebody else began a topic of this key.
    """
    values = _values(row)
    values |= {"author_id": persona_id, "space_id": spaces(values.pop("space")).id}
    there = db.session.scalar(select(Topic).where(Topic.key == values["key"]))
    if there is None:
        return _add_topic(Topic(last_post_at=values["created_at"], **values))
    if there.author_id != _nobody():
        raise Conflict("A topic of this archive is there already, begun by somebody else.")
    for name, value in values.items():
        setattr(there, name, value)
    return there


def _add_topic(topic: Topic) -> Topic:
    db.session.add(topic)
    db.session.flush()
    return topic


def _post(persona_id: str, row: Row, topics: dict[str, Topic], spaces: Find) -> Post:
    values = _values(row)
    key, space = values.pop("topic"), spaces(values.pop("space"))
    topic = topics.get(key) or _of_somebody_else(key, space, values)
    topics[key] = topic
    topic.last_number = max(topic.last_number or 0, values["number"])
    post = Post(
        author_id=persona_id,
        topic_id=topic.id,
        html=render(values["body"]),
        html_version=RENDERER_VERSION,
        **values,
    )
    db.session.add(post)
    db.session.flush()
    return post


def _of_somebody_else(key: str, space: Space, first: dict[str, Any]) -> Topic:
    known = db.session.scalar(select(Topic).where(Topic.key == key))
    return known or _add_topic(
        Topic(
            key=key,
            space_id=space.id,
            kind="discussion",
            lang=first["lang"],
            title="…",
            author_id=_nobody(),
            created_at=first["created_at"],
            last_post_at=first["created_at"],
        )
    )


def _nobody() -> str:
    found = db.session.scalar(select(Persona.id).where(Persona.imported_from == NOBODY))
    if found is not None:
        return found
    row = Persona(
        name="", kind="imported", state="former", made_on=clock.today().replace(day=1), imported_from=NOBODY
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _own(persona_id: str, rows: Rows, spaces: Find, topics: dict[str, Topic]) -> None:
    for row in rows.get("drafts", []):
        plain = json.dumps(row["fields"], ensure_ascii=False).encode("utf-8", "replace")
        sealed = seal(PURPOSE, spaced(plain), bound_to(persona_id, row["place"]))
        saved = date.fromisoformat(row["saved_on"])
        db.session.add(Draft(persona_id=persona_id, place=row["place"], sealed=sealed, saved_on=saved))
    for row in rows.get("follows", []):
        kind, _, name = row["target"].partition(":")
        if kind == "topic" and name not in topics:
            continue  # one that is not there is not followed
        number = topics[name].id if kind == "topic" else spaces(name).id
        db.session.add(Follow(persona_id=persona_id, target=f"{kind}:{number}", level=row["level"]))
    for row in rows.get("open_notes", []):
        db.session.add(OpenNote(persona_id=persona_id, note=row["note"]))
    db.session.flush()
