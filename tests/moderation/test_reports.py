"""What is reported comes before those who answer for it: danger first, once a person, with a sealed copy."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed, NotFound
from community.core.identifiers import REMOVED
from community.core.identifiers.checks import luhn
from community.forum.models import Post, Topic
from community.forum.services import posts
from community.moderation import things
from community.moderation.models import Matter
from community.moderation.queries import cases
from community.moderation.queries import matters as queries
from community.moderation.services import opening
from tests import cast as people
from tests.make import forum as make
from tests.make import moderation as made


@pytest.fixture
def post(cast, lived):
    return make.post(lived, cast["lived"], "A word that hurts.")


def the_matter():
    return db.session.scalars(select(Matter)).one()


def test_a_report_puts_the_message_before_its_moderators_once(cast, post, report):
    report(cast["moderator"], post, "other")
    report(cast["moderator"], post, "danger")
    assert the_matter().reports == 1
    assert [line.matter.thing for line in queries.waiting(cast["moderator"].viewer)] == [post.key]


def test_what_does_not_fit_on_a_page_stands_on_the_next(cast, lived, report, visit, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [make.post(lived, cast["lived"], f"Words number {n}.") for n in range(5)]
    folded = make.post(lived, cast["lived"], "Words number 6.", note="overdose")
    for post, reason in zip(made, ("other", "advice", "danger", "other", "advice"), strict=True):
        report(cast["moderator"], post, reason)
    report(cast["moderator"], folded, "other")
    browser, address, seen = visit(cast["moderator"]), "/en/moderation", []
    while address:
        page = browser.get(address).text
        seen.append(re.findall(r"Words number (\d)", page))
        address = unescape(next(iter(re.findall(r'href="([^"]+)" rel="next"', page)), ""))
    assert seen == [["2", "1"], ["4", "0"], ["3"]]
    assert "Content note: overdose" in page
    assert browser.get("/en/moderation?after=made-up").status_code == 400


def test_the_gravest_reason_of_several_people_stands(cast, lived, post, report):
    other = make_lived("Calm-Stone")
    report(cast["moderator"], post, "advice", "the dose")
    report(other, post, "danger", "they said goodbye")
    matter = the_matter()
    assert (matter.reason, matter.reports) == ("danger", 2)
    said = cases.said_about(matter)
    assert {(one.reason, one.words) for one in said} == {
        ("advice", "the dose"),
        ("danger", "they said goodbye"),
    }
    assert not any(hasattr(one, "reporter_id") for one in said)


def make_lived(name):
    with transaction():
        return people.persona(name, kind="protected", groups=["lived_experience"])


def test_danger_comes_first_then_the_gravest_then_the_oldest(cast, lived, report):
    made = [make.post(lived, cast["lived"], f"Words {n}.") for n in range(3)]
    for post, reason in zip(made, ("other", "harassment", "danger"), strict=True):
        report(cast["moderator"], post, reason)
    lines = queries.waiting(cast["moderator"].viewer)
    assert [line.matter.reason for line in lines] == ["danger", "harassment", "other"]


def test_three_people_hide_it_until_somebody_has_looked(cast, post, report):
    for name in ("Calm-Stone", "Dry-Leaf"):
        report(make_lived(name), post, "harassment")
    assert post.state == "shown"
    report(cast["moderator"], post, "harassment")
    assert post.state == "hidden"
    assert the_matter().state == "open"


def test_the_copy_stays_though_the_author_takes_the_words_back(cast, post, report):
    report(cast["moderator"], post, "harassment")
    with transaction():
        posts.withdraw(cast["lived"].viewer, make.seen(cast["lived"], post))
    matter = the_matter()
    assert "hurts" not in matter.evidence
    assert cases.evidence_of(matter) == "A word that hurts."
    assert cases.case_of(matter).changed


def test_other_members_see_no_queue(cast, post, report):
    report(cast["moderator"], post, "danger")
    for name in ("visitor", "member", "physician", "lived"):
        assert queries.waiting(cast[name].viewer) == []
        with pytest.raises(NotFound):
            queries.matter_seen(cast[name].viewer, the_matter().key)


def test_coordinators_and_administrators_see_every_matter(cast, post, report):
    report(cast["moderator"], post, "danger")
    for name in ("coordinator", "administrator"):
        assert len(queries.waiting(cast[name].viewer)) == 1


def test_a_moderator_does_not_find_what_is_about_themselves(cast, lived, report):
    own = make.post(lived, cast["moderator"])
    report(cast["lived"], own, "harassment")
    assert queries.waiting(cast["moderator"].viewer) == []
    assert len(queries.waiting(cast["coordinator"].viewer)) == 1


def test_a_name_is_reported_to_those_who_coordinate_and_once(cast):
    subject = things.name_as_seen(cast["member"].viewer, cast["claimed"].persona_id)
    for reason in ("harassment", "other"):
        with transaction():
            opening.report(cast["member"].viewer, subject, reason, "a title that is not theirs")
    assert the_matter().reports == 1
    assert len(queries.waiting(cast["coordinator"].viewer)) == 1
    assert queries.waiting(cast["moderator"].viewer) == []


def test_nobody_reports_their_own_name_nor_one_they_cannot_see(cast):
    with pytest.raises(NotAllowed):
        opening.report(
            cast["member"].viewer,
            things.name_as_seen(cast["member"].viewer, cast["member"].persona_id),
            "other",
            "",
        )
    with pytest.raises(NotFound):
        things.name_as_seen(cast["member"].viewer, cast["lived"].persona_id)


def test_no_other_reason_is_taken(cast):
    subject = things.name_as_seen(cast["member"].viewer, cast["claimed"].persona_id)
    with pytest.raises(Invalid):
        opening.report(cast["member"].viewer, subject, "dislike", "")


def test_a_number_in_the_words_of_a_report_is_kept_nowhere(cast, post, report):
    """Who reports a patient's number copies it first of all; it is only said that there was one."""
    number = next(n for n in (f"487612390{last}" for last in "0123456789") if luhn(n))
    made = report(
        cast["moderator"], post, "patient", f"It says {number[:4]} {number[4:7]} {number[7:]}, twice."
    )
    assert made.words == f"It says {REMOVED}, twice."
    with transaction():
        subject = things.name_as_seen(cast["member"].viewer, str(cast["physician"].persona_id))
        matter = opening.report(cast["member"].viewer, subject, "patient", f"Health card {number}.")
    assert [one.words for one in cases.said_about(matter)] == [f"Health card {REMOVED}."]


