"""The space of lived experience: charter and keepers, guests until a day, nothing counted, nothing told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.forum.models import Post, SpaceMember, Topic
from community.forum.permissions import may_see_space
from community.forum.queries.charters import charter_of
from community.forum.services import charters, guests, structure
from community.forum.services import reactions as reacting
from tests import cast as people
from tests.make import forum as make

# Thirteen minutes before midnight where the site is, and already tomorrow in UTC.
EVENING = datetime(2026, 11, 21, 4, 47, 31, tzinfo=UTC)
NOTED = "Words that are folded under a note."


@pytest.fixture
def lived(app):
    return make.space("lived-experience")


@pytest.fixture
def keeper(cast, lived):
    """Somebody with lived experience whom an administrator named."""
    with transaction():
        found = people.persona("Slow-Willow", kind="protected", groups=["lived_experience"])
        structure.add_member(cast["administrator"].viewer, lived, str(found.persona_id), "keeper")
    return found


def write(who, space, english="We listen first.", french="On écoute d’abord.", version=0):
    with transaction():
        return charters.write_charter(who.viewer, space, english, french, version)


# Charter and keepers


def test_those_who_keep_the_space_write_its_charter_and_nobody_else_does(cast, lived, keeper):
    for who in ("lived", "physician", "administrator", "visitor"):
        with pytest.raises(NotAllowed):
            write(cast[who], lived)
    write(keeper, lived)
    assert charter_of(lived).words_fr == "On écoute d’abord."
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "space.rules_written")).one()
    assert entry.actor_id == keeper.persona_id


@pytest.mark.parametrize(("lang", "words"), [("en", "We listen first."), ("fr", "On écoute d’abord.")])
def test_all_who_see_the_space_read_it_in_their_language_with_who_keeps_it(
    cast, lived, keeper, visit, lang, words
):
    write(keeper, lived)
    page = visit(cast["lived"]).get(f"/{lang}/spaces/lived-experience/charter").text
    assert words in page
    assert "Slow-Willow" in page
    for who in ("visitor", "physician", "member", "administrator"):
        assert visit(cast[who]).get(f"/{lang}/spaces/lived-experience/charter").status_code == 404


def test_a_charter_written_over_meanwhile_is_told_with_both_texts(cast, lived, keeper, visit):
    write(keeper, lived)
    with pytest.raises(Conflict):
        write(keeper, lived, "Another.", version=0)
    sent = {"words_en": "Mine.", "words_fr": "Le mien.", "version": "0"}
    answer = visit(keeper).post("/en/spaces/lived-experience/charter/edit", sent)
    assert answer.status_code == 409
    assert "Mine." in answer.text
    assert "We listen first." in answer.text


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "If you want to die, call 988."), ("fr", "Si tu veux mourir, appelle le 1 866 277-3553.")],
)
def test_a_charter_may_speak_of_danger(lived, keeper, visit, lang, words):
    """Who writes it is in none. Asked, in a form without the card, they could never save it."""
    said = {"words_en": "We listen.", "words_fr": "On écoute.", f"words_{lang}": words, "version": "0"}
    assert visit(keeper).post(f"/{lang}/spaces/lived-experience/charter/edit", said).status_code == 303
    assert getattr(charter_of(lived), f"words_{lang}") == words


def test_who_keeps_the_space_has_lived_experience(cast, lived):
    with transaction():
        plain = people.persona("Plain Person")
        nurse = people.persona("Pat Nurse", groups=["nurse"])
    for who in (plain, nurse):
        with pytest.raises(Invalid), transaction():
            structure.add_member(cast["administrator"].viewer, lived, str(who.persona_id), "keeper")


# Guests


def invite(keeper, lived, name="Noemie Larch", days=3):
    with transaction():
        guests.invite_into_space(keeper.viewer, lived, name, clock.now() + timedelta(days=days))


def test_keepers_decide_which_professionals_come_in(cast, lived, keeper):
    assert not may_see_space(cast["physician"].viewer, lived)
    with pytest.raises(NotAllowed):
        invite(cast["lived"], lived)
    invite(keeper, lived)
    assert may_see_space(cast["physician"].viewer, lived)


def test_a_guest_is_out_at_the_very_moment_their_invitation_ends(cast, lived, keeper, visit, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    topic = make.topic(lived, cast["lived"], "Among us")
    invite(keeper, lived)
    guest = visit(cast["physician"])
    time_machine.shift(timedelta(days=3) - timedelta(seconds=1))
    assert guest.get(f"/en/topics/{topic.key}").status_code == 200
    time_machine.shift(timedelta(seconds=1))
    assert guest.get(f"/en/topics/{topic.key}").status_code == 404
    assert guest.get("/en/spaces/lived-experience").status_code == 404


@pytest.mark.parametrize(("lang", "label"), [("en", "Invited by this space until"), ("fr", "Sur invitation")])
def test_each_message_of_a_guest_says_so(cast, lived, keeper, visit, lang, label):
    topic = make.topic(lived, cast["lived"], "Among us")
    invite(keeper, lived)
    make.post(topic, cast["physician"], "As a guest.")
    page = visit(cast["lived"]).get(f"/{lang}/topics/{topic.key}").text
    assert page.count('<article class="post') == 2
    assert label in page or "invit" in page.partition("As a guest.")[0].rpartition("<article")[2].lower()


# Nothing counted, nothing told


def test_thanks_are_not_counted_here_and_are_elsewhere(cast, lived, visit):
    square = make.space()
    for space, shown in ((lived, False), (square, True)):
        topic = make.topic(space, cast["lived"], "Thanked")
        post = make.first_post(topic)
        for who in ("moderator",):
            with transaction():
                reacting.react(cast[who].viewer, make.seen(cast[who], post), "thanks")
        page = visit(cast["lived"]).get(f"/en/topics/{topic.key}").text
        assert "Thank you" in page
        assert ("Thank you · 1" in page) is shown


def test_pages_show_days_are_not_indexed_and_have_neutral_titles(cast, lived, visit):
    topic = make.topic(lived, cast["lived"], "A telling title")
    for address in (f"/en/topics/{topic.key}", "/en/spaces/lived-experience"):
        answer = visit(cast["lived"]).get(address)
        assert '<meta name="robots" content="noindex, nofollow">' in answer.text
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "<title>Discussion - " in answer.text
    page = visit(cast["lived"]).get(f"/en/topics/{topic.key}").text
    post = page.partition("<article")[2].partition("</article")[0]
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\d">', post)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_of_what_a_protected_name_writes_anywhere_the_day_is_told_and_not_the_hour(cast, visit, lang):
    """Also in an open space, in its lists and its feed; others there keep their hour."""
    square = make.space()
    asked = make.topic(square, cast["lived"], "Asked without a name")
    talk = make.topic(square, cast["member"], "Asked under a name")
    make.post(talk, cast["lived"], "Said without a name.")
    with transaction():
        for post in db.session.scalars(select(Post)):
            post.created_at = EVENING
        for topic in db.session.scalars(select(Topic)):
            topic.created_at = topic.last_post_at = EVENING
    pages = {who: visit(cast[who]) for who in ("visitor", "member")}
    for browser in pages.values():
        posts = re.split("<article", browser.get(f"/{lang}/topics/{talk.key}").text)[1:3]
        assert '<time datetime="2026-11-20T23:47' in posts[0]
        assert '<time datetime="2026-11-20"' in posts[1]
        assert "47" not in re.findall(r"<time.*?</time>", posts[1])[0]
        line = browser.get(f"/{lang}/spaces/public-square").text.partition("Asked without a name")
        before, after = line[0].rpartition("<li")[2], line[2].partition("</li>")[0]
        assert "2026-11-20" in before + after
        assert "23:47" not in before + after
    feed = pages["visitor"].get(f"/{lang}/spaces/public-square/feed.atom").text
    entry = next(one for one in feed.split("<entry") if asked.key in one)
    assert "<published>2026-11-20T00:00:00-05:00<" in entry
    assert "<updated>2026-11-20T00:00:00-05:00<" in entry
    assert "47:" not in feed


@pytest.mark.parametrize("page", ["/en/spaces/public-square", "/en/"])
def test_of_the_last_message_a_list_tells_the_day_where_its_name_is_protected(cast, visit, page):
    """Who asked is no secret, and has an hour; who answered has none."""
    square = make.space()
    told = make.topic(square, cast["member"], "Asked and told", kind="discussion")
    make.topic(square, cast["member"], "Asked alone", kind="discussion")
    make.post(told, cast["lived"], "Said without a name.")
    for who in ("visitor", "member"):
        html = visit(cast[who]).get(page).text
        when = {
            title: re.findall(r'<time datetime="([^"]*)"', html.partition(f">{title}<")[2])[0]
            for title in ("Asked and told", "Asked alone")
        }
        assert "T" in when["Asked alone"]
        assert "T" not in when["Asked and told"]


def test_earlier_versions_under_a_protected_name_tell_the_day(cast, visit):
    talk = make.topic(make.space(), cast["member"], "Asked under a name")
    post = make.post(talk, cast["lived"], "Said without a name.")
    page = visit(cast["member"]).get(f"/en/posts/{post.key}/history")
    assert page.status_code == 200
    assert not re.search(r'<time datetime="[^"]*T', page.text)


def test_what_is_folded_by_a_note_is_in_no_list_feed_or_preview(cast, visit):
    """Of search: tests/search/test_results.py; of mail: tests/notifications/test_told_of_a_reply.py."""
    square = make.space()
    topic = make.topic(square, cast["member"], "A question about stairs", note="death")
    first = make.first_post(topic)
    with transaction():
        found = db.session.merge(first)
        found.note, found.body, found.html = "death", NOTED, f"<p>{NOTED}</p>"
    browser = visit(cast["member"])
    pages = [
        browser.get(address)
        for address in (
            *("/en/", "/en/latest", "/en/spaces/public-square", "/en/spaces/public-square/feed.atom"),
            *("/en/my-questions", "/en/my-messages"),
        )
    ]
    assert not [page.request.path for page in pages if NOTED in page.text or "under a note" in page.text]
    assert "A question about stairs" in pages[2].text
    head = browser.get(f"/en/topics/{topic.key}").text.partition("</head>")[0]
    assert NOTED not in head
    assert "og:" not in head


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_how_far_a_name_protects_is_said_where_one_writes(cast, lived, visit, lang):
    page = visit(cast["lived"]).get(f"/{lang}/spaces/lived-experience/new").text
    for words in {
        "en": ("A public name.", "A protected name.", "two administrators together"),
        "fr": ("Un nom public.", "Un nom protégé.", "deux personnes à l’administration"),
    }[lang]:
        assert words in page


def test_a_guest_row_says_who_invited(cast, lived, keeper):
    invite(keeper, lived)
    row = db.session.scalars(select(SpaceMember).where(SpaceMember.standing == "guest")).one()
    assert row.invited_by == keeper.persona_id
