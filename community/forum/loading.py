"""Loads the forum's part of an archive into a community that lacks it: what a name wrote.

Topics, messages with their versions, sources and files come back; what it kept for itself is in
``loading_own``. A message in a topic of somebody else stands in a topic of that key without a title, begun
by nobody, until the archive of who began it is loaded too. An archive is a file that its owner may have
changed: values are held against the tables (``core.archive_rows``) and the lists of codes, and texts are
looked at as whatever is published is. A number that the name declared to be nobody's is so here as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import select

from community.accounts.models import Persona
from community.core import archive_rows, clock
from community.core.announce import announce
from community.core.archive_rows import BadRow, each
from community.core.archives import Rows
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.publish import Text, before_publish
from community.core.regions import REGIONS
from community.core.text import RENDERER_VERSION, render
from community.forum import archive_files, loading_own
from community.forum.archive import CASE, POST, TOPIC
from community.forum.citations import NotASource, cite
from community.forum.models import Case, Post, PostSource, Revision, Space, Topic
from community.forum.models import cases as lists
from community.forum.models.posts import NOTES
from community.forum.services import posts
from community.forum.signals import topics_imported
from community.forum.themes import THEMES

NOBODY = "archive: topics of others"
TOGETHER = 10  # topics announced at once
LANGS = ("fr", "en")
LOADED = (
    "topics",
    "cases",
    "posts",
    "sources",
    "revisions",
    "attachments",
    "draft_files",
    *loading_own.LOADED,
)
Row = Mapping[str, Any]
_CODES: dict[str, Collection[str]] = {
    "age": lists.AGES,
    "province": REGIONS,
    "setting": lists.SETTINGS,
    "substances": lists.SUBSTANCES,
    "tried": lists.TRIED,
    "asks": lists.ASKS,
}


def load(persona_id: str, rows: Rows) -> int:
    """Load what a name wrote and kept, in the open transaction. Returns how many rows.

    :raises BadRow: a row is not one of an archive. :raises Invalid: a text identifies somebody.
    """
    spaces, look = Spaces(), _looking(rows)
    begun = [_topic(persona_id, row, spaces, look) for row in each(rows, "topics")]
    topics = {topic.key: topic for topic in begun}
    written: dict[str, Post] = {}
    for row in each(rows, "posts"):
        post = _post(persona_id, row, topics, spaces, look)
        written[post.key] = post
    for row in each(rows, "cases"):
        db.session.add(Case(topic_id=_of(topics, row, "topic").id, **_facts(row)))
    for row in each(rows, "sources"):
        db.session.add(_source(_of(written, row, "post"), row, look))
    for row in each(rows, "revisions"):
        db.session.add(_revision(_of(written, row, "post"), row, look))
    db.session.flush()
    for topic in topics.values():
        posts.recount(topic)
    _let_be_found(topics)
    archive_files.load(persona_id, rows, written, look)
    own = loading_own.load(persona_id, rows, spaces)
    return own + sum(len(rows.get(name, [])) for name in set(LOADED) - set(loading_own.LOADED))


def _let_be_found(topics: dict[str, Topic]) -> None:
    numbers = sorted(topic.id for topic in topics.values())
    for start in range(0, len(numbers), TOGETHER):
        announce(topics_imported, topic_ids=numbers[start : start + TOGETHER])


Look = Callable[[str, str, str, str], None]


def _looking(rows: Rows) -> Look:
    """What looks at a text before it is published, given its place, its field, its words and its language."""
    declared = frozenset(archive_rows.text(row, "kind") for row in each(rows, "declarations"))

    def look(place: str, field: str, words: str, lang: str) -> None:
        try:
            before_publish(Text(place, field, words, lang, None, imported=True, asked_for=declared))
        except Invalid as refused:
            said = (
                f"“{words[:30]}…”: {refused.sentence}. It is not in the archive as it was here: take it out."
            )
            raise Invalid(field, said) from None

    return look


class Spaces:
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

    def of(self, row: Row) -> Space:
        """The space that a row names."""
        return self(archive_rows.columns(Space, {"slug": row.get("space")}, "slug")["slug"])


def _of(known: Mapping[str, Any], row: Row, name: str) -> Any:
    """What came with the archive under the key that a row names."""
    if row.get(name) not in known:
        raise BadRow(f"A row names a {name} that is not in the archive.")
    return known[row[name]]


def _coded(values: dict[str, Any], name: str, codes: Collection[str]) -> None:
    """One code of a list, several with commas, or none: pages say them in words."""
    if set((values.get(name) or "").split(",")) - {"", *codes}:
        raise BadRow(f"“{name}” holds a code that there is not.")


def _values(table: Any, row: Row, names: Collection[str]) -> dict[str, Any]:
    values = archive_rows.columns(table, row, *names)
    for name, codes in (("lang", LANGS), ("region", REGIONS), ("theme", THEMES), ("note", NOTES)):
        _coded(values, name, codes)
    return values


def _facts(row: Row) -> dict[str, Any]:
    values = archive_rows.columns(Case, row, *CASE)
    for name, codes in _CODES.items():
        _coded(values, name, codes)
    return values


def _topic(persona_id: str, row: Row, spaces: Spaces, look: Look) -> Topic:
    """A topic of this name, or the one that replies to it were loaded into before.

    :raises Conflict: somebody else began a topic of this key.
    """
    values = _values(Topic, row, TOPIC)
    look("topic", "title", values["title"], values["lang"])
    values |= {"author_id": persona_id, "space_id": spaces.of(row).id}
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


def _post(persona_id: str, row: Row, topics: dict[str, Topic], spaces: Spaces, look: Look) -> Post:
    values = _values(Post, row, POST)
    key = archive_rows.columns(Topic, {"key": row.get("topic")}, "key")["key"]
    look("post", "body", values["body"], values["lang"])
    topic = topics.get(key) or _of_somebody_else(key, spaces.of(row), values)
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


def _source(post: Post, row: Row, look: Look) -> PostSource:
    values = archive_rows.columns(PostSource, row, "position", "kind", "ref", "label")
    try:
        cited = cite(values["kind"], values["ref"], values.get("label", ""))
    except NotASource:
        raise BadRow(f"“{values['ref'][:60]}” is no source.") from None
    look(
        "post",
        "sources",
        f"{cited.ref}\n{cited.label}" if cited.kind in {"guideline", "url"} else "",
        post.lang,
    )
    return PostSource(
        post_id=post.id, position=values["position"], kind=cited.kind, ref=cited.ref, label=cited.label
    )


def _revision(post: Post, row: Row, look: Look) -> Revision:
    values = archive_rows.columns(Revision, row, "version", "body", "title", "facts", "written_at")
    look("post", "body", "\n\n".join(filter(None, (values.get("title"), values["body"]))), post.lang)
    if values.get("facts"):
        values["facts"] = _facts(values["facts"])
    return Revision(post_id=post.id, html=render(values["body"]), **values)


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
