"""Growing a community of the size asked for, by bulk inserts; what there is already is kept.

Runs as a program of its own (``python -m ground.bench.growth``) in the environment of the site, and writes
what the driver needs to know into ``grown.json``. Bodies are rendered once each; a message is one of
``BODIES`` texts, so that growing a million does not take an hour.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select

from community.accounts import session as sessions
from community.accounts.audiences import EVERYONE, MEMBER
from community.accounts.models import Credential, Persona, PersonaGroup
from community.accounts.services import Wish, bring_in
from community.app import create_app
from community.core import clock, planner
from community.core.db import Base, db, transaction
from community.core.ids import base62
from community.core.text import RENDERER_VERSION, render
from community.forum.models import (
    Bookmark,
    Follow,
    Post,
    Reaction,
    Reading,
    Space,
    SpaceAudience,
    SpaceMember,
    Topic,
)
from community.forum.models.posts import REACTIONS
from community.search import services as search
from community.search.engine import site_index, writing
from community.search.sources import Posts
from config import read_settings
from ground.bench import words
from ground.console import say

MEMBERS, OTHERS = 50, 450
MEMBERSHIPS, FOLLOWS, NOTICES, READ, KEPT = 30, 200, 40, 100, 20
VISITED = 500
BODIES = 4_000
TITLED = 5  # every fifth name has a verified title
DAYS = 120
AT_ONCE = 1_000  # topics in one transaction
INDEXED_AT_ONCE = 2_000
KINDS = ("public", "clinical", "regional", "policy")
SEED = 3
NO_PASSWORD = "!"  # noqa: S105 - no hash of any password: their sessions are made here


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
    app = create_app(settings)
    with app.app_context():
        grown = grow(app, topics, posts)
        (settings.instance_dir / "grown.json").write_text(json.dumps(asdict(grown)))


def grow(app: Flask, topics: int, posts: int) -> Grown:
    """Bring the site to this size; a site that has it already only gets new sessions."""
    dice = random.Random(SEED)  # noqa: S311 - a community that is the same at each run
    people, others = _people(dice)
    _write_topics(dice, [*people, *others], topics, posts)
    _what_they_keep(dice, people)
    notices = _notices(dice, people)
    _index()
    planner.count_rows()
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
        people=_sessions(app),
        notices=notices,
    )


# People


def _people(dice: random.Random) -> tuple[list[str], list[str]]:
    """The members' names, and names that only wrote; made the first time."""
    known = db.session.execute(select(Persona.id, Persona.name).order_by(Persona.name)).all()
    if not known:
        _make_people(dice)
        known = db.session.execute(select(Persona.id, Persona.name).order_by(Persona.name)).all()
    mine = [row.id for row in known if row.name.startswith("Member ")]
    return mine, [row.id for row in known if not row.name.startswith("Member ")]


def _make_people(dice: random.Random) -> None:
    with transaction():
        for number in range(MEMBERS):
            wish = Wish("public", f"Member {words.name(number)}", ("public",), "on", "en")
            bring_in(wish, email=f"bench{number}@example.org", password_hash=NO_PASSWORD)
    ids = [_key(dice) for _ in range(OTHERS)]
    with transaction():
        _insert(
            Persona,
            (
                {
                    "id": one,
                    "name": f"Writer {words.name(number)}",
                    "skeleton": f"writer{one}".lower(),
                    "kind": "public",
                    "state": "active",
                    "lang": "en",
                    "made_on": clock.today().replace(day=1),
                }
                for number, one in enumerate(ids)
            ),
        )
        titled = ids[::TITLED]
        _insert(PersonaGroup, ({"persona_id": one, "group": "physician"} for one in titled))
        _insert(Credential, (_title(dice, one) for one in titled))


def _title(dice: random.Random, persona_id: str) -> dict[str, Any]:
    return {
        "id": _key(dice),
        "persona_id": persona_id,
        "profession": "physician",
        "jurisdiction": "on",
        "state": "verified",
        "number_end": "",
        "since": clock.ago(days=200),
        "until": clock.now() + timedelta(days=300),
    }


def _sessions(app: Flask) -> list[dict[str, str]]:
    """A new session for each member, as its cookie."""
    found = []
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    members = db.session.scalars(select(Persona.id).where(Persona.name.like("Member %"))).all()
    with app.test_request_context(), transaction():
        for persona_id in members:
            member_id = sessions.vault.member_of(persona_id)
            assert member_id is not None  # noqa: S101 - grown above
            values = {**sessions.new_values(member_id, persona_id), "_permanent": True}
            cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(values)}"
            found.append({"persona": persona_id, "cookie": cookie})
    return found


