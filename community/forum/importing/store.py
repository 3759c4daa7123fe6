"""Writing threads: topics, posts and their authors, in the transaction of the caller.

A thread is written whole or not at all, and known again by where it came from: a second run changes
nothing, and one that was killed goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time

from sqlalchemy import select

from community.accounts.models import Persona
from community.core import clock
from community.core.announce import announce
from community.core.db import db
from community.core.text import RENDERER_VERSION
from community.forum.importing.escaping import tidy
from community.forum.importing.plan import Author
from community.forum.importing.writeup import ReadyPost, ReadyThread
from community.forum.models import Post, PostSource, Space, Topic
from community.forum.signals import topics_imported

_LONGEST_NAME = 80
_ANNOUNCED_TOGETHER = 10  # topics: what hears of them works in short steps, and lets replies pass


def here_already(keys: Collection[str]) -> set[str]:
    """Which of these threads were imported before."""
    found = db.session.scalars(select(Topic.imported_from).where(Topic.imported_from.in_(keys)))
    return {key for key in found if key}


def keep(threads: Sequence[ReadyThread], space: Space) -> int:
    """Write these threads into the space, those that came meanwhile left out; announce them.

    Returns how many authors were new here.
    """
    known = here_already([thread.imported_from for thread in threads])
    fresh = [thread for thread in threads if thread.imported_from not in known]
    personas, new = _personas([post.author for thread in fresh for post in thread.posts])
    topics = [_topic(thread, space, personas) for thread in fresh]
    db.session.add_all(topics)
    db.session.flush()
    for thread, topic in zip(fresh, topics, strict=True):
        db.session.add_all(_posts(thread, topic, personas))
    db.session.flush()
    for start in range(0, len(topics), _ANNOUNCED_TOGETHER):
        some = topics[start : start + _ANNOUNCED_TOGETHER]
        announce(topics_imported, topic_ids=[topic.id for topic in some])
    return new


def authors_here(authors: Iterable[Author]) -> set[str]:
    """Which of these authors were imported before, by their keys."""
    keys = {author.key for author in authors}
    found = db.session.scalars(select(Persona.imported_from).where(Persona.imported_from.in_(keys)))
    return {key for key in found if key}


def _personas(authors: Iterable[Author]) -> tuple[dict[str, str], int]:
    """The persona of each author, made where there is none yet, and how many were made."""
    wanted = {author.key: author for author in authors}
    rows = db.session.execute(
        select(Persona.imported_from, Persona.id).where(Persona.imported_from.in_(wanted))
    )
    found = {str(key): persona_id for key, persona_id in rows}
    made = [_persona(author) for key, author in wanted.items() if key not in found]
    db.session.add_all(made)
    db.session.flush()
    return {**found, **{str(row.imported_from): row.id for row in made}}, len(made)


def _persona(author: Author) -> Persona:
    """A name without a member behind it. Who is no longer there has none: pages say "former member"."""
    return Persona(
        name=tidy(author.name)[:_LONGEST_NAME].strip(),
        skeleton=None,  # the same name may live here and elsewhere; pages mark the imported one
        kind="imported",
        state="active" if author.name else "former",
        lang="en",
        made_on=clock.today().replace(day=1),
        imported_from=author.key,
    )


def _topic(thread: ReadyThread, space: Space, personas: dict[str, str]) -> Topic:
    """The topic with its counters, which ``forum.services.posts.recount`` would set alike."""
    first = thread.posts[0]
    by_others = [post.at for post in thread.posts if post.author.key != first.author.key]
    reviews = [post.valid_until for post in thread.posts if post.valid_until]
    return Topic(
        space_id=space.id,
        kind="question",
        lang=thread.lang,
        title=thread.title,
        author_id=personas[first.author.key],
        state="closed" if thread.closed else "open",
        created_at=first.at,
        last_post_at=max(post.at for post in thread.posts),
        last_number=len(thread.posts),
        post_count=len(thread.posts),
        answered_at=min(by_others, default=None),
        accepted_count=sum(post.accepted for post in thread.posts),
        review_by=datetime.combine(min(reviews), time(), UTC) if reviews else None,
        imported_from=thread.imported_from,
    )


def _posts(thread: ReadyThread, topic: Topic, personas: dict[str, str]) -> list[Post]:
    return [_post(post, number, topic, personas) for number, post in enumerate(thread.posts, 1)]


def _post(post: ReadyPost, number: int, topic: Topic, personas: dict[str, str]) -> Post:
    return Post(
        key=post.key,
        topic_id=topic.id,
        number=number,
        author_id=personas[post.author.key],
        body=post.body,
        html=post.html,
        html_version=RENDERER_VERSION,
        lang=post.lang,
        created_at=post.at,
        edited_at=post.edited_at,
        accepted_at=post.at if post.accepted else None,
        accepted_by=topic.author_id if post.accepted else None,
        valid_until=post.valid_until,
        imported_from=post.imported_from,
        sources=[
            PostSource(position=place, kind=source.kind, ref=source.ref, label=source.label)
            for place, source in enumerate(post.sources, 1)
        ],
    )
