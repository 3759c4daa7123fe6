"""Two web servers beside each other with one Redis: what happens in one is told in the other."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, update

from community.accounts.members import SignIn
from community.accounts.models import Credential, Duty
from community.core import clock, pings
from community.core.db import db, transaction
from community.forum.models import SpaceAudience
from tests import cast as people
from tests.live.site import gathered, wait
from tests.live.wire import Shut

WITHIN = 1.0
# A machine that runs other tests at the same time may be late by this much.
PATIENCE = 20.0


@pytest.fixture(scope="module")
def site(tmp_path_factory, worker_id):
    with gathered(tmp_path_factory.mktemp("live"), f"passerelle_live_{worker_id}") as community:
        a, b = community.serve(), community.serve()
        wait(a.ready)
        wait(b.ready)
        yield SimpleNamespace(community=community, a=a, b=b, cookie=community.cookie, topic=community.topic)


def reply(site, server, who, name="public-square open"):
    key = site.topic(name)
    words = {"body": "A reply.", "lang": "en"}
    server.post(f"/en/topics/{key}/replies", site.cookie(who), f"/en/topics/{key}", **words)


def test_a_reply_sent_to_one_process_is_told_in_the_other_and_read_by_a_request(site):
    key = site.topic("public-square open")
    wire = site.b.wire(site.cookie("policy"))
    assert wire.watch(f"topic:{key}")
    before = site.b.get(f"/en/topics/{key}/new?after=0").count('class="post')
    reply(site, site.a, "physician")
    told = wire.told("changed")
    assert told.keys() == {"room", "number"}
    assert told["room"] == f"topic:{key}"
    news = site.b.get(f"/en/topics/{key}/new?after={told['number'] - 1}")
    assert "A reply." in news
    assert "1 new reply: show it" in news
    assert site.b.get(f"/en/topics/{key}/new?after=0").count('class="post') == before + 1
    wire.close()


def test_lists_are_told_only_of_what_their_reader_sees(site):
    clinician, visitor = site.b.wire(site.cookie("physician")), site.b.wire()
    assert clinician.watch("queue")
    assert visitor.watch("queue")
    reply(site, site.a, "physician", "opioids open")
    assert clinician.told("changed") == {"room": "queue"}
    visitor.hears_nothing(0.5)
    clinician.close()
    visitor.close()


def test_the_bell_is_that_of_one_persona(site):
    cast = site.community.world.cast
    mine, others = site.b.wire(site.cookie("policy")), site.b.wire(site.cookie("physician"))
    with transaction():
        pings.ring(cast["policy"].persona_id)
    site.community.told()
    assert mine.told("bell") == {}
    others.hears_nothing(0.3)
    mine.close()
    others.close()


def test_a_title_that_ends_ends_the_room(site):
    cast, key = site.community.world.cast, site.topic("opioids open")
    with transaction():
        newcomer = people.persona("Wilhelmina Frost", groups=["physician"])
        people.title(newcomer, "physician")
    cast["newcomer"] = newcomer
    wire = site.b.wire(site.cookie("newcomer"))
    assert wire.watch(f"topic:{key}")
    with transaction():
        db.session.execute(
            update(Credential)
            .where(Credential.persona_id == newcomer.persona_id)
            .values(state="revoked", until=clock.now())
        )
    begun = time.monotonic()
    site.community.told()
    assert wire.told("ended", PATIENCE) == {"room": f"topic:{key}"}
    assert time.monotonic() - begun < PATIENCE
    reply(site, site.a, "physician", "opioids open")
    wire.hears_nothing(0.5)
    assert not wire.watch(f"topic:{key}")
    wire.close()


def test_a_duty_taken_back_ends_the_room_it_opened(site):
    key = site.topic("lived-experience hidden")
    wire = site.b.wire(site.cookie("moderator"))
    assert wire.watch(f"topic:{key}")
    with transaction():
        db.session.execute(delete(Duty).where(Duty.duty == "moderator"))
    site.community.told()
    assert wire.told("ended", PATIENCE) == {"room": f"topic:{key}"}
    wire.close()


def test_a_space_that_closes_ends_the_rooms_of_those_it_no_longer_admits(site):
    key, space = site.topic("public-square open"), site.community.world.spaces["public-square"].id
    visitor, member = site.b.wire(), site.a.wire(site.cookie("member"))
    assert visitor.watch(f"topic:{key}")
    assert member.watch(f"topic:{key}")
    listed = SpaceAudience.space_id == space, SpaceAudience.act == "see"
    with transaction():
        db.session.execute(update(SpaceAudience).where(*listed).values(audience="member"))
    site.community.told()
    assert visitor.told("ended", PATIENCE) == {"room": f"topic:{key}"}
    member.hears_nothing(0.3)
    with transaction():
        db.session.execute(update(SpaceAudience).where(*listed).values(audience="everyone"))
    site.community.told()
    visitor.close()
    member.close()


@pytest.mark.parametrize("way", ["signs out", "is revoked"])
def test_a_session_that_ends_closes_its_pages(site, way):
    cookie = site.cookie("policy")
    wire, other = site.b.wire(cookie), site.b.wire(site.cookie("social_worker"))
    assert wire.watch("queue")
    if way == "signs out":
        site.a.post("/en/sign-out", cookie, "/en/sign-out")
    else:
        with transaction():
            member = site.community.world.cast["policy"].member_id
            db.session.execute(delete(SignIn).where(SignIn.member_id == member))
        site.community.told()
    assert wire.is_shut(PATIENCE)
    assert ("ended", {"room": "*"}) in wire.events
    assert other.watch("queue")
    other.close()


def test_redis_gone_and_back(site):
    key = site.topic("public-square open")
    wire = site.b.wire(site.cookie("policy"))
    assert wire.watch(f"topic:{key}")
    site.community.redis.gone()
    reply(site, site.b, "physician")  # pages go on, and tell at least their own process
    assert wire.told("changed")["room"] == f"topic:{key}"
    site.community.redis.back()
    wire.told("again", 15)  # look for yourselves: something may have been missed
    for _ in range(20):  # the other process tries again after its rest
        reply(site, site.a, "physician")
        try:
            wire.told("changed", 1)
            break
        except Shut:
            raise
        except AssertionError:
            continue
    else:
        pytest.fail("nothing came over Redis any more")
    wire.close()
