"""What shows how trust works: private conversations, a message that waits, decisions that were asked again.

All of it happens as of now, through the services that pages use: what is held is held by the rule itself.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.accounts.viewer import Viewer, viewer_of
from community.conversations.queries.talks import talk_seen
from community.conversations.services import messages, starting
from community.conversations.services.messages import Said
from community.conversations.services.starting import Opening
from community.core.db import db, transaction
from community.demo.loader import store
from community.demo.loader.people import names
from community.demo.loader.topics import conversations
from community.forum.models import Post, Topic
from community.forum.services import posts, reports
from community.forum.services.posts import Writing
from community.moderation.models import Matter
from community.moderation.queries.matters import open_matter_of
from community.moderation.services import acting, appealing
from community.moderation.services.acts import Ruling

Row = dict[str, Any]


def listed() -> dict[str, list[Row]]:
    """What the file says, by kind."""
    text = resources.files("community.demo").joinpath("data/trust.toml").read_text("utf-8")
    found: dict[str, list[Row]] = tomllib.loads(text)
    return found


def trust() -> int:
    """Write it, once. Returns how many things."""
    with transaction():
        loaded = store.Loaded()
        if loaded.has("trust", "all"):
            return 0
        found, ids = listed(), store.persona_ids()
        for row in found["talk"]:
            _talk(row, ids)
        for row in found["held"]:
            _reply(row, ids)
        for row in found["decided"]:
            _decided(row, ids)
        loaded.add("trust", ["all"])
    return sum(len(rows) for rows in found.values())


def _viewer(who: str, ids: dict[str, str]) -> Viewer:
    found = viewer_of(ids[who])
    if found is None:
        raise LookupError(f"{who} is not here")
    return found


def _talk(row: Row, ids: dict[str, str]) -> None:
    """The two take turns; whoever was written to begins the answers."""
    two = [_viewer(row["from"], ids), _viewer(row["lets"]["who"], ids)]
    starting.open_door(two[1], row["lets"]["whom"])
    to = names()[row["lets"]["who"]].name
    talk = starting.start(two[0], Opening([to], row["subject"], Said(row["said"][0], row["lang"])))
    for place, words in enumerate(row["said"][1:], 1):
        writer = two[place % 2]
        messages.send(writer, talk_seen(writer, talk.key), Said(words, row["lang"]))


def _reply(row: Row, ids: dict[str, str]) -> Post:
    title = next(one.title for one in conversations() if one.id == row["topic"])
    rows = select(Topic).where(Topic.title == title).options(joinedload(Topic.space))
    topic = db.session.scalars(rows).unique().one()
    made = posts.reply(_viewer(row["author"], ids), topic, Writing(row["body"], row["lang"]))
    made.topic = topic
    return made


def _decided(row: Row, ids: dict[str, str]) -> None:
    """Reported, decided, asked again by its author; and answered, where the file says how."""
    post = _reply(row, ids)
    reports.report(_viewer(row["by"], ids), post, row["reason"], row["words"])
    ruling = Ruling(act=row["act"], reason=row["reason"], text=row["text"])
    act = acting.decide(_viewer(row["coordinator"], ids), _matter(post), ruling)
    appealing.appeal(_viewer(row["author"], ids), act, row["appeal"])
    if "verdict" in row:
        matter = db.session.get_one(Matter, act.matter_key)
        appealing.judge(_viewer(row["judge"], ids), act, matter, row["verdict"], row["answer"])


def _matter(post: Post) -> Matter:
    found = open_matter_of("post", post.key)
    if found is None:
        raise LookupError("what was reported waits for nobody")
    return found
