"""Bringing what was grown into the index, in larger portions than a running site would.

Of PostgreSQL's, a million messages would keep a core busy for a quarter of an hour, mostly with cutting the
same texts into words: there each text is cut once, and the database puts the documents together. A test
compares them with what the site writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from community.core.db import db, transaction
from community.core.regions import with_ancestors
from community.core.text import plain
from community.forum.models import Post, Space
from community.forum.models.topics import ASKING
from community.search import plan, spelling
from community.search import services as search
from community.search.engine import site_index, writing
from community.search.index import SearchIndex
from community.search.plan import index_terms
from community.search.postgres_index import PostgresIndex, _vector
from community.search.sources import source
from ground.console import say

INDEXED_AT_ONCE = 2_000
TOPICS_AT_ONCE = 5_000
TOGETHER = 100_000  # missing documents; fewer are cut one by one

# Each text once, as the words that the site makes of it; and what is said of a space.
_TEXTS = "CREATE TEMPORARY TABLE cut (said text, lang text, tsv tsvector, PRIMARY KEY (said, lang))"
_PLACES = "CREATE TEMPORARY TABLE place (id integer PRIMARY KEY, regions text[], theme text)"
_DOCUMENTS = """
INSERT INTO {document}
 (id, kind, key, shown_under, space_id, topic_key, regions,
  theme, topic_kind, lang, answered, created_at, tsv)
SELECT 'post:' || post.key, 'post', post.key, topic.key, topic.space_id, topic.key, place.regions,
 place.theme, topic.kind, post.lang,
 CASE WHEN topic.kind = ANY(:asking) THEN topic.answered_at IS NOT NULL END,
 CASE WHEN space.protected THEN date_trunc('day', post.created_at, 'UTC') ELSE post.created_at END,
 setweight(title.tsv, CASE WHEN post.number = 1 THEN 'A' ELSE 'C' END::"char") || body.tsv
FROM post JOIN topic ON topic.id = post.topic_id JOIN space ON space.id = topic.space_id
JOIN place ON place.id = space.id
JOIN cut AS title ON title.said = topic.title AND title.lang = post.lang
JOIN cut AS body ON body.said = post.html AND body.lang = post.lang
WHERE post.state = 'shown' AND topic.id > :after AND topic.id <= :last
ON CONFLICT DO NOTHING
"""


def index_all() -> None:
    """Bring every post into the index."""
    index = site_index()
    with writing():
        missing = (db.session.scalar(sa.select(sa.func.count()).select_from(Post)) or 0) - index.size()
    if isinstance(index, PostgresIndex) and missing >= TOGETHER:
        put_together(index)
    elif missing >= INDEXED_AT_ONCE // 2:  # replies of an earlier run may still wait for their job
        _one_by_one(index)


def _one_by_one(index: SearchIndex) -> None:
    posts, after, done = source("post"), "", 0
    assert posts is not None  # noqa: S101 - the forum is always there
    while keys := posts.keys(after, INDEXED_AT_ONCE):
        with writing():
            index.replace([f"{posts.kind}:{key}" for key in keys], posts.documents(keys))
        after, done = keys[-1], done + len(keys)
        db.session.rollback()
        say(f"\rIndexing: {done} posts", end="")
    search.finish()
    say(f"\rIndexed: {done} posts        ")


def put_together(index: PostgresIndex) -> None:
    """Every post of topics without a region or theme of their own, anew."""
    with transaction() as session:
        session.execute(sa.text("ANALYZE post, topic"))
        index.clear()
        for one in index.document.indexes:  # made at the end, which is far quicker
            one.drop(session.connection())
        _cut(index)
        session.execute(sa.text("ANALYZE cut, place"))
        last = session.scalar(sa.text("SELECT max(id) FROM topic")) or 0
        for after in range(0, last, TOPICS_AT_ONCE):
            say(f"\rIndexing: {after} of {last} topics", end="")
            bounds = {"asking": sorted(ASKING), "after": after, "last": after + TOPICS_AT_ONCE}
            session.execute(sa.text(_DOCUMENTS.format(document=index.document.fullname)), bounds)
        say("\rIndexing: finding by words        ", end="")
        for one in index.document.indexes:
            one.create(session.connection())
        session.execute(sa.text("DROP TABLE cut, place"))
        index.complete()
    say("\rIndexed.                            ")


def _cut(index: PostgresIndex) -> None:
    session = index.session
    for made in (_TEXTS, _PLACES):
        session.execute(sa.text(made))
    places = [
        {"id": space.id, "regions": list(with_ancestors(space.region or "")), "theme": space.theme or ""}
        for space in session.scalars(sa.select(Space))
    ]
    session.execute(sa.text("INSERT INTO place VALUES (:id, :regions, :theme)"), places)
    bodies = session.execute(sa.text("SELECT DISTINCT html, lang FROM post")).all()
    titles = session.execute(
        sa.text("SELECT DISTINCT topic.title, post.lang FROM topic JOIN post ON post.topic_id = topic.id")
    ).all()
    known: set[str] = set()
    _keep(session, known, ((html, plain(html), lang) for html, lang in bodies))
    _keep(session, known, ((title, title, lang) for title, lang in titles))
    near = [{"word": word, "near": sorted(spelling.near_keys(word))} for word in sorted(known)]
    session.execute(sa.insert(index.word), near)


def _keep(session: Any, known: set[str], texts: Iterable[tuple[str, str, str]]) -> None:
    """Their words as vectors; those that mend a spelling are added to what is known."""
    rows = []
    for said, words, lang in texts:
        terms = list(index_terms(words, lang))
        known |= plan.spelling_words(terms)
        rows.append({"said": said, "lang": lang, "tsv": _vector([("D", terms)])})
    put = "INSERT INTO cut VALUES (:said, :lang, CAST(:tsv AS tsvector)) ON CONFLICT DO NOTHING"
    session.execute(sa.text(put), rows)
