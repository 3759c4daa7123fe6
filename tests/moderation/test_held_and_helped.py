"""What waits for a moderator before it is shown; and help that is offered first, and never in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from community.accounts.models import Persona
from community.core import clock
from community.core import help as help_lines
from community.core.db import db, transaction
from community.core.errors import NotFound
from community.core.help import OLD, HelpLine
from community.core.jobs import Job
from community.core.store import settings
from community.forum.citations import cite
from community.forum.models import Post, Topic
from community.forum.queries import drafts
from community.forum.queries.topics import post_seen, topic_seen
from community.forum.services import attachments, posts, reports, topics
from community.moderation import targets
from community.moderation.models import Act, Matter
from community.moderation.queries.matters import slowed
from community.moderation.services import looking
from config import read_settings
from tests import cast as people
from tests.make import files
from tests.make import forum as make
from tests.moderation.deciding import matter_of, undo

LINK = "I read it on https://example.org/guide today."
DEALING = "Looking for a plug in town, hit me up"


@pytest.fixture
def square(cast):
    return make.topic(make.space(), cast["physician"], when=clock.now() - timedelta(days=30))


def reply(who, topic, body):
    with transaction():
        return posts.reply(who.viewer, make.seen(who, topic), make.writing(body))


def mark_of(post):
    found = targets.look("post", post.key)
    return found.mark if found else ""


def test_the_first_link_of_a_new_name_waits_and_only_its_author_reads_it(cast, square):
    made = reply(cast["member"], square, LINK)
    assert (made.state, made.held) == ("hidden", True)
    assert post_seen(cast["member"].viewer, made.key).body == LINK
    for name in ("visitor", "physician", "lived"):
        with pytest.raises(NotFound):
            post_seen(cast[name].viewer, made.key)
    assert db.session.scalars(select(Matter.origin)).all() == ["held"]


def test_where_the_settings_ask_it_a_first_message_waits_until_one_of_its_name_stands(
    app, cast, square, decide, monkeypatch
):
    monkeypatch.setitem(app.extensions, "settings", replace(settings(), first_posts="held"))
    assert reply(cast["physician"], square, "A verified title never waits.").state == "shown"
    first = reply(cast["member"], square, "Hello, I read along.")
    assert (first.state, first.held) == ("hidden", True)
    assert reply(cast["member"], square, "And one more thing.").held
    matters = db.session.scalars(select(Matter)).all()
    assert {(matter.origin, matter.reason) for matter in matters} == {("held", "other")}
    decide(cast["coordinator"], matters[0], "restore", text="looked-fine")
    assert reply(cast["member"], square, "Thank you.").state == "shown"


def test_first_messages_wait_in_production_and_not_where_nobody_would_let_them_through(tmp_path):
    safe = {
        "BASE_URL": "https://community.example",
        "MAIL_URL": "smtp://mail.example",
        "PRIVACY_CONTACT": "somebody@community.example",
        "INSTANCE_DIR": str(tmp_path),
    }
    for stage, first in (("production", "held"), ("demo", "shown")):
        assert read_settings({**safe, "PASSERELLE_ENV": stage}).first_posts == first
    let_through = {"PASSERELLE_ENV": "production", "FIRST_POSTS": "shown"}
    assert read_settings({**safe, **let_through}).first_posts == "shown"


@pytest.mark.parametrize(
    "body",
    [
        "Read [this].\n\n[this]: http&#58;//elsewhere.example",
        "Read [this].\n\n[this]: //elsewhere.example",
        "Write to <somebody@elsewhere.example>.",
        "We meet on discord.gg/abcdef tonight.",
        "It is on bit.ly/2abc, or elsewhere.example/page.",
    ],
)
def test_so_does_one_that_is_typed_otherwise(cast, square, body):
    assert reply(cast["member"], square, body).held


def test_and_what_leads_nowhere_does_not(cast, square):
    assert not reply(cast["member"], square, "0.5 mg/kg, twice/day, e.g./i.e. 1.5 mg/day, no more.").held


def test_a_link_among_the_sources_waits_like_one_in_the_text(cast, square):
    who = cast["member"]
    for source, state in (
        (cite("url", "https://example.org/"), "hidden"),
        (cite("pubmed", "12"), "shown"),
    ):
        with transaction():
            words = make.writing("Read this.", sources=(source,))
            made = posts.reply(who.viewer, make.seen(who, square), words)
        assert made.state == state


def test_what_a_file_says_waits_like_the_message(cast, square, visit):
    form = {
        "body": "See the file.",
        "lang": "en",
        "file_1": (BytesIO(DEALING.encode()), "a.txt", "text/plain"),
    }
    address = f"/en/topics/{square.key}/replies"
    assert visit(cast["member"]).post(address, form, content_type="multipart/form-data").status_code == 303
    assert db.session.scalars(select(Post).where(Post.number == 2)).one().held
    assert db.session.scalars(select(Matter.reason)).one() == "dealing"


@pytest.mark.parametrize(
    ("alt", "held", "reason"),
    [(DEALING, True, "dealing"), (LINK, True, "other"), ("I want to die", False, "danger"), ("A", False, "")],
)
def test_so_does_what_a_picture_is_said_anew_to_show(cast, square, alt, held, reason):
    who = cast["member"]
    post = make.post(square, who)
    with transaction():
        key = files.on_post(post)
    read = mark_of(post)
    with transaction():
        attachments.change(who.viewer, make.seen(who, post), (), {key: alt})
    assert db.session.get_one(Post, post.id).held is held
    assert db.session.scalars(select(Matter.reason)).all() == ([reason] if reason else [])
    assert mark_of(post) != read  # whoever read it before decides about something else


def test_a_topic_that_waits_is_a_404_elsewhere(cast):
    space = make.space()
    with transaction():
        topic = topics.ask(cast["member"].viewer, space, "A place to read", make.writing(LINK))
    assert topic_seen(cast["member"].viewer, topic.key).held
    for name in ("visitor", "physician"):
        with pytest.raises(NotFound):
            topic_seen(cast[name].viewer, topic.key)


def test_a_name_with_messages_that_stand_links_freely(cast, square):
    for n in range(3):
        make.post(square, cast["member"], f"Words {n}.")
    assert reply(cast["member"], square, LINK).state == "shown"


def test_so_does_a_verified_professional_and_a_moderator_where_they_moderate(cast, square, lived):
    assert reply(cast["physician"], square, LINK).state == "shown"
    assert reply(cast["moderator"], lived, LINK).state == "shown"


def test_what_seeks_dealers_waits_whoever_wrote_it_and_harm_reduction_does_not(cast, square):
    for n in range(5):
        make.post(square, cast["member"], f"Words {n}.")
    assert reply(cast["member"], square, DEALING).held
    assert reply(cast["member"], square, "Start low, especially if you changed dealers.").state == "shown"


def test_an_edit_that_adds_dealing_waits_too(cast, square):
    post = reply(cast["member"], square, "Calm words.")
    with transaction():
        posts.edit(cast["member"].viewer, make.seen(cast["member"], post), 1, make.writing(DEALING))
    assert db.session.get_one(Post, post.id).held


def test_letting_it_through_shows_it_and_tells_its_followers(cast, square, decide):
    made = reply(cast["member"], square, LINK)
    before = len(db.session.scalars(select(Job).where(Job.name.contains("tell_of_post"))).all())
    decide(cast["coordinator"], db.session.scalars(select(Matter)).one(), "restore", text="looked-fine")
    post = db.session.get_one(Post, made.id)
    assert (post.state, post.held) == ("shown", False)
    assert len(db.session.scalars(select(Job).where(Job.name.contains("tell_of_post"))).all()) == before + 1


def test_not_letting_it_through_hides_it_from_its_author_too(cast, square, decide):
    made = reply(cast["member"], square, DEALING)
    decide(cast["coordinator"], db.session.scalars(select(Matter)).one(), "hide", text="dealing-offer")
    with pytest.raises(NotFound):
        post_seen(cast["member"].viewer, made.key)


def test_not_let_through_and_shown_later_its_followers_are_told_once(cast, square, decide):
    def told():
        return len(db.session.scalars(select(Job).where(Job.name.contains("tell_of_post"))).all())

    made, before = reply(cast["member"], square, LINK), told()
    declined = decide(cast["coordinator"], db.session.scalars(select(Matter)).one(), "hide")
    assert told() == before
    undo(cast["coordinator"], declined)
    assert db.session.get_one(Post, made.id).state == "shown"
    assert told() == before + 1
    for act in ("hide", "restore"):
        decide(cast["coordinator"], matter_of(made), act)
    assert told() == before + 1


def test_a_reply_that_is_not_let_through_leaves_its_topic_waiting_for_its_author(cast, decide):
    begun = make.topic(make.space(), cast["physician"], "A word")
    waits = reply(cast["member"], begun, LINK)
    with transaction():
        first = make.seen(cast["physician"], make.first_post(begun))
        reports.put_out_of_sight(first, held=True)
    decide(cast["coordinator"], matter_of(waits), "hide")
    assert topic_seen(cast["physician"].viewer, begun.key).held


def test_who_was_changing_what_waits_now_is_told_so_and_keeps_the_text(cast, square, visit):
    made = reply(cast["member"], square, LINK)
    browser, typed = visit(cast["member"]), {"body": "Without it.", "lang": "en", "version": "1"}
    refused = browser.post(f"/en/posts/{made.key}/edit", typed)
    assert refused.status_code == 403
    page = refused.get_data(as_text=True)
    assert all(
        said in page for said in ("waits for a moderator", "Without it.", "Your text is kept as a draft")
    )
    kept = drafts.kept(cast["member"].viewer, f"edit:{made.key}")
    assert kept is not None
    assert kept["body"] == "Without it."


def test_the_author_is_told_plainly_that_it_waits(cast, square, visit):
    browser = visit(cast["member"])
    sent = browser.post(f"/fr/topics/{square.key}/replies", {"body": LINK, "lang": "fr"})
    assert sent.status_code == 303
    assert "Ce message attend la modération." in browser.get(sent.headers["Location"]).get_data(as_text=True)
    other = visit(cast["lived"]).get(f"/en/topics/{square.key}").get_data(as_text=True)
    assert "example.org" not in other


def test_a_topic_that_waits_is_not_said_to_be_seen_by_everyone(cast, visit):
    with transaction():
        topic = topics.ask(cast["member"].viewer, make.space(), "A place to read", make.writing(LINK))
    page = visit(cast["member"]).get(f"/en/topics/{topic.key}").get_data(as_text=True)
    assert "This topic waits for a moderator." in page
    assert "Seen by everyone" not in page


@pytest.mark.parametrize("moderates", [True, False])
def test_who_looks_at_what_waits_is_led_to_its_place_where_they_may_see_it(cast, square, visit, moderates):
    """Whoever coordinates decides of everything, and reads what is hidden in the queue alone."""
    if moderates:
        with transaction():
            people.duty(cast["coordinator"], "moderator", "public-square")
    made = reply(cast["member"], square, LINK)
    key = db.session.scalars(select(Matter.key)).one()
    browser = visit(cast["coordinator"])
    page = browser.get(f"/en/moderation/matters/{key}").get_data(as_text=True)
    assert "https://example.org/guide" in page
    assert (f'href="/en/posts/{made.key}"' in page) is moderates
    assert (browser.get(f"/en/posts/{made.key}").status_code == 302) is moderates


# Help


def test_help_is_offered_once_and_the_second_press_publishes(cast, square, visit):
    browser = visit(cast["member"])
    body = {"body": "I want to die, I can't do this anymore", "lang": "en"}
    first = browser.post(f"/en/topics/{square.key}/replies", body)
    page = first.get_data(as_text=True)
    assert first.status_code == 422
    assert "You are not alone with this." in page
    assert "Your text was not sent yet, and nothing was lost." in page
    assert 'id="errors"' not in page  # to need help is no fault
    assert 'href="tel:988"' in page
    assert "do this anymore" in page
    second = browser.post(f"/en/topics/{square.key}/replies", {**body, "help_seen": "yes"})
    assert second.status_code == 303
    post = db.session.scalars(select(Post).order_by(Post.id.desc()).limit(1)).one()
    assert post.state == "shown"
    matter = db.session.scalars(select(Matter)).one()
    assert (matter.reason, matter.rank, matter.origin) == ("danger", 0, "words")


def test_the_card_of_an_overdose_says_what_to_do_in_french(cast, square, visit):
    page = visit(cast["member"]).post(
        f"/fr/topics/{square.key}/replies",
        {"body": "Mon ami ne respire plus, qu’est-ce que je fais", "lang": "fr"},
    )
    assert "donnez la naloxone" in page.get_data(as_text=True)


def test_ordinary_words_see_no_card(cast, square, visit):
    sent = visit(cast["member"]).post(
        f"/en/topics/{square.key}/replies", {"body": "Our committee meets on Thursday.", "lang": "en"}
    )
    assert sent.status_code == 303


# Pace


def test_twenty_replies_to_one_name_within_an_hour_slow_the_topic_down(cast, square):
    with transaction():
        crowd = [people.persona(f"Reader {n}") for n in range(5)]
    for n in range(looking.PACE - 1):
        make.post(square, crowd[n % 5], f"Reply {n}.", when=clock.now() - timedelta(minutes=10))
    now = clock.now()
    looking.look_at(make.post(square, crowd[0], "One more.", when=now).id, keep_pace=False)
    assert not slowed(square.key)
    with transaction():
        looking.look_at(make.post(square, crowd[1], "And one.", when=now).id, keep_pace=True)
    assert slowed(square.key) == looking.SLOW_MINUTES
    act = db.session.scalars(select(Act)).one()
    assert (act.by_id, act.persona_id) == (None, None)
    assert db.session.get_one(Topic, square.id).state == "open"


@pytest.mark.parametrize(("lang", "words"), [("en", "My friend is not breathing"), ("fr", "Je veux mourir")])
def test_the_card_stands_beside_what_is_being_typed_and_then_the_first_press_publishes(
    cast, square, visit, lang, words
):
    browser = visit(cast["member"])
    card = browser.post(f"/{lang}/identifiers", {"body": words}).get_data(as_text=True)
    assert 'href="tel:911"' in card
    assert 'name="help_seen" value="live"' in card
    assert words not in card
    again = browser.post(f"/{lang}/identifiers", {"body": words, "help_seen": "yes"}).get_data(as_text=True)
    assert "help_seen" not in again  # it stands over the form already
    assert "help_seen" not in browser.post(f"/{lang}/identifiers", {"body": "A quiet day."}).get_data(
        as_text=True
    )
    body = {"body": words, "lang": lang, "help_seen": "live"}
    assert browser.post(f"/{lang}/topics/{square.key}/replies", body).status_code == 303


def test_its_lines_are_those_of_the_writers_province(cast, square, visit):
    """A name of Quebec reads the line of Quebec; one that says nothing of its place, those for everywhere."""
    words = {"body": "I want to die tonight"}
    with transaction():
        db.session.get_one(Persona, cast["member"].persona_id).region = "qc"
    here = visit(cast["member"]).post("/en/identifiers", words).get_data(as_text=True)
    nowhere = visit(cast["lived"]).post("/en/identifiers", words).get_data(as_text=True)
    assert 'href="tel:811"' in here
    assert 'href="tel:811"' not in nowhere
    for page in (here, nowhere):
        assert 'href="tel:988"' in page
        assert "Not checked since" not in page


@pytest.fixture
def old_lines(app):
    with transaction():
        for line in db.session.scalars(select(HelpLine)):
            line.checked = clock.today() - OLD - timedelta(days=1)
    help_lines.forget()
    yield
    help_lines.forget()


@pytest.mark.usefixtures("old_lines")
@pytest.mark.parametrize(("lang", "says"), [("en", "Not checked since"), ("fr", "Pas vérifié depuis le")])
def test_a_line_that_nobody_checked_for_half_a_year_says_so_on_the_card_and_to_who_moderates(
    cast, square, visit, report, lang, says
):
    card = visit(cast["member"]).post(f"/{lang}/identifiers", {"body": "I want to die tonight"})
    assert says in card.get_data(as_text=True)
    report(cast["lived"], make.first_post(square), "danger")
    matter = db.session.scalars(select(Matter)).one()
    page = visit(cast["coordinator"]).get(f"/{lang}/moderation/matters/{matter.key}").get_data(as_text=True)
    assert says in page.split('<div class="cols">')[0]


def test_who_moderates_reads_the_lines_of_where_the_topic_is(cast, square, visit, report):
    report(cast["lived"], make.first_post(square), "danger")
    matter = db.session.scalars(select(Matter)).one()

    def lines():
        page = visit(cast["coordinator"]).get(f"/en/moderation/matters/{matter.key}").get_data(as_text=True)
        return page.split("If somebody may be in danger now")[1].split("</ul>")[0]

    nowhere = lines()
    with transaction():
        db.session.get_one(Topic, square.id).region = "qc-06"
    assert lines() != nowhere
    assert "18004635060" in lines()  # the poison centre of Quebec; elsewhere it does not answer
    assert "18004635060" not in nowhere


def test_what_waits_is_taken_back_by_its_author_and_comes_back_with_nobody(cast, square, decide, visit):
    made = reply(cast["member"], square, LINK)
    matter = db.session.scalars(select(Matter)).one()
    browser = visit(cast["member"])
    assert f"/en/posts/{made.key}/withdraw" in browser.get(f"/en/topics/{square.key}").get_data(as_text=True)
    assert visit(cast["physician"]).post(f"/en/posts/{made.key}/withdraw").status_code == 404
    assert browser.post(f"/en/posts/{made.key}/withdraw").status_code == 303
    decide(cast["coordinator"], matter, "restore")
    gone = db.session.get_one(Post, made.id)
    assert (gone.state, gone.held, gone.body) == ("withdrawn", False, "")


def test_a_topic_that_waits_for_its_first_message_is_there_again_once_that_is_taken_back(cast):
    begun = make.topic(make.space(), cast["member"], "A word")
    make.post(begun, cast["physician"], "An answer.")
    with transaction():
        first = make.seen(cast["member"], make.first_post(begun))
        posts.edit(cast["member"].viewer, first, 1, make.writing(DEALING))
    assert db.session.get_one(Topic, begun.id).held
    with transaction():
        first = make.seen(cast["member"], make.first_post(begun))
        topics.withdraw(cast["member"].viewer, first.topic, first)
    found = topic_seen(cast["physician"].viewer, begun.key)
    assert (found.state, found.title) == ("open", "Topic withdrawn by its author")
