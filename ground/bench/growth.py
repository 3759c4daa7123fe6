"""Growing a community of the size asked for, by bulk inserts; what there is already is kept.

Runs as a program of its own (``python -m ground.bench.growth``) in the environment of the site, and writes
what the driver needs to know into ``grown.json``. Bodies are rendered once each; a message is one of
``BODIES`` texts, so that growing a million does not take an hour.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from community.accounts.audiences import EVERYONE, MEMBER
from community.app import create_app
from community.core import clock
from community.core.db import Base, db, postgres_options, transaction
from community.core.text import RENDERER_VERSION, render
from community.forum.models import Post, Reaction, Space, SpaceAudience, Topic
from community.forum.models.posts import REACTIONS
from config import read_settings
from ground.bench import words
from ground.bench.bulk import count_rows, drawn_key, insert_all, settle
from ground.bench.indexing import index_all
from ground.bench.keeping import notices_of, what_they_keep
from ground.bench.people import people_of, sessions_of
from ground.console import say

VISITED = 500
BODIES = 4_000
DAYS = 120
AT_ONCE = 1_000  # topics in one transaction
KINDS = ("public", "clinical", "regional", "policy")
SEED = 3


@dataclass(frozen=True)
class Grown:
    """What the driver needs: whom it is, and what it visits."""

    topics: int
    posts: int
    public_topics: list[str]  # keys of topics that everyone reads, ``VISITED`` of them
    spaces: list[str]  # slugs of spaces with topics
    people: list[dict[str, str]]  # persona, and the cookie of its session
    notices: bool


@dataclass(frozen=True)
class _Body:
    text: str
    html: str
    lang: str


def main() -> None:
    """Grow ``topics`` topics and ``posts`` posts (the two words of the command) into this site."""
    topics, posts = int(sys.argv[1]), int(sys.argv[2])
    settings = read_settings()
    # This is no page: PostgreSQL may take its time.
    patient: dict[str, Any] = (
        {} if settings.sqlite else {"SQLALCHEMY_ENGINE_OPTIONS": postgres_options(patient=True)}
    )
    app = create_app(settings, **patient)
    with app.app_context():
        grown = grow(app, topics, posts)
        settle()
        (settings.instance_dir / "grown.json").write_text(json.dumps(asdict(grown)))


def grow(app: Flask, topics: int, posts: int) -> Grown:
    """Bring the site to this size; a site that has it already only gets new sessions."""
    dice = random.Random(SEED)  # noqa: S311 - a community that is the same at each run
    people, others = people_of(dice)
    _write_topics(dice, [*people, *others], topics, posts)
    what_they_keep(dice, people)
    notices = notices_of(dice, people)
    index_all()
    count_rows()
    public = db.session.scalars(
        select(Topic.key).join(Space).where(Space.kind == "public", Topic.state == "open").order_by(Topic.id)
    ).all()
    open_to_members = select(SpaceAudience.space_id).where(
        SpaceAudience.act == "see", SpaceAudience.audience.in_((EVERYONE, MEMBER))
    )
    slugs = db.session.scalars(
        select(Space.slug).where(
            Space.id.in_(select(Topic.space_id).distinct()), Space.id.in_(open_to_members)
        )
    )
    visits = random.Random(SEED)  # noqa: S311 - the same topics at each run
    return Grown(
        topics=db.session.scalar(select(func.count()).select_from(Topic)) or 0,
        posts=db.session.scalar(select(func.count()).select_from(Post)) or 0,
        public_topics=visits.sample(public, min(VISITED, len(public))),
        spaces=list(slugs),
        people=sessions_of(app),
        notices=notices,
    )


def _write_topics(dice: random.Random, authors: Sequence[str], topics: int, posts: int) -> None:
    there = db.session.scalar(select(func.count()).select_from(Topic)) or 0
    if there >= topics:
        return
    if there:  # not the keys of those that are there
        dice = random.Random(SEED + there)  # noqa: S311
    spaces = db.session.scalars(select(Space).where(Space.kind.in_(KINDS)).order_by(Space.id)).all()
    bodies = [_body(dice, lang) for lang in ("en", "fr") for _ in range(BODIES // 2)]
    sizes = _sizes(dice, topics, posts)
    post_id = db.session.scalar(select(func.max(Post.id))) or 0
    topic_id = db.session.scalar(select(func.max(Topic.id))) or 0
    for start in range(there, topics, AT_ONCE):
        say(f"\rGrowing: {start} of {topics} topics", end="")
        rows: dict[type[Base], list[dict[str, Any]]] = {Topic: [], Post: [], Reaction: []}
        for size in sizes[start : start + AT_ONCE]:
            topic_id += 1
            # A third of what is written is open to everyone.
            place = spaces[0] if topic_id % 3 == 0 else dice.choice(spaces)
            _topic(dice, rows, topic_id, post_id, size, place, authors, bodies)
            post_id += size
        with transaction():
            for table, made in rows.items():
                insert_all(table, made)
    say(f"\rGrown: {topics} topics, {post_id} posts        ")
    if not db.engine.dialect.name.startswith("sqlite"):
        _catch_up(topic_id, post_id)


def _catch_up(topic_id: int, post_id: int) -> None:
    """Let PostgreSQL count on from the ids that were given."""
    with transaction():
        for table, last in (("topic", topic_id), ("post", post_id)):
            db.session.execute(select(func.setval(f"{table}_id_seq", last)))


def _sizes(dice: random.Random, topics: int, posts: int) -> list[int]:
    """How many posts each topic has: around the mean, and so many in all."""
    mean = posts // topics
    spread = max(mean * 2 // 5, 0)
    sizes = [mean + dice.randint(-spread, spread) for _ in range(topics)]
    missing = posts - sum(sizes)
    for place in range(abs(missing)):
        sizes[place % topics] += 1 if missing > 0 else -1
    return [max(size, 1) for size in sizes]


def _body(dice: random.Random, lang: str) -> _Body:
    text = words.message(dice, lang)
    return _Body(text, render(text), lang)


def _topic(
    dice: random.Random,
    rows: dict[type[Base], list[dict[str, Any]]],
    topic_id: int,
    post_id: int,
    size: int,
    place: Space,
    authors: Sequence[str],
    bodies: Sequence[_Body],
) -> None:
    lang = dice.choice(("en", "en", "fr"))
    asker = dice.choice(authors)
    began = clock.ago(days=dice.uniform(1, DAYS))
    kind = "question" if dice.random() < 0.7 else "discussion"
    waits = kind == "question" and dice.random() < 0.15
    times = sorted(began + (datetime.now(UTC) - began) * dice.random() * 0.9 for _ in range(size))
    writers = [asker, *(asker if waits else dice.choice(authors) for _ in range(size - 1))]
    kept = size > 4 and not waits and kind == "question" and dice.random() < 0.4
    for number, (at, writer) in enumerate(zip(times, writers, strict=True), 1):
        keep = kept and number == 3
        rows[Post].append(
            _post(dice, rows, topic_id, post_id + number, number, writer, at, dice.choice(bodies), keep)
        )
    answer = next((at for at, writer in zip(times, writers, strict=True) if writer != asker), None)
    rows[Topic].append(
        {
            "id": topic_id,
            "key": drawn_key(dice),
            "space_id": place.id,
            "region": None,
            "theme": None,
            "kind": kind,
            "level": "",
            "lang": lang,
            "title": words.title(dice, lang),
            "author_id": asker,
            "state": "open",
            "created_at": times[0],
            "last_post_at": times[-1],
            "last_number": size,
            "post_count": size,
            "answered_at": answer if kind == "question" else answer,
            "accepted_count": 1 if kept else 0,
            "note": "",
        }
    )


def _post(
    dice: random.Random,
    rows: dict[type[Base], list[dict[str, Any]]],
    topic_id: int,
    post_id: int,
    number: int,
    writer: str,
    at: datetime,
    body: _Body,
    keep: bool,
) -> dict[str, Any]:
    thanked = dice.sample(REACTIONS[:2], 1) if dice.random() < 0.3 else []
    rows[Reaction] += [{"post_id": post_id, "persona_id": writer, "kind": kind} for kind in thanked]
    return {
        "id": post_id,
        "key": drawn_key(dice),
        "topic_id": topic_id,
        "number": number,
        "author_id": writer,
        "body": body.text,
        "html": body.html,
        "html_version": RENDERER_VERSION,
        "lang": body.lang,
        "basis": "",
        "note": "",
        "state": "shown",
        "created_at": at,
        "version": 1,
        "accepted_at": at + timedelta(hours=1) if keep else None,
        "accepted_by": writer if keep else None,
        "valid_until": clock.today() + timedelta(days=400) if keep else None,
        **{f"{kind}_count": 1 if kind in thanked else 0 for kind in REACTIONS},
    }


if __name__ == "__main__":
    main()
