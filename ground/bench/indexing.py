"""Bringing what was grown into the index, in larger portions than a running site would.

Of PostgreSQL's, a million messages would keep a core busy for a quarter of an hour, mostly with cutting the
same texts into words: there each text is cut once, and the database puts the documents together. A test
compares them with what the site writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
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
from community.search.postgres_index import PostgresIndex
from community.search.postgres_terms import body_weight, titled, worth_in
from community.search.sources import source
from ground.console import say

INDEXED_AT_ONCE = 2_000
AT_ONCE = timedelta(days=7)
TOGETHER = 10_000  # missing documents; fewer are cut one by one

# Each text once, as the words that the site makes of it; and what is said of a space.
_BODIES = (
    "CREATE TEMPORARY TABLE body (said text, lang text, tsv tsvector, worth bytea, PRIMARY KEY (said, lang))"
)
_TITLES = """CREATE TEMPORARY TABLE title
 (said text, lang text, tsv tsvector, titled tsvector, title bytea, context bytea,
 PRIMARY KEY (said, lang))"""
_PLACES = "CREATE TEMPORARY TABLE place (id integer PRIMARY KEY, regions text[], marks tsvector, theme text)"
# As they would have come: one day after the other.
_DOCUMENTS = """
INSERT INTO {document}
 (id, kind, key, shown_under, space_id, topic_key, regions,
  theme, topic_kind, lang, answered, created_at, share, worth, tsv)
SELECT id, 'post', key, topic_key, space_id, topic_key, regions, theme, topic_kind, lang, answered, written,
 CASE WHEN drawn % 256 = 0 THEN 256 WHEN drawn % 64 = 0 THEN 64 WHEN drawn % 16 = 0 THEN 16 ELSE 1 END,
 CASE WHEN first THEN title ELSE context END || worth,
 tsv || array_to_tsvector(array_remove(ARRAY[
  '#s' || space_id, '#t' || topic_key, '#h' || theme, '#k' || topic_kind, '#l' || lang, '#a' || answered::int,
  '@' || left(day, 4), '@' || left(day, 7), '@' || day,
  CASE WHEN drawn % 256 = 0 THEN '%256' END, CASE WHEN drawn % 64 = 0 THEN '%64' END,
  CASE WHEN drawn % 16 = 0 THEN '%16' END], NULL)) || CASE WHEN first THEN titled ELSE '' END
FROM (
 SELECT 'post:' || post.key AS id, post.key, topic.key AS topic_key, topic.space_id,
  place.regions, place.theme, topic.kind AS topic_kind, post.lang, post.number = 1 AS first, written,
  to_char(written AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
  CASE WHEN topic.kind = ANY(:asking) THEN topic.answered_at IS NOT NULL END AS answered,
  ('x' || left(md5('post:' || post.key), 7))::bit(28)::int AS drawn,
  title.title, title.context, title.titled, body.worth, title.tsv || body.tsv || place.marks AS tsv
 FROM post JOIN topic ON topic.id = post.topic_id JOIN space ON space.id = topic.space_id
 JOIN place ON place.id = space.id
 JOIN title ON title.said = topic.title AND title.lang = post.lang
 JOIN body ON body.said = post.html AND body.lang = post.lang
 CROSS JOIN LATERAL (SELECT CASE WHEN space.protected
  THEN date_trunc('day', post.created_at, 'UTC') ELSE post.created_at END AS written)
 WHERE post.state = 'shown' AND post.created_at >= :after AND post.created_at < :before
 ORDER BY post.created_at
)
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
        _add(index)


def _add(index: SearchIndex) -> None:
    """What is not there yet, one after the other; what is there stays as it is."""
    posts, after, done = source("post"), "", 0
    assert posts is not None  # noqa: S101 - the forum is always there
    there = index.ids()
    while keys := posts.keys(after, INDEXED_AT_ONCE):
        after = keys[-1]
        new = [key for key in keys if f"{posts.kind}:{key}" not in there]
        if not new:
            continue
        with writing():
            index.replace([], posts.documents(new))
        done += len(new)
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
        session.execute(sa.text("ANALYZE title, body, place"))
        first, last = session.execute(sa.text("SELECT min(created_at), max(created_at) FROM post")).one()
        while first is not None and first <= last:
            say(f"\rIndexing: {first:%d.%m.} to {last:%d.%m.}  ", end="")
            bounds = {"asking": sorted(ASKING), "after": first, "before": first + AT_ONCE}
            session.execute(sa.text(_DOCUMENTS.format(document=index.document.fullname)), bounds)
            first += AT_ONCE
        say("\rIndexing: finding by words        ", end="")
        for one in index.document.indexes:
            one.create(session.connection())
        session.execute(sa.text("DROP TABLE title, body, place"))
        index.complete()
    say("\rIndexed.                            ")


def _cut(index: PostgresIndex) -> None:
    session = index.session
    for made in (_BODIES, _TITLES, _PLACES):
        session.execute(sa.text(made))
    places = []
    for space in session.scalars(sa.select(Space)):
        regions = list(with_ancestors(space.region or ""))
        marks = [f"#r{region}" for region in regions]
        places.append({"id": space.id, "regions": regions, "marks": marks, "theme": space.theme or ""})
    put = "INSERT INTO place VALUES (:id, :regions, array_to_tsvector(CAST(:marks AS text[])), :theme)"
    session.execute(sa.text(put), places)
    bodies = session.execute(sa.text("SELECT DISTINCT html, lang FROM post")).all()
    titles = session.execute(
        sa.text("SELECT DISTINCT topic.title, post.lang FROM topic JOIN post ON post.topic_id = topic.id")
    ).all()
    known: set[str] = set()
    _keep_bodies(session, known, bodies)
    _keep_titles(session, known, titles)
    near = [{"word": word, "near": sorted(spelling.near_keys(word))} for word in sorted(known)]
    session.execute(sa.insert(index.word), near)


def _keep_bodies(session: Any, known: set[str], texts: Iterable[Any]) -> None:
    """Their words, and what each is worth; those that mend a spelling are added to what is known."""
    rows = []
    for html, lang in texts:
        terms = list(index_terms(plain(html), lang))
        known |= plan.spelling_words(terms)
        worth = worth_in(terms, body_weight(terms))
        rows.append({"said": html, "lang": lang, "tsv": sorted(set(terms)), "worth": worth})
    put = "INSERT INTO body VALUES (:said, :lang, array_to_tsvector(CAST(:tsv AS text[])), :worth)"
    session.execute(sa.text(put), rows)


def _keep_titles(session: Any, known: set[str], texts: Iterable[Any]) -> None:
    """The same of titles, as that of a message and as what the others stand under."""
    rows = []
    for said, lang in texts:
        terms = list(index_terms(said, lang))
        known |= plan.spelling_words(terms)
        row = {"said": said, "lang": lang, "tsv": sorted(set(terms)), "titled": sorted(titled(terms))}
        worth = {"title": worth_in(terms, plan.TITLE), "context": worth_in(terms, plan.CONTEXT)}
        rows.append({**row, **worth})
    put = """INSERT INTO title VALUES (:said, :lang, array_to_tsvector(CAST(:tsv AS text[])),
     array_to_tsvector(CAST(:titled AS text[])), :title, :context)"""
    session.execute(sa.text(put), rows)
