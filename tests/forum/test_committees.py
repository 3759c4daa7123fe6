"""Committees: mandate, members, meetings, decisions; and to others, nothing at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.forum.models import Decision, Meeting, SpaceMember
from community.forum.queries.committees import committee_page
from community.forum.services import committees
from community.forum.services.committees import MeetingWords
from tests.make import forum as make

ADDRESS = "/en/spaces/committee-first-line/committee"


@pytest.fixture
def space(cast):
    found = make.space("committee-first-line")
    with transaction():
        for name, standing in (("physician", "chair"), ("social_worker", "member"), ("policy", "keeper")):
            persona_id = cast[name].persona_id
            db.session.add(SpaceMember(space_id=found.id, persona_id=persona_id, standing=standing))
    return found


def words(days, **more):
    starts_at = clock.now() + timedelta(days=days)
    return MeetingWords(**{"starts_at": starts_at, "lang": "en", "agenda": "1. **Themes**", **more})


def call(who, space, days=10, **more):
    with transaction():
        return committees.call_meeting(who.viewer, space, words(days, **more))


@pytest.mark.parametrize("name", ["visitor", "member", "lived", "administrator", "coordinator"])
def test_to_those_who_are_not_of_it_there_is_no_committee(cast, space, visit, name):
    meeting = call(cast["physician"], space)
    for address in (ADDRESS, f"{ADDRESS}/mandate", f"{ADDRESS}/meetings/{meeting.key}"):
        assert visit(cast[name]).get(address).status_code == 404


def test_a_space_that_is_no_committee_has_no_such_page(cast, visit):
    make.space("public-square")
    assert visit(cast["member"]).get("/en/spaces/public-square/committee").status_code == 404


def test_members_read_and_only_chair_and_keepers_write(cast, space, visit):
    assert visit(cast["social_worker"]).get(ADDRESS).status_code == 200
    assert visit(cast["social_worker"]).get(f"{ADDRESS}/meetings/new").status_code == 403
    assert visit(cast["policy"]).get(f"{ADDRESS}/meetings/new").status_code == 200
    with pytest.raises(NotAllowed):
        call(cast["social_worker"], space)


def test_a_member_whose_time_is_over_sees_nothing_any_more(cast, space, visit):
    with transaction():
        row = db.session.get_one(SpaceMember, (space.id, cast["social_worker"].persona_id))
        row.until = clock.now() - timedelta(minutes=1)
    assert visit(cast["social_worker"]).get(ADDRESS).status_code == 404


def test_the_mandate_is_written_in_both_languages(cast, space, visit):
    chair = visit(cast["physician"])
    said = {"mandate_en": "See that questions are answered.", "mandate_fr": "Veiller aux réponses."}
    assert chair.post(f"{ADDRESS}/mandate", said).status_code == 303
    assert "See that questions are answered." in chair.get(ADDRESS).get_data(as_text=True)
    assert "Veiller aux réponses." in chair.get(ADDRESS.replace("/en/", "/fr/")).get_data(as_text=True)
    refused = chair.post(f"{ADDRESS}/mandate", {**said, "mandate_en": "Begun for NAS 046 454 286."})
    assert refused.status_code == 422
    assert "Begun for NAS 046 454 286.</textarea>" in refused.text  # in its form, where it can be mended
    assert "This is not an identifier" in refused.text


def test_a_mandate_in_one_language_is_shown_marked_in_the_other(cast, space, visit):
    visit(cast["physician"]).post(f"{ADDRESS}/mandate", {"mandate_en": "To meet.", "mandate_fr": ""})
    page = visit(cast["physician"]).get(ADDRESS.replace("/en/", "/fr/")).get_data(as_text=True)
    assert '<div class="prose" lang="en"><p>To meet.</p>' in page


def test_a_form_sent_twice_calls_one_meeting(cast, space, visit):
    chair = visit(cast["physician"])
    day = (clock.today() + timedelta(days=9)).isoformat()
    said = {"day": day, "hour": "12:15", "lang": "fr", "agenda": "Les *thèmes*", "idem": "same"}
    first, second = (chair.post(f"{ADDRESS}/meetings/new", said) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, second.headers["Location"])
    meeting = db.session.scalars(select(Meeting)).one()
    assert "<em>thèmes</em>" in meeting.agenda_html
    assert "12:15" in chair.get(first.headers["Location"]).get_data(as_text=True)


def test_a_failed_form_keeps_everything(cast, space, visit):
    said = {"day": "some day", "hour": "noon", "lang": "en", "agenda": "A long agenda"}
    answer = visit(cast["physician"]).post(f"{ADDRESS}/meetings/new", said)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "A long agenda" in page
    assert "some day" in page
    assert "Write the date as year-month-day." in page


def test_minutes_come_after_the_meeting(cast, space):
    with pytest.raises(Invalid) as refused:
        call(cast["physician"], space, days=1, minutes="We said")
    assert refused.value.field == "minutes"
    assert call(cast["physician"], space, days=-1, minutes="We said").minutes_html == "<p>We said</p>\n"


def test_meetings_stand_before_and_after(cast, space):
    call(cast["physician"], space, days=10)
    soon = call(cast["physician"], space, days=3)
    held = call(cast["physician"], space, days=-3)
    page = committee_page(cast["social_worker"].viewer, space)
    assert [meeting.id for meeting in page.to_come][0] == soon.id
    assert [meeting.id for meeting in page.past] == [held.id]
    assert page.chair is not None
    assert page.chair.persona.id == cast["physician"].persona_id


def test_a_stale_edit_shows_both_texts(cast, space, visit):
    meeting = call(cast["physician"], space)
    with pytest.raises(Conflict), transaction():
        committees.write_meeting(cast["policy"].viewer, space, meeting, words(10), version=0)
    day = (clock.today() + timedelta(days=9)).isoformat()
    mine = {"day": day, "hour": "12:15", "lang": "en", "agenda": "My agenda", "version": "0"}
    answer = visit(cast["policy"]).post(f"{ADDRESS}/meetings/{meeting.key}/edit", mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "My agenda" in page
    assert "1. **Themes**" in page
    again = {**mine, "version": "1"}
    assert visit(cast["policy"]).post(f"{ADDRESS}/meetings/{meeting.key}/edit", again).status_code == 303


def test_a_decision_is_kept_once_in_words_that_can_be_quoted(cast, space, visit):
    meeting = call(cast["physician"], space, days=-2)
    chair = visit(cast["physician"])
    said = {
        "words": "Every clinical answer names its source.",
        "lang": "en",
        "decided_on": clock.today().isoformat(),
        "meeting": meeting.key,
        "idem": "same",
    }
    first, second = (chair.post(f"{ADDRESS}/decisions/new", said) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.scalars(select(Decision.meeting_id)).all() == [meeting.id]
    page = visit(cast["social_worker"]).get(first.headers["Location"]).get_data(as_text=True)
    assert "&gt; Every clinical answer names its source." in page
    assert "Every clinical answer" in chair.get(f"{ADDRESS}/meetings/{meeting.key}").get_data(as_text=True)


def test_a_decision_of_tomorrow_or_of_another_committee_is_refused(cast, space):
    with transaction(), pytest.raises(Invalid):
        committees.record_decision(
            cast["physician"].viewer, space, "No", lang="en", decided_on=clock.today() + timedelta(days=1)
        )
    other = Meeting(space_id=make.space("committee-meeting-place").id, starts_at=clock.now(), lang="en")
    with transaction(), pytest.raises(Invalid):
        committees.record_decision(
            cast["physician"].viewer, space, "No", lang="en", decided_on=clock.today(), meeting=other
        )
