"""Spaces, regions and themes: what each reader finds there, how it is narrowed, and the feed."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from community.accounts.models import Persona
from community.core import clock
from community.core.db import db, transaction
from community.forum.first_spaces import first_spaces
from community.forum.models import Committee, Post, Space, SpaceAudience, SpaceMember
from community.forum.services import answers, topics
from community.forum.services.spaces import load_first_spaces
from tests.make import forum as make


def text(answer):
    return answer.get_data(as_text=True)


def content(answer):
    return text(answer).split("<main")[1].split("</main>")[0]


# The list of spaces


def test_first_spaces_are_loaded_once_with_their_audiences(app):
    with transaction():
        assert load_first_spaces() == len(first_spaces())
        assert load_first_spaces() == 0
    committee = db.session.scalars(select(Space).where(Space.slug == "committee-first-line")).one()
    assert committee.admits("see") == {f"space:{committee.id}"}
    assert db.session.get_one(Committee, committee.id).mandate_fr
    assert len(db.session.scalars(select(SpaceAudience)).all()) > len(first_spaces())


def test_a_space_that_was_changed_is_left_as_it_is(app):
    with transaction():
        load_first_spaces()
        db.session.scalars(select(Space).where(Space.slug == "policy")).one().name_en = "Changed"
        load_first_spaces()
    assert db.session.scalar(select(Space.name_en).where(Space.slug == "policy")) == "Changed"


@pytest.mark.parametrize(
    ("name", "seen", "unseen"),
    [
        (
            "visitor",
            ["Public square", "Meeting place"],
            ["Policy space", "Opioids</a></p>", "For people who use"],
        ),
        ("member", ["Policy"], ["Starting, adjusting", "For people who use"]),
        ("physician", ["Starting, adjusting", "Spaces by region"], ["For people who use"]),
        ("social_worker", ["Spaces by region"], ["Starting, adjusting", "For people who use"]),
        ("lived", ["For people who use"], ["Starting, adjusting", "Spaces by region"]),
        ("expired", ["Policy"], ["Starting, adjusting", "Spaces by region"]),
    ],
)
def test_each_reader_finds_the_spaces_that_are_open_to_them(cast, visit, name, seen, unseen):
    with transaction():
        load_first_spaces()
    page = content(visit(cast[name]).get("/en/spaces"))
    assert [words for words in seen if words not in page] == []
    assert [words for words in unseen if words in page] == []


@pytest.mark.parametrize(
    ("name", "first", "unseen"),
    [
        ("physician", "opioids", ["lived-experience", "committee-first-line"]),
        ("lived", "lived-experience", ["opioids", "/on/"]),
        ("member", "public-square", ["opioids", "lived-experience", "/on/"]),
    ],
)
def test_one_press_leads_from_where_to_ask_to_the_form(cast, visit, name, first, unseen):
    with transaction():
        load_first_spaces()
    page = content(visit(cast[name]).get("/en/ask"))
    forms = re.findall(r'href="(/en/spaces/[^"]+/new[^"]*)"', page)
    assert any(f"/{first}/" in address for address in forms)
    assert [words for words in unseen if any(words in address for address in forms)] == []
    assert all(visit(cast[name]).get(html.unescape(address)).status_code == 200 for address in forms[:2])


def test_ones_own_region_comes_before_the_others(cast, visit):
    with transaction():
        load_first_spaces()
        db.session.get_one(Persona, cast["physician"].persona_id).region = "qc-06"
    page = content(visit(cast["physician"]).get("/fr/ask"))
    places = re.findall(r"/fr/spaces/((?:qc|on|bc|ab)[^/]*)/new", page)
    assert places[:2] == ["qc", "qc-06"]


def test_a_member_of_a_committee_finds_it_until_the_last_day(cast, visit):
    space = make.space("committee-first-line")
    with transaction():
        db.session.add(
            SpaceMember(
                space_id=space.id, persona_id=cast["member"].persona_id, until=clock.now() + timedelta(days=1)
            )
        )
    browser = visit(cast["member"])
    assert browser.get("/en/spaces/committee-first-line").status_code == 200
    with transaction():
        db.session.scalars(select(SpaceMember)).one().until = clock.now() - timedelta(seconds=1)
    assert browser.get("/en/spaces/committee-first-line").status_code == 404


# One space


@pytest.fixture
def opioids(cast):
    return make.space("opioids")


def test_who_reads_and_who_speaks_stand_on_top(cast, visit, opioids):
    page = content(visit(cast["physician"]).get("/en/spaces/opioids"))
    assert "Seen by verified clinicians. You write as Noemie Larch." in page
    assert "Before you ask" in page


@pytest.mark.parametrize("name", ["visitor", "member", "lived", "also_lived", "expired", "administrator"])
def test_for_others_a_clinical_space_does_not_exist(cast, visit, opioids, name):
    real = visit(cast[name]).get("/en/spaces/opioids")
    made_up = visit(cast[name]).get("/en/spaces/opioidz")
    assert real.status_code == made_up.status_code == 404
    assert content(real).replace("opioids", "opioidz") == content(made_up)


def fill(cast, space):
    """An unanswered question, an answered one with a kept answer, a French discussion."""
    asker = cast["physician"]
    waiting = make.topic(space, asker, "Waiting question", region="on", when=clock.ago(days=3))
    kept = make.topic(space, asker, "Kept question", when=clock.ago(days=2))
    post = make.post(kept, cast["expired"])
    with transaction():
        answers.accept(asker.viewer, make.seen(asker, post))
    make.topic(space, asker, "Discussion en français", kind="discussion", lang="fr", when=clock.ago(days=1))
    return waiting, kept


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Discussion en français", "Kept question", "Waiting question"]),
        ("view=unanswered", ["Waiting question"]),
        ("view=kept", ["Kept question"]),
        ("written=fr", ["Discussion en français"]),
        ("kind=discussion", ["Discussion en français"]),
        ("region=on", ["Waiting question"]),
        ("order=oldest", ["Waiting question", "Kept question", "Discussion en français"]),
        (
            "view=nonsense&written=xx&order=zz&region=nowhere",
            ["Discussion en français", "Kept question", "Waiting question"],
        ),
    ],
)
def test_the_address_narrows_the_list(cast, visit, opioids, query, found):
    fill(cast, opioids)
    page = content(visit(cast["physician"]).get(f"/en/spaces/opioids?{query}"))
    titles = ["Discussion en français", "Kept question", "Waiting question"]
    shown = sorted((page.index(f">{title}</a>"), title) for title in titles if f">{title}</a>" in page)
    assert [title for _, title in shown] == found


def test_what_was_chosen_can_be_taken_away(cast, visit, opioids):
    fill(cast, opioids)
    page = content(visit(cast["physician"]).get("/en/spaces/opioids?region=on&written=en"))
    assert 'class="chip drop" href="/en/spaces/opioids?written=en"' in page
    assert 'class="chip drop" href="/en/spaces/opioids?region=on"' in page


def test_waiting_and_kept_are_said_on_the_line(cast, visit, opioids):
    fill(cast, opioids)
    page = content(visit(cast["physician"]).get("/en/spaces/opioids"))
    assert "Waiting 3 days" in page
    assert "Kept answer</span>" in page
    assert "1 question waits for an answer" in content(
        visit(cast["physician"]).get("/en/spaces/opioids?view=unanswered")
    )


def test_a_question_only_the_asker_wrote_in_still_waits(cast, visit, opioids):
    waiting, _ = fill(cast, opioids)
    make.post(waiting, cast["physician"], "And one more thing.")
    page = content(visit(cast["physician"]).get("/en/spaces/opioids?view=unanswered"))
    assert "only the asker wrote" in page


def test_long_lists_go_on_where_the_page_ended(cast, visit, opioids):
    for place in range(30):
        make.topic(opioids, cast["physician"], f"Title {place:02d}", when=clock.ago(hours=place + 1))
    browser = visit(cast["physician"])
    first = content(browser.get("/en/spaces/opioids"))
    assert "Title 24" in first
    assert "Title 25" not in first
    onward = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = content(browser.get(onward))
    assert "Title 25" in second
    assert "Title 24" not in second


def test_a_made_up_cursor_is_refused(client):
    make.space()
    assert client.get("/en/spaces/public-square?after=made-up").status_code == 400


def test_an_empty_space_says_what_to_do(cast, visit, opioids):
    page = content(visit(cast["physician"]).get("/en/spaces/opioids"))
    assert "You would be the first to write." in page
    assert "/en/spaces/opioids/new" in page


def test_thirty_lines_cost_as_many_statements_as_three(cast, visit, opioids, statements):
    browser = visit(cast["physician"])
    browser.get("/en/menu")
    spent = []
    for number in (3, 22):
        for place in range(number):
            make.topic(opioids, cast["physician"], f"Title {number} {place}")
        with statements.recorded():
            assert browser.get("/en/spaces/opioids").status_code == 200
        spent.append(list(statements.words))
    assert len(spent[0]) == len(spent[1])
    assert len(spent[1]) <= 9, "\n".join(spent[1])


def test_a_protected_space_says_days(cast, visit):
    space = make.space("lived-experience")
    make.topic(space, cast["lived"], "First weeks", when=clock.ago(hours=30))
    page = text(visit(cast["lived"]).get("/en/spaces/lived-experience"))
    assert "<title>Discussion - " in page
    assert "noindex" in page
    assert "a.m." not in page
    assert "p.m." not in page
    assert "hours" not in page.split("<main")[1].replace("Days, not hours", "")


# Regions and themes


def test_a_region_gathers_what_the_viewer_reads_whatever_the_space(cast, visit, client, opioids):
    square, ontario = make.space(), make.space("on")
    make.topic(square, cast["member"], "Open to all", region="on")
    make.topic(opioids, cast["physician"], "For clinicians", region="on")
    make.topic(ontario, cast["social_worker"], "For professionals")
    make.topic(square, cast["member"], "Elsewhere", region="qc")
    seen = {
        "visitor": ["Open to all"],
        "social_worker": ["Open to all", "For professionals"],
        "physician": ["Open to all", "For professionals", "For clinicians"],
    }
    titles = ["Open to all", "For professionals", "For clinicians", "Elsewhere"]
    for name, expected in seen.items():
        page = content(visit(cast[name]).get("/en/regions/on"))
        assert [title for title in titles if f">{title}</a>" in page] == expected


def test_a_province_takes_in_its_regions(cast, client):
    make.topic(make.space(), cast["member"], "In Montréal", region="qc-06")
    assert "In Montréal" in content(client.get("/en/regions/qc"))
    page = content(client.get("/fr/regions/qc"))
    assert page.count("/fr/regions/qc-") == 18


def test_a_theme_gathers_what_the_viewer_reads(cast, visit, client, opioids):
    make.topic(make.space(), cast["member"], "Open to all", theme="opioids")
    make.topic(opioids, cast["physician"], "For clinicians")
    assert "For clinicians" not in content(client.get("/en/themes/opioids"))
    assert "/en/spaces/opioids" not in content(client.get("/en/themes/opioids"))
    page = content(visit(cast["physician"]).get("/en/themes/opioids"))
    assert "For clinicians" in page
    assert "/en/spaces/opioids" in page


@pytest.mark.parametrize("address", ["/en/regions/zz", "/en/themes/zz", "/en/regions/", "/fr/regions/on%00"])
def test_places_that_do_not_exist(client, address):
    assert client.get(address).status_code == 404


# Feed

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_of_a_public_space_tells_what_a_visitor_reads(cast, client):
    space = make.space()
    make.topic(space, cast["member"], "A \x0bquestion & more")
    folded = make.topic(space, cast["member"], "Folded")
    with transaction():
        db.session.scalars(select(Post).where(Post.topic_id == folded.id)).one().note = "death"
    make.topic(space, cast["member"], "Hidden one", hidden=True)
    answer = client.get("/en/spaces/public-square/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)  # noqa: S314  # what we have just written ourselves
    entries = {entry.findtext(f"{ATOM}title"): entry for entry in feed.iter(f"{ATOM}entry")}
    assert set(entries) == {"A question & more", "Folded"}
    assert entries["Folded"].findtext(f"{ATOM}summary") == "Content note: death"
    link = entries["Folded"].find(f"{ATOM}link")
    assert link is not None
    assert str(link.get("href")).startswith("http://127.0.0.1:8000/en/topics/")


@pytest.mark.parametrize("slug", ["opioids", "policy", "lived-experience", "nowhere"])
def test_no_other_space_has_a_feed_whoever_asks(cast, visit, slug):
    if slug != "nowhere":
        make.space(slug)
    for name in ("visitor", "physician", "lived"):
        assert visit(cast[name]).get(f"/en/spaces/{slug}/feed.atom").status_code == 404


def test_a_closed_question_waits_for_nobody(cast, visit, opioids):
    waiting, _ = fill(cast, opioids)
    with transaction():
        topics.close(cast["physician"].viewer, make.seen(cast["physician"], waiting))
    page = content(visit(cast["physician"]).get("/en/spaces/opioids?view=unanswered"))
    assert "Every question has an answer" in page