# Topics and posts


def _write_topics(dice: random.Random, authors: Sequence[str], topics: int, posts: int) -> None:
    there = db.session.scalar(select(func.count()).select_from(Topic)) or 0
    if there >= topics:
        return
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
                _insert(table, made)
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
            "key": _key(dice),
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
        "key": _key(dice),
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


# What each member keeps


def _what_they_keep(dice: random.Random, people: Sequence[str]) -> None:
    if db.session.scalar(select(func.count()).select_from(Follow)):
        return
    spaces = db.session.scalars(select(Space.id).where(Space.kind.in_(KINDS)).order_by(Space.id)).all()
    topics = db.session.execute(select(Topic.id, Topic.last_number)).all()
    posts = db.session.scalars(select(Post.id).limit(10_000)).all()
    with transaction():
        for one in people:
            joined = dice.sample(spaces, min(MEMBERSHIPS, len(spaces)))
            _insert(
                SpaceMember,
                ({"persona_id": one, "space_id": space, "standing": "member"} for space in joined),
            )
            _insert(Follow, _follows(dice, one, joined, [row.id for row in topics]))
            read = dice.sample(topics, min(READ, len(topics)))
            _insert(
                Reading,
                (
                    {"persona_id": one, "topic_id": row.id, "last_number": dice.randint(1, row.last_number)}
                    for row in read
                ),
            )
            kept = dice.sample(posts, min(KEPT, len(posts)))
            _insert(Bookmark, ({"persona_id": one, "post_id": post} for post in kept))


def _follows(
    dice: random.Random, one: str, joined: Sequence[int], topics: Sequence[int]
) -> Iterator[dict[str, str]]:
    """Some spaces, the rest topics; one in twenty muted."""
    targets = [f"space:{space}" for space in joined[:10]]
    targets += [f"topic:{topic}" for topic in dice.sample(topics, min(FOLLOWS - len(targets), len(topics)))]
    for place, target in enumerate(targets):
        yield {"persona_id": one, "target": target, "level": "mute" if place % 20 == 19 else "watch"}


def _notices(dice: random.Random, people: Sequence[str]) -> bool:
    """Notices, where the program has them. Whether it does."""
    table = db.metadata.tables.get("notice")
    if table is None:
        return False
    if not db.session.scalar(select(func.count()).select_from(table)):
        posts = db.session.execute(select(Post.id, Post.topic_id, Post.number).limit(5_000)).all()
        told = [_notice(dice, one, post) for one in people for post in dice.sample(posts, NOTICES)]
        with transaction():
            db.session.execute(insert(table), told)
    return True


def _notice(dice: random.Random, persona_id: str, post: Any) -> dict[str, Any]:
    return {
        "id": _key(dice),
        "persona_id": persona_id,
        "event": f"post:{post.id}",
        "kind": "reply",
        "topic_id": post.topic_id,
        "post_id": post.id,
        "number": post.number,
        "about": "",
        "at": clock.ago(days=dice.uniform(0, 30)),
        "read": dice.random() < 0.7,
        "told": "never",
    }


# The index, and how rows are written


def _index() -> None:
    """Bring every post into the index, in larger portions than a running site would."""
    index = site_index()
    with writing():
        missing = (db.session.scalar(select(func.count()).select_from(Post)) or 0) - index.size()
    if missing < INDEXED_AT_ONCE // 2:  # replies of an earlier run may still wait for their job
        return
    source, after, done = Posts(), "", 0
    while keys := source.keys(after, INDEXED_AT_ONCE):
        with writing():
            index.replace([f"{source.kind}:{key}" for key in keys], source.documents(keys))
        after, done = keys[-1], done + len(keys)
        db.session.rollback()
        say(f"\rIndexing: {done} posts", end="")
    search.finish()
    say(f"\rIndexed: {done} posts        ")


def _insert(table: type[Base], rows: Any) -> None:
    made = list(rows)
    if made:
        db.session.execute(insert(table), made)


def _key(dice: random.Random) -> str:
    return base62(dice.getrandbits(128))


def folder() -> Path:
    """Where this site keeps what it has grown."""
    return Path(os.environ["INSTANCE_DIR"])


if __name__ == "__main__":
    main()
