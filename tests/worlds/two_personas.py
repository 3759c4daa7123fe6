"""The same community twice; the only difference is which of two members is behind the name Quiet-Heron.

The two differ in everything an account and its other names can differ in. What Quiet-Heron does is
done in a real browser session of whoever is behind it. Run by test_two_personas.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

from sqlalchemy import select

from community.accounts.members import User
from community.accounts.services import attesting, joining
from community.conversations.models import Message
from community.core import jobs
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.forum.models import Post, Space, Topic
from community.forum.services import reading
from community.moderation.models import Act, Matter
from community.moderation.services.keeping import load_reasons
from community.notifications.services import choosing
from ground.sharing import DONE_ELSEWHERE
from tests import cast as people
from tests.make import world as worlds
from tests.make.conversations import lets_write
from tests.worlds import crawl, kept
from tests.worlds.stage import Stage, play

ADDRESSES = ("marguerite.alder@example.org", "bruno.stone@example.net")
# Whom the two write to, read by, and answer for: nobody of them may tell who is behind the name.
READERS = ("visitor", "member", "lived", "moderator", "coordinator", "administrator")
AGAIN = bool(os.environ.get(DONE_ELSEWHERE))
# Who follows every link. What engines could do differently, the order of rows, three of them would meet.
WALKERS = ("visitor", "member", "moderator") if AGAIN else READERS
EVERYWHERE = ("visitor", "administrator")
MODERATING = ("coordinator", "administrator")  # who reads a private message that was reported
COLLEAGUE = "physician"  # reads what Still-Fern wrote among clinicians
BOTH_LANGUAGES: tuple[str, ...] = () if AGAIN else ("visitor",)
FERN = "Still-Fern"
SEEN = "I have been a witness to this"
QUESTION = {
    "kind": "question",
    "title": "What did you say to your witness?",
    "body": "Nobody tells.",
    "lang": "en",
}


def behind(number: int) -> Callable[[Stage], dict[str, Any]]:
    """The world in which the first or the second of the two is behind Quiet-Heron."""
    return lambda stage: _play(stage, number)


def _play(stage: Stage, number: int) -> dict[str, Any]:
    stage.act("the community")
    world = worlds.build(people.assemble())
    lets_write(world.cast["member"])
    with transaction():
        load_reasons()
    ear = kept.Ear()
    two = owners(stage)
    stage.act("the name Quiet-Heron", hours=5)
    with transaction():
        owner = db.session.get_one(User, two[number].member_id)
        groups = ["lived_experience"]
        heron = people.persona("Quiet-Heron", kind="protected", groups=groups, owner=owner, slot=1)
        fern = people.persona(FERN, kind="protected", owner=owner, slot=2)
    _attest(stage, fern)
    _let_mail_come(stage, world, two)
    _acts(stage, world, two, heron)
    with stage.meanwhile():
        _as_fern(stage, world, fern)
    return _everything(stage, world, ear)


def owners(stage: Stage) -> list[people.Someone]:
    """Two members, unlike in all they say of themselves; both are there in both worlds."""
    stage.act("the first member", days=-700)
    with transaction():
        owner = people.member(ADDRESSES[0], lang="fr")
        first = people.persona("Marguerite Alder", groups=["physician"], region="on", owner=owner)
        people.title(first, "physician", days_left=1000)
    stage.act("the second member", days=699)
    with transaction():
        owner = people.member(ADDRESSES[1], lang="en")
        second = people.persona("Bruno Stone", groups=["nurse", "public"], region="qc-06", owner=owner)
        people.title(second, "nurse", days_left=1000)
    stage.act("ten others with a title")
    with transaction():
        for number in range(10):
            people.title(people.persona(f"Other Clinician {number}"), "pharmacist", days_left=1000)
    stage.act("later", days=1)
    return [first, second]


def _let_mail_come(stage: Stage, world: worlds.World, two: list[people.Someone]) -> None:
    """Everybody agreed to be written to; some want it at once, some gathered; they watch where it happens."""
    stage.act("they agree to mail")
    with transaction():
        for someone in (*two, *(one for one in world.cast.values() if one.member_id)):
            if someone.name != "Quiet-Alder":  # the account of also_lived, who has agreed
                joining.agree(str(someone.member_id), "notifications", "en")
    for number, who in enumerate(("member", "lived", "moderator", "coordinator", "policy")):
        stage.act(f"{who} chooses", minutes=1)
        viewer = world.cast[who].viewer
        with transaction():
            for slug in ("public-square", "lived-experience"):
                topic = world.topics[f"{slug} open"]
                reading.follow_topic(viewer, topic, "watch")
            choosing.choose(viewer, "reply", ("now", "daily")[number % 2])
            choosing.choose(viewer, "unanswered", "daily")


def _acts(stage: Stage, world: worlds.World, two: list[people.Someone], heron: people.Someone) -> None:
    """What the two do under their own names, and what Quiet-Heron does, in turns."""
    stage.app.config["WTF_CSRF_ENABLED"] = False
    for someone in two:
        _in_the_open(stage, world, someone, "before")
    _as_heron(stage, world, heron)
    _before_moderators(stage, world, heron)
    for someone in two:
        _in_the_open(stage, world, someone, "after")
    stage.app.config["WTF_CSRF_ENABLED"] = True
    stage.act("the jobs", minutes=9)
    run_waiting_jobs()


def _in_the_open(stage: Stage, world: worlds.World, someone: people.Someone, when: str) -> None:
    who = f"{when}, {someone.name}"
    stage.act(f"{who} signs in", minutes=31)
    browser = someone.signs_in(stage.browser())
    square = {"key": world.topics["public-square open"].key}
    same = (BytesIO(b"Words that two names may send."), f"{someone.name}.txt", "text/plain")
    form = {"body": f"{someone.name} was here.", "file_1": same}
    stage.send(browser, f"{who} replies", "forum.reply", square, **form)
    stage.send(browser, f"{who} reads", "forum.read_topic", square, number="3")
    stage.send(browser, f"{who} follows", "forum.follow_topic", square, level="watch")


def _as_heron(stage: Stage, world: worlds.World, heron: people.Someone) -> None:
    stage.act("Quiet-Heron signs in", minutes=17)
    browser = heron.signs_in(stage.browser())
    for slug in ("lived-experience", "public-square"):
        topic = {"key": world.topics[f"{slug} open"].key}
        post = {"key": world.posts[f"{slug} shown"].key}
        for what, endpoint, thing, form in (
            ("replies", "forum.reply", topic, {"body": SEEN + "."}),
            ("asks", "forum.new_topic", {"slug": slug}, QUESTION),
            ("thanks", "forum.react", post, {"add": "thanks"}),
            ("keeps", "forum.bookmark", post, {}),
            ("follows", "forum.follow_topic", topic, {"level": "watch"}),
            ("follows the space", "forum.follow_space", {"slug": slug}, {"level": "watch"}),
            ("reads", "forum.read_topic", topic, {"number": "4"}),
            ("begins", "forum.keep_draft", {}, {"place": f"space:{slug}", "body": "Not yet."}),
            ("reports", "forum.report", post, {"reason": "advice", "words": "Not so."}),
        ):
            stage.send(browser, f"heron {what} in {slug}", endpoint, thing, **form)
    words = {"to": "Robin Tallgrass", "subject": "Between us", "body": SEEN + " in private."}
    stage.send(browser, "heron writes to one person", "conversations.start", {}, **words)


def _before_moderators(stage: Stage, world: worlds.World, heron: people.Someone) -> None:
    """What it wrote is reported, in private too; a coordinator decides, and it asks for a second look."""
    stage.act("they meet Quiet-Heron", minutes=5)
    member, coordinator = (world.cast[who].signs_in(stage.browser()) for who in ("member", "coordinator"))
    mine = (Post.author_id == heron.persona_id, Post.number > 1, Space.slug == "public-square")
    post = db.session.scalars(select(Post.key).join(Post.topic).join(Topic.space).where(*mine)).one()
    letter = db.session.scalars(select(Message.key).where(Message.author_id == heron.persona_id)).one()
    private = {"kind": "message", "key": letter}
    stage.send(member, "a message is reported", "forum.report", {"key": post}, reason="harassment")
    stage.send(member, "a letter is reported", "moderation.report", private, reason="harassment")
    db.session.rollback()  # others have written since
    matter = db.session.scalars(select(Matter.key).where(Matter.thing == post)).one()
    ruling = {"act": "warn", "reason": "harassment", "text": "harassment-person"}
    stage.send(coordinator, "it is decided", "moderation.matter", {"key": matter}, **ruling)
    db.session.rollback()
    act = db.session.scalars(select(Act.key).where(Act.matter_key == matter)).one()
    db.session.rollback()
    stage.act("Quiet-Heron reads the decision", minutes=9)
    browser = heron.signs_in(stage.browser())
    stage.send(browser, "it asks again", "moderation.appeal", {"key": act}, words="It was meant kindly.")


def _open_the_letter(stage: Stage, browser: Any, who: str) -> None:
    matter = db.session.scalars(select(Matter.key).where(Matter.kind == "message")).one()
    db.session.rollback()
    stage.app.config["WTF_CSRF_ENABLED"] = False
    stage.send(browser, f"{who} opens the letter", "moderation.look", {"key": matter})
    stage.app.config["WTF_CSRF_ENABLED"] = True


def _attest(stage: Stage, fern: people.Someone) -> None:
    """The vault says that a clinician is behind Still-Fern: whichever of the two it is."""
    stage.act("Still-Fern asks the vault")
    with transaction():
        attesting.ask(fern.viewer, str(fern.member_id))
    stage.act("its day comes", days=14)
    with transaction():
        attesting.recheck()


def _as_fern(stage: Stage, world: worlds.World, fern: people.Someone) -> None:
    """What a clinician asks without a name, among clinicians and where everybody reads."""
    stage.app.config["WTF_CSRF_ENABLED"] = False
    stage.act("Still-Fern signs in", minutes=23)
    browser = fern.signs_in(stage.browser())
    for slug in ("opioids", "public-square"):
        topic = {"key": world.topics[f"{slug} open"].key}
        stage.send(browser, f"fern replies in {slug}", "forum.reply", topic, body="As one who prescribes it.")
    stage.app.config["WTF_CSRF_ENABLED"] = True
    stage.act("the jobs after it", minutes=9)
    run_waiting_jobs()


def _everything(stage: Stage, world: worlds.World, ear: kept.Ear) -> dict[str, Any]:
    """What each reader finds, and what the machine keeps for others."""
    found: dict[str, Any] = {}
    for who in WALKERS:
        stage.act(f"{who} comes", minutes=3)
        browser = world.cast[who].signs_in(stage.browser())
        if who in MODERATING:
            _open_the_letter(stage, browser, who)
        languages = ("fr", "en") if who in BOTH_LANGUAGES else ("en",)
        starts = crawl.beginnings(languages)
        found[who] = crawl.crawl(stage, browser, who, starts, everywhere=who in EVERYWHERE)
    stage.act(f"{COLLEAGUE} comes", minutes=0)
    browser = world.cast[COLLEAGUE].signs_in(stage.browser())
    found[COLLEAGUE] = crawl.look(stage, browser, COLLEAGUE, _among_clinicians(world))
    for name, of in (("told", ear.heard_by), ("archives", kept.taken_along)):
        found[name] = {who: of(world.cast[who].viewer) for who in (*READERS, COLLEAGUE)}
    found["jobs"] = kept.to_others(kept.waiting(), ADDRESSES)
    stage.act("a day later", days=1)
    jobs.tick()
    run_waiting_jobs()
    stage.act("in the evening", hours=8)
    jobs.tick()
    found["mail"] = kept.sent(stage.app, ADDRESSES)
    return found


def _among_clinicians(world: worlds.World) -> list[str]:
    """Where a colleague meets what Still-Fern wrote."""
    topics = [f"/en/topics/{world.topics[name].key}" for name in ("opioids open", "public-square open")]
    return [
        *topics,
        "/en/",
        "/en/spaces/opioids",
        "/en/latest",
        "/en/search?q=prescribes",
        "/en/notifications",
    ]


if __name__ == "__main__":
    play({"first": behind(0), "second": behind(1)})
