"""Drafts: sealed, bound to a persona and a place, gone when they are sent or old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from community.accounts.viewer import VISITOR
from community.core import clock, jobs
from community.core.db import db, transaction
from community.core.errors import BadRequest, Conflict, NotAllowed, TooLarge
from community.forum.models import Draft
from community.forum.queries.drafts import drafts_of, kept
from community.forum.services import drafts
from tests.make import forum as make

FETCH = {"X-Requested-With": "fetch"}


def keep(who, place, **fields):
    with transaction():
        return drafts.keep(who.viewer, place, fields)


def test_a_draft_comes_back_to_the_name_and_place_it_was_written_under(cast):
    keep(cast["lived"], "topic:abc", body="I wanted to say", note=["overdose", "death"], lang="")
    assert kept(cast["lived"].viewer, "topic:abc") == {
        "body": "I wanted to say",
        "note": ["overdose", "death"],
        "lang": "",
    }
    assert kept(cast["lived"].viewer, "topic:other") is None


def test_the_other_name_of_the_same_person_does_not_find_it(cast):
    keep(cast["lived"], "topic:abc", body="mine alone")
    assert kept(cast["also_lived"].viewer, "topic:abc") is None
    assert drafts_of(cast["also_lived"].viewer) == []


def test_the_words_are_sealed_in_the_database(cast):
    keep(cast["lived"], "topic:abc", body="words nobody reads in a dump")
    assert b"nobody reads" not in db.session.scalars(select(Draft.sealed)).one()


def test_a_sealed_draft_moved_to_another_place_or_name_does_not_open(cast):
    keep(cast["lived"], "topic:abc", body="mine")
    with transaction():
        db.session.execute(update(Draft).values(place="topic:abd"))
    assert kept(cast["lived"].viewer, "topic:abd") is None
    assert drafts_of(cast["lived"].viewer) == []


def test_saving_again_replaces_it(cast):
    keep(cast["member"], "topic:abc", body="first")
    keep(cast["member"], "topic:abc", body="second")
    assert [draft.words for draft in drafts_of(cast["member"].viewer)] == ["second"]


def test_a_text_made_blank_again_is_no_draft(cast):
    keep(cast["member"], "topic:abc", body="first")
    assert keep(cast["member"], "topic:abc", body=" \n", lang="fr") is False
    assert kept(cast["member"].viewer, "topic:abc") is None


def test_tokens_and_buttons_are_not_kept(cast):
    keep(cast["member"], "topic:abc", body="x", csrf_token="secret", idem="key", preview="yes")
    assert kept(cast["member"].viewer, "topic:abc") == {"body": "x"}


@pytest.mark.parametrize("place", ["", "topic", "topic:a/b", "topic:" + "a" * 61, "TOPIC:a", "topic:a\x00"])
def test_what_is_no_place_is_refused(cast, place):
    with pytest.raises(BadRequest), transaction():
        drafts.keep(cast["member"].viewer, place, {"body": "x"})


def test_too_large_a_draft_is_refused_and_a_text_too_long_to_send_is_not(cast):
    assert keep(cast["member"], "topic:abc", body="é" * 40_000)
    with pytest.raises(TooLarge), transaction():
        drafts.keep(cast["member"].viewer, "topic:abd", {"body": "x" * 500_000})


def test_the_forty_first_draft_waits_until_one_is_discarded(cast):
    for number in range(40):
        keep(cast["member"], f"topic:a{number}", body="x")
    with pytest.raises(Conflict), transaction():
        drafts.keep(cast["member"].viewer, "topic:one-more", {"body": "x"})
    assert keep(cast["member"], "topic:a7", body="still goes on")


def test_what_could_not_be_sent_finds_room_where_forty_drafts_wait(cast, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_FAILED", 41)
    who = cast["member"].viewer
    for number in range(40):
        keep(cast["member"], f"topic:a{number}", body="x")
    with transaction():
        assert drafts.keep_failed(who, "topic:one-more", {"body": "not lost"})
        assert not drafts.keep_failed(who, "topic:too-many", {"body": "given back by the page alone"})
    assert kept(who, "topic:one-more") == {"body": "not lost"}


def test_visitors_have_no_drafts(app):
    assert kept(VISITOR, "topic:abc") is None
    with pytest.raises(NotAllowed), transaction():
        drafts.keep(VISITOR, "topic:abc", {"body": "x"})


def test_drafts_are_dropped_after_thirty_days(cast):
    keep(cast["member"], "topic:old", body="x")
    keep(cast["member"], "topic:new", body="y")
    with transaction():
        old = clock.today() - timedelta(days=30)
        db.session.execute(update(Draft).where(Draft.place == "topic:old").values(saved_on=old))
        jobs.enqueue("forum.drop_old_drafts")
    jobs.run_waiting_jobs()
    assert [draft.place for draft in drafts_of(cast["member"].viewer)] == ["topic:new"]


def test_the_clock_calls_the_job_once_a_day():
    assert jobs.KINDS["forum.drop_old_drafts"].every == timedelta(days=1)


# Pages


def test_the_script_saves_a_form_and_is_told_nothing(cast, visit):
    topic = make.topic(make.space(), cast["policy"])
    browser = visit(cast["member"])
    answer = browser.post(f"/en/drafts?place=topic:{topic.key}", {"body": "half a thought"}, headers=FETCH)
    assert answer.status_code == 204
    page = browser.get(f"/en/topics/{topic.key}").get_data(as_text=True)
    assert "half a thought" in page


def test_json_is_taken_too(cast, visit):
    browser = visit(cast["member"])
    said = {"place": "topic:abc", "fields": {"body": "half a thought"}}
    answer = browser.client.post("/en/drafts", json=said, headers={"X-CSRFToken": browser.token()})
    assert answer.status_code == 204
    assert kept(cast["member"].viewer, "topic:abc") == {"body": "half a thought"}


@pytest.mark.parametrize("said", ["[]", "{}", '{"place": "topic:a", "fields": {"body": 7}}', "{"])
def test_json_that_is_no_draft_is_refused(cast, visit, said):
    browser = visit(cast["member"])
    headers = {"X-CSRFToken": browser.token(), "Content-Type": "application/json"}
    assert browser.client.post("/en/drafts", data=said, headers=headers).status_code == 400


def test_without_the_token_nothing_is_kept(cast, visit):
    browser = visit(cast["member"])
    answer = browser.client.post("/en/drafts?place=topic:abc", data={"body": "x"})
    assert answer.status_code == 400
    assert db.session.scalar(select(Draft.place)) is None


def test_the_list_leads_back_to_where_each_was_begun(cast, visit):
    topic = make.topic(make.space(), cast["policy"], "Whom to call on Sunday?")
    browser = visit(cast["member"])
    browser.post(f"/en/drafts?place=topic:{topic.key}", {"body": "half a thought"}, headers=FETCH)
    browser.post("/en/drafts?place=space:public-square", {"title": "A new one", "body": ""}, headers=FETCH)
    page = browser.get("/en/drafts").get_data(as_text=True)
    assert f"/en/topics/{topic.key}#reply" in page
    assert "Whom to call on Sunday?" in page
    assert "/en/spaces/public-square/new" in page


def test_a_draft_of_what_one_may_not_see_names_nothing_but_keeps_the_words(cast, visit):
    topic = make.topic(make.space("opioids"), cast["physician"], "A title for clinicians")
    browser = visit(cast["member"])
    browser.post(f"/en/drafts?place=topic:{topic.key}", {"body": "my own words"}, headers=FETCH)
    page = browser.get("/en/drafts").get_data(as_text=True)
    assert "my own words" in page
    assert "A title for clinicians" not in page
    assert topic.key not in page.replace(f'value="topic:{topic.key}"', "")


def test_discarding_forgets_it(cast, visit):
    browser = visit(cast["member"])
    browser.post("/en/drafts?place=topic:abc", {"body": "x"}, headers=FETCH)
    assert browser.post("/en/drafts/discard", {"place": "topic:abc"}).status_code == 303
    assert kept(cast["member"].viewer, "topic:abc") is None


def test_a_reply_that_was_sent_takes_its_draft_along_and_a_late_save_brings_none_back(cast, visit):
    topic = make.topic(make.space(), cast["policy"])
    browser = visit(cast["member"])
    place, form = f"/en/drafts?place=topic:{topic.key}", {"body": "A whole thought.", "idem": "formkey"}
    browser.post(place, form, headers=FETCH)
    assert browser.post(f"/en/topics/{topic.key}/replies", form).status_code == 303
    assert kept(cast["member"].viewer, f"topic:{topic.key}") is None
    assert browser.post(place, form, headers=FETCH).status_code == 204
    assert kept(cast["member"].viewer, f"topic:{topic.key}") is None


def test_a_reply_that_could_not_be_sent_is_kept(cast, visit):
    topic = make.topic(make.space(), cast["policy"])
    browser = visit(cast["member"])
    answer = browser.post(f"/en/topics/{topic.key}/replies", {"body": "x" * 20_001, "idem": "formkey"})
    assert answer.status_code == 422
    begun = kept(cast["member"].viewer, f"topic:{topic.key}")
    assert begun is not None
    assert begun["body"] == "x" * 20_001
