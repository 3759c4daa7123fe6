"""What weighs most asks whoever moderates to show that it is them; what danger needs asks nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.core import clock
from community.core.db import db, transaction
from community.core.ids import new_key
from community.moderation import private, targets
from community.moderation.models import Act, Matter
from community.moderation.services import opening
from tests.forum.conftest import Visit
from tests.make import conversations as talks
from tests.make import forum as make
from tests.make import moderation as made

LATER = timedelta(minutes=46)


@pytest.fixture
def matter(cast, lived):
    with transaction():
        return made.matter_of(make.post(lived, cast["lived"], "Words that hurt.")).key


def later(who, app):
    """Their browser, three quarters of an hour after they signed in."""
    return Visit(app, who), time_machine.travel(clock.now() + LATER)


def ruling(act):
    said = {"act": act, "reason": "other", "text": "", "words": "Too much of it."}
    return {**said, "days": "3", "idem": new_key()}


def done():
    return db.session.scalars(select(Act.act)).all()


@pytest.mark.parametrize("act", ["silence", "suspend"])
def test_to_limit_a_name_long_after_signing_in_asks_first_and_keeps_what_is_written(app, cast, matter, act):
    browser, moment = later(cast["moderator"], app)
    address = f"/en/moderation/matters/{matter}"
    with moment:
        assert "/sign-in/again?next=" in browser.get(address).text
        answer = browser.post(address, ruling(act))
        assert answer.status_code == 422
        assert "Show once more that it is you" in answer.text
        assert "Too much of it." in answer.text
        assert done() == []
        with browser.client.session_transaction() as session:
            session["fs_paa"] = int(clock.now().timestamp())
        assert "/sign-in/again?next=" not in browser.get(address).text
        assert browser.post(address, ruling(act)).status_code == 303
    assert done() == [act]


@pytest.mark.parametrize("act", ["hide", "warn", "lock"])
def test_what_keeps_others_safe_now_does_not_wait_for_it(app, cast, matter, act):
    browser, moment = later(cast["moderator"], app)
    with moment:
        assert browser.post(f"/en/moderation/matters/{matter}", ruling(act)).status_code == 303
    assert done() == [act]


def test_acting_on_what_nobody_reported_asks_the_same(app, cast, lived):
    post = make.post(lived, cast["lived"])
    browser, moment = later(cast["moderator"], app)
    with moment:
        assert browser.post(f"/fr/moderation/messages/{post.key}", ruling("suspend")).status_code == 422
    assert db.session.scalars(select(Matter)).all() == []


def test_a_private_message_opens_to_whoever_showed_lately_that_it_is_them(app, cast):
    talk = talks.between(cast["member"], cast["physician"], body="Words between two.")
    reporter = cast["physician"]
    found = targets.of(private.KIND)
    assert found is not None
    with transaction():
        subject = found.seen(reporter.viewer, talks.reads(reporter, talk)[0].key)
        key = opening.report(reporter.viewer, subject, "harassment", "").key
    browser, moment = later(cast["coordinator"], app)
    look = f"/en/moderation/matters/{key}/look"
    with moment:
        sent = browser.post(look)
        assert "/sign-in/again?next=" in sent.headers["Location"]
        assert f"moderation/matters/{key}" in sent.headers["Location"]
        assert "Words between two." not in browser.get(f"/en/moderation/matters/{key}").text
        with browser.client.session_transaction() as session:
            session["fs_paa"] = int(clock.now().timestamp())
        browser.post(look)
        assert "Words between two." in browser.get(f"/en/moderation/matters/{key}").text


def test_the_words_decisions_are_told_in_are_changed_only_by_who_showed_lately(app, cast):
    browser, moment = later(cast["coordinator"], app)
    with moment:
        for answer in (
            browser.get("/en/moderation/texts/dealing-offer"),
            browser.post("/en/moderation/texts/dealing-offer", {"words_en": "A", "words_fr": "B"}),
        ):
            assert "/sign-in/again" in answer.headers["Location"]
    assert Visit(app, cast["member"]).get("/en/moderation/texts/dealing-offer").status_code == 404
