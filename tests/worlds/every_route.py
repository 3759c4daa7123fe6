"""The same community twice, as in ``two_personas``, held against the whole rules table.

Whoever is behind Quiet-Heron sends every form that the table knows, as far as it is taken; then the others
open every address that the table knows, of every kind of thing. Run by test_every_route.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from flask import url_for
from sqlalchemy import select

from community.accounts.members import User
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.forum.models import Post
from ground.sharing import DONE_ELSEWHERE
from tests import cast as people
from tests.make import world as worlds
from tests.make.conversations import lets_write
from tests.rules import route_table, things
from tests.worlds import crawl, two_personas
from tests.worlds.stage import Stage, play

READERS = ("lived", "administrator") if os.environ.get(DONE_ELSEWHERE) else two_personas.READERS[-4:]
# What changes the account or its session instead of what a name does.
_OF_ACCOUNTS = ("security.", "privacy.", "oidc.", "demo.", "accounts.")
_BUT = ("accounts.keep_distance", "accounts.about_name", "accounts.own_title", "accounts.let_near")
# What is counted by the clock of the machine, which stands still nowhere.
MEASURED = frozenset({"operations.metrics"})
SAYS = "I have been a witness to this."


def behind(number: int) -> Callable[[Stage], dict[str, Any]]:
    """The world in which the first or the second of the two is behind Quiet-Heron."""
    return lambda stage: _play(stage, number)


def _play(stage: Stage, number: int) -> dict[str, Any]:
    stage.act("the community")
    world = worlds.build(people.assemble())
    lets_write(world.cast["member"])
    things.add_more(world)
    two = two_personas.owners(stage)
    stage.act("the name Quiet-Heron", hours=5)
    with transaction():
        owner = db.session.get_one(User, two[number].member_id)
        heron = people.persona(
            "Quiet-Heron", kind="protected", groups=["lived_experience"], owner=owner, slot=1
        )
    stage.app.config["WTF_CSRF_ENABLED"] = False
    taken = _sends_everything(stage, world, heron)
    _changes_its_mind(stage, heron)
    stage.act("the jobs", minutes=9)
    run_waiting_jobs()
    found = {who: _opens_everything(stage, world, who, _written_by(heron)) for who in READERS}
    return {"taken": taken, **found}


def _sends_everything(stage: Stage, world: worlds.World, heron: people.Someone) -> list[str]:
    """What of the table the name may do, done; which lines were taken."""
    stage.act("Quiet-Heron signs in", minutes=17)
    browser = heron.signs_in(stage.browser())
    taken = []
    for row in _rows("POST"):
        if row.endpoint.startswith(_OF_ACCOUNTS) and row.endpoint not in _BUT:
            continue
        stage.act(f"heron sends {row}", seconds=41)
        sent = things.form(world, row.endpoint, row.thing)
        sent.update({name: f"{SAYS} {row.line}" for name in ("body", "words") if name in sent})
        if browser.post(_address(stage, world, row), data=sent).status_code < 400:
            taken.append(str(row))
    return taken


def _keys_of(heron: people.Someone) -> list[str]:
    """Its messages, in the order in which they were written."""
    db.session.rollback()
    mine = select(Post.key).where(Post.author_id == heron.persona_id).order_by(Post.id)
    keys = list(db.session.scalars(mine))
    db.session.rollback()
    return keys


def _changes_its_mind(stage: Stage, heron: people.Someone) -> None:
    """It mends one message, and takes another back."""
    browser = heron.signs_in(stage.browser())
    first, second, *_others = _keys_of(heron)
    mended = {"body": SAYS, "title": "What did you say to your witness?", "lang": "en", "version": "1"}
    stage.send(browser, "heron mends", "forum.edit", {"key": first}, **mended)
    stage.send(browser, "heron takes back", "forum.withdraw", {"key": second})


def _written_by(heron: people.Someone) -> list[str]:
    """The pages of each message that it wrote."""
    pages = ("author", "history", "accept", "report", "withdraw")
    return [f"/en/posts/{key}/{page}" for key in _keys_of(heron) for page in pages]


def _opens_everything(stage: Stage, world: worlds.World, who: str, more: list[str]) -> crawl.Seen:
    stage.act(f"{who} comes", minutes=3)
    browser = world.cast[who].signs_in(stage.browser())
    asked = [_address(stage, world, row) for row in _rows("GET") if row.endpoint not in MEASURED]
    return crawl.look(stage, browser, who, [*dict.fromkeys(asked), *more])


def _rows(method: str) -> Iterator[route_table.Row]:
    return (row for row in route_table.read() if row.method == method)


def _address(stage: Stage, world: worlds.World, row: route_table.Row) -> str:
    values = things.values(world, row.thing)
    if stage.app.url_map.is_endpoint_expecting(row.endpoint, "lang"):
        values = {**values, "lang": "en"}
    with stage.app.test_request_context():
        return url_for(row.endpoint, **values)


if __name__ == "__main__":
    play({"first": behind(0), "second": behind(1)})
