"""The same community twice: once with a private space at work, once without. Run by test_private_space.py.

The space has members, topics, posts, a guest from a date, reports, drafts, meetings and decisions;
its members also write where everyone reads. Those who are not of it must find the same in both.
"""

from __future__ import annotations

import os
from io import BytesIO
from typing import Any

from community.core.db import transaction
from community.core.jobs import run_waiting_jobs
from ground.sharing import DONE_ELSEWHERE
from tests import cast as people
from tests.make import world as worlds
from tests.make.conversations import lets_write
from tests.worlds import crawl, kept
from tests.worlds.stage import Stage, play

OUTSIDERS = ("visitor", "moderator", "lived", "policy")
# Who follows every link. What engines could do differently, the order of rows, two of them would meet.
WALKERS = OUTSIDERS[:2] if os.environ.get(DONE_ELSEWHERE) else OUTSIDERS
EVERYWHERE = ("visitor", "policy")
PRIVATE = ("opioids", "on", "committee-first-line")
SECRET = "the first line of a secret witness about buprenorphine, naloxone and a xylophone"
SECRETS = ("xylophone", "xylofone", "secret", "secrt", "committee", "opioids", "first line", "buprenorphin")


def empty(stage: Stage) -> dict[str, Any]:
    """Nobody has a private space."""
    return _play(stage, private=False)


def busy(stage: Stage) -> dict[str, Any]:
    """A committee and the clinical space are full of words nobody else should learn of."""
    return _play(stage, private=True)


def _play(stage: Stage, *, private: bool) -> dict[str, Any]:
    stage.act("the community")
    # Last, so that the dice fall alike for what both worlds have.
    slugs = tuple(slug for slug in worlds.SLUGS if slug not in PRIVATE)
    world = worlds.build(people.assemble(), slugs + PRIVATE if private else slugs)
    lets_write(world.cast["member"])
    ear = kept.Ear()
    stage.app.config["WTF_CSRF_ENABLED"] = False
    browsers = {}
    for who in ("physician", "member", "moderator"):
        stage.act(f"{who} signs in", minutes=2)
        browsers[who] = world.cast[who].signs_in(stage.browser())
    for number in range(3):
        _in_public(stage, world, browsers, number)
        _in_private(stage, world, browsers["physician"], number, private=private)
        stage.act(f"the jobs {number}", minutes=11)
        run_waiting_jobs()
    stage.app.config["WTF_CSRF_ENABLED"] = True
    return _found(stage, world, ear)


def _in_public(stage: Stage, world: worlds.World, browsers: dict[str, Any], number: int) -> None:
    """What those inside and those outside write where everyone reads: enough to fill more than a page."""
    stage.act(f"small talk {number}", minutes=1)
    with transaction():
        for place in range(9):
            worlds.add_topic(
                world.spaces["meeting-place"], world.cast["member"], f"Small talk {number} {place}"
            )
    topic = world.topics["public-square open"]
    for who, browser in browsers.items():
        words = f"{who} says for the {number}th time that naloxone and buprenorphine are not the same."
        stage.send(browser, f"{who} {number}", "forum.reply", {"key": topic.key}, body=words)


def _in_private(stage: Stage, world: worlds.World, browser: Any, number: int, *, private: bool) -> None:
    """The same time passes in both worlds; in one of them nothing happens."""
    if private:
        with stage.meanwhile():
            _talk(stage, browser, number)
            for slug in PRIVATE:
                _work(stage, world, browser, slug, number)
    stage.act(f"after that {number}", minutes=9)


def _talk(stage: Stage, browser: Any, number: int) -> None:
    """A private conversation leaves no trace either."""
    words = {"to": "Robin Tallgrass", "subject": f"{SECRET} {number}", "body": SECRET}
    stage.send(browser, f"writes to one person {number}", "conversations.start", {}, **words)


def _work(stage: Stage, world: worlds.World, browser: Any, slug: str, number: int) -> None:
    """Everything one can do in a space, done in a private one."""
    topic = {"key": world.topics[f"{slug} open"].key}
    post = {"key": world.posts[f"{slug} shown"].key}
    question = {"kind": "question", "title": f"{SECRET} {number}?", "body": SECRET, "lang": "en"}
    for what, endpoint, thing, form in (
        ("replies", "forum.reply", topic, {"body": f"{SECRET} {number}"}),
        ("asks", "forum.new_topic", {"slug": slug}, question),
        ("reads", "forum.read_topic", topic, {"number": "3"}),
        ("keeps", "forum.bookmark", post, {}),
        ("accepts", "forum.accept", post, {}),
        ("watches", "forum.follow_space", {"slug": slug}, {"level": "watch"}),
        ("begins", "forum.keep_draft", {}, {"place": f"space:{slug}", "body": SECRET}),
    ):
        stage.send(browser, f"{what} in {slug} {number}", endpoint, thing, **form)
    if slug != "opioids":  # clinical spaces take no files
        file = (BytesIO(SECRET.encode()), f"{SECRET}.txt", "text/plain")
        stage.send(browser, f"sends to {slug} {number}", "forum.reply", topic, body=SECRET, file_1=file)


def _found(stage: Stage, world: worlds.World, ear: kept.Ear) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for who in WALKERS:
        stage.act(f"{who} comes", minutes=3)
        browser = world.cast[who].signs_in(stage.browser())
        languages = ("fr",) if who == "visitor" else ("en",)
        starts = [*crawl.beginnings(languages), *(f"/en/search?q={words}" for words in SECRETS)]
        starts += [f"/en/spaces/{slug}" for slug in PRIVATE]
        found[who] = crawl.crawl(stage, browser, who, starts, everywhere=who in EVERYWHERE)
    for name, of in (("told", ear.heard_by), ("archives", kept.taken_along)):
        found[name] = {who: of(world.cast[who].viewer) for who in OUTSIDERS}
    return found


if __name__ == "__main__":
    play({"empty": empty, "busy": busy})