def test_what_somebody_looked_at_is_not_hidden_unread_again_until_it_changes(
    cast, lived, post, report, decide
):
    """Else one person with many names keeps out of sight what harms nobody."""
    report(cast["moderator"], post, "patient")
    assert post.state == "hidden"
    decide(cast["coordinator"], the_matter(), "restore")
    report(make_lived("Calm-Stone"), post, "patient")
    assert post.state == "shown"
    assert [line.matter.reason for line in queries.waiting(cast["moderator"].viewer)] == ["patient"]
    with transaction():
        posts.edit(cast["lived"].viewer, make.seen(cast["lived"], post), 1, make.writing("Other words."))
    report(make_lived("Dry-Leaf"), post, "patient")
    assert post.state == "hidden"


@pytest.fixture
def in_the_square(cast):
    """A message where everyone reads, a suspended name, too."""
    topic = make.topic(make.space(), cast["coordinator"])
    return make.post(topic, cast["coordinator"])


def test_a_suspended_name_is_not_one_of_the_three(cast, in_the_square, report):
    post = in_the_square
    with transaction():
        matter = made.matter_of(make.post(db.session.get_one(Topic, post.topic_id), cast["lived"]))
        made.act_in(matter, by=None, act="suspend", until=clock.now() + timedelta(days=1))
    for name in ("member", "physician", "lived"):
        report(cast[name], post)
    assert db.session.scalar(select(Post.state).where(Post.id == post.id)) == "shown"
    report(cast["also_lived"], post)
    assert db.session.scalar(select(Post.state).where(Post.id == post.id)) == "hidden"
