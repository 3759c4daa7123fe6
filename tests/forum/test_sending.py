"""Forms as people send them: once, twice, wrong, late, to places that are not theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.core.db import db, transaction
from community.core.errors import TooOften
from community.forum.models import Post, Report, Topic
from community.forum.queries import drafts
from community.forum.services import topics
from community.forum.views import posts
from tests.make import forum as make


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["member"], "How do I talk about it?")


@pytest.fixture
def browser(cast, visit):
    return visit(cast["physician"])


def replies(topic):
    return list(db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number > 1)))


def kept_words(who, topic):
    kept = drafts.kept(who.viewer, f"topic:{topic.key}")
    return kept["body"] if kept else None


def send(browser, topic, body="Say little.", **more):
    return browser.post(f"/en/topics/{topic.key}/replies", {"body": body, **more})


QUESTION = {"kind": "question", "title": "Where do you start?", "body": "With whom, and how?"}


def ask(browser, slug="public-square", **more):
    make.space(slug)
    return browser.post(f"/en/spaces/{slug}/new", {**QUESTION, **more})


# Asking


def test_asking_leads_to_the_question(browser):
    answer = ask(browser, theme="opioids", region="on", level="provider", note=["overdose", "death"])
    made = db.session.scalars(select(Topic)).one()
    assert (answer.status_code, answer.location) == (303, f"/en/topics/{made.key}")
    assert (made.kind, made.theme, made.region, made.level, made.note) == (
        "question",
        "opioids",
        "on",
        "provider",
        "overdose,death",
    )
    assert text(browser.get(answer.location)).count("Where do you start?") >= 1


def test_the_language_is_recognized_unless_it_is_said(browser):
    ask(browser, body="Bonjour à tout le monde, par où faut-il commencer ?")
    ask(browser, body="Bonjour à tout le monde, par où faut-il commencer ?", lang="en")
    assert sorted(db.session.scalars(select(Topic.lang))) == ["en", "fr"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "x", "The title is too short"),
        ("title", "x" * 301, "The title is too long"),
        ("title", " ", "The title is empty"),
        ("title", "a\x00b", "The title holds a character"),
        ("body", "", "Your message is empty"),
        ("body", " \n\t ", "Your message is empty"),
        ("title", "\u202e\u202d \u200b", "The title is empty"),
        ("body", "\u200b\u2060\u00ad", "Your message is empty"),
        ("body", "\u2800 \u3164", "Your message is empty"),
        ("body", "&nbsp; &#8203;", "Your message is empty"),
        ("body", "[a]: https://example.org", "Your message is empty"),
        ("body", "> -", "Your message is empty"),
        ("body", "x" * 20_001, "Your message is too long: 20,001 characters, at most 20,000"),
        ("body", "a\x00b", "Your message holds a character"),
    ],
)
def test_a_refused_question_comes_back_whole_with_the_reason(browser, field, value, says):
    answer = ask(browser, **{field: value, "level": "provider"})
    assert answer.status_code == 422
    assert says in text(answer)
    kept = QUESTION["body"] if field == "title" else QUESTION["title"]
    assert kept in text(answer)
    assert 'value="provider"' in text(answer)
    assert db.session.scalars(select(Topic)).all() == []


def test_a_choice_nobody_offered_is_refused_in_the_words_and_signs_of_french(browser):
    make.space()
    answer = browser.post("/fr/spaces/public-square/new", {**QUESTION, "kind": "poll", "note": ["nope"]})
    assert answer.status_code == 422
    assert "N’est pas un choix valide." in text(answer)
    assert "n’est pas un choix valide pour ce champ" in text(answer)
    assert db.session.scalars(select(Topic)).all() == []


def test_a_reply_or_a_change_that_would_show_nothing_is_refused(browser, topic, cast, visit):
    assert send(browser, topic, "&zwnj;").status_code == 422
    assert replies(topic) == []
    first = make.first_post(topic)
    words = first.body
    form = {"title": topic.title, "body": "[](https://example.org)", "version": str(first.version)}
    assert visit(cast["member"]).post(f"/fr/posts/{first.key}/edit", form).status_code == 422
    assert first.body == words


def test_titles_of_2_and_300_characters_pass(browser):
    assert ask(browser, title="ab").status_code == 303
    assert ask(browser, title="x" * 300).status_code == 303


def test_a_bad_source_is_told_and_kept(browser):
    answer = ask(browser, **{"sources-0-kind": "doi", "sources-0-ref": "somewhere"})
    assert answer.status_code == 422
    assert "a DOI looks like" in text(answer)
    assert "somewhere" in text(answer)


def test_sources_are_kept_in_their_plain_form(browser):
    ask(
        browser,
        **{
            "sources-0-kind": "url",
            "sources-0-ref": "https://doi.org/10.5555/ABC",
            "sources-2-kind": "guideline",
            "sources-2-label": "Demonstration guide",
        },
    )
    assert 'href="https://doi.org/10.5555/abc"' in text(
        browser.get(f"/en/topics/{db.session.scalars(select(Topic.key)).one()}")
    )


@pytest.mark.parametrize("slug", ["nowhere", "lived-experience", "committee-first-line"])
def test_an_unknown_or_foreign_space_does_not_exist(browser, slug):
    if slug != "nowhere":
        make.space(slug)
    assert browser.get(f"/en/spaces/{slug}/new").status_code == 404
    assert browser.post(f"/en/spaces/{slug}/new", QUESTION).status_code == 404


def test_who_only_reads_a_space_does_not_write_there(cast, visit):
    make.space("policy")
    assert visit(cast["member"]).get("/en/spaces/policy/new").status_code == 403


def test_a_visitor_is_asked_to_sign_in_first(client):
    make.space()
    answer = client.get("/en/spaces/public-square/new")
    assert answer.status_code == 302
    assert "next=" in answer.location


def test_announcements_are_for_those_who_keep_the_space(browser, cast, visit):
    assert ask(browser, kind="announcement").status_code == 422
    assert ask(visit(cast["coordinator"]), kind="announcement").status_code == 303


def test_the_ask_form_says_where_urgent_help_is(browser):
    make.space("opioids")
    page = text(browser.get("/en/spaces/opioids/new?kind=question"))
    assert "Not for urgent care." in page
    assert 'href="tel:911"' in page


# Replying


def test_a_reply_stands_where_its_address_says(browser, topic):
    answer = send(browser, topic)
    made = replies(topic)[0]
    assert (answer.status_code, answer.location) == (303, f"/en/topics/{topic.key}#{made.key}")


def test_sent_twice_it_is_one_reply(browser, topic):
    first = send(browser, topic, idem="one form")
    second = send(browser, topic, idem="one form")
    assert first.location == second.location
    assert len(replies(topic)) == 1


def test_a_question_sent_twice_is_one_question(browser):
    assert ask(browser, idem="one form").location == ask(browser, idem="one form").location
    assert len(db.session.scalars(select(Topic)).all()) == 1


def test_the_same_form_of_somebody_else_is_another_form(browser, topic, cast, visit):
    send(browser, topic, idem="one form")
    send(visit(cast["lived"]), topic, idem="one form")
    assert len(replies(topic)) == 2


@pytest.mark.parametrize("body", ["", "   ", "x" * 20_001, "a\x00b"])
def test_a_refused_reply_comes_back_with_the_page(browser, topic, body):
    answer = send(browser, topic, body, basis="evidence")
    assert answer.status_code == 422
    assert "How do I talk about it?" in text(answer)
    assert "Nothing was sent yet, and nothing was lost." in text(answer)
    assert replies(topic) == []


def test_a_refused_reply_is_kept_as_a_draft(browser, topic, cast):
    send(browser, topic, "Look at this.", **{"sources-0-kind": "doi", "sources-0-ref": "no doi"})
    assert kept_words(cast["physician"], topic) == "Look at this."
    assert "Look at this." in text(browser.get(f"/en/topics/{topic.key}"))
    send(browser, topic, "Look at this.")
    assert drafts.kept(cast["physician"].viewer, f"topic:{topic.key}") is None


def test_a_reply_that_was_sent_is_no_draft_although_it_came_too_often(browser, topic, cast, monkeypatch):
    assert send(browser, topic, idem="one form").status_code == 303

    def too_often(*_facts):
        raise TooOften

    monkeypatch.setattr(posts, "_receive", too_often)
    assert send(browser, topic, idem="one form").status_code == 429
    assert kept_words(cast["physician"], topic) is None
    assert send(browser, topic, idem="another form").status_code == 429
    assert kept_words(cast["physician"], topic) == "Say little."


def test_a_closed_topic_gives_the_text_back(browser, topic, cast):
    with transaction():
        topics.close(cast["member"].viewer, make.seen(cast["member"], topic))
    answer = send(browser, topic, "Too late?")
    assert answer.status_code == 409
    assert "Too late?" in text(answer)
    assert "closed in the meantime" in text(answer)


def test_a_withdrawn_topic_is_gone_and_the_text_is_a_draft(browser, topic, cast):
    withdraw_alone(cast["member"], topic)
    answer = send(browser, topic, "Too late?")
    assert answer.status_code == 410
    assert "Too late?" in text(answer)
    assert kept_words(cast["physician"], topic) == "Too late?"


def withdraw_alone(who, topic):
    first = make.first_post(topic)
    with transaction():
        topics.withdraw(who.viewer, make.seen(who, topic), make.seen(who, first))


def test_a_visitor_cannot_reply(client, topic, app, cast, visit):
    assert visit(cast["visitor"]).post(f"/en/topics/{topic.key}/replies", {"body": "x"}).status_code == 403


def test_without_its_token_nothing_is_taken_and_the_text_comes_back(browser, topic):
    answer = browser.client.post(f"/en/topics/{topic.key}/replies", data={"body": "My words."})
    assert answer.status_code == 400
    assert "My words." in text(answer)
    assert replies(topic) == []


def test_preview_comes_back_with_the_page_and_stores_nothing(browser, topic):
    answer = send(browser, topic, "Say **little**.", preview="yes")
    assert answer.status_code == 200
    assert "Say <strong>little</strong>." in text(answer)
    assert "Say **little**." in text(answer)
    assert replies(topic) == []


def test_preview_for_the_script_is_the_safe_html_alone(browser, client):
    answer = browser.post("/en/preview", {"body": "**a** <script>x</script>"})
    assert answer.status_code == 200
    assert text(answer) == "<p><strong>a</strong> &lt;script&gt;x&lt;/script&gt;</p>\n"


# Editing


def first_reply(browser, topic, body="First."):
    send(browser, topic, body)
    return replies(topic)[0]


def test_an_edit_is_shown_with_its_history(browser, topic, client):
    post = first_reply(browser, topic)
    answer = browser.post(f"/en/posts/{post.key}/edit", {"body": "Second.", "version": "1", "lang": "en"})
    assert answer.status_code == 303
    page = text(client.get(f"/en/topics/{topic.key}"))
    assert "Second." in page
    assert "edited once" in page
    history = text(client.get(f"/en/posts/{post.key}/history"))
    assert history.index("Second.") < history.index("First.")


def test_a_stale_edit_answers_with_both_texts(browser, topic):
    post = first_reply(browser, topic)
    browser.post(f"/en/posts/{post.key}/edit", {"body": "Second.", "version": "1", "lang": "en"})
    answer = browser.post(f"/en/posts/{post.key}/edit", {"body": "Mine.", "version": "1", "lang": "en"})
    assert answer.status_code == 409
    assert "Second." in text(answer)
    assert "Mine." in text(answer)
    assert 'name="version" value="2"' in text(answer)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_made_up_version_is_refused(browser, topic, version):
    post = first_reply(browser, topic)
    answer = browser.post(f"/en/posts/{post.key}/edit", {"body": "Mine.", "version": version, "lang": "en"})
    assert answer.status_code == 422


def test_the_title_changes_with_the_first_message(cast, visit, topic):
    first = make.first_post(topic)
    asker = visit(cast["member"])
    assert "How do I talk about it?" in text(asker.get(f"/en/posts/{first.key}/edit"))
    said = {"title": "A better title", "body": "Words.", "version": "1", "lang": "en"}
    assert asker.post(f"/en/posts/{first.key}/edit", said).status_code == 303
    assert db.session.get_one(Topic, topic.id).title == "A better title"


def test_nobody_edits_or_withdraws_the_words_of_another(browser, topic, cast, visit):
    post = first_reply(browser, topic)
    other = visit(cast["member"])
    assert other.get(f"/en/posts/{post.key}/edit").status_code == 403
    assert other.post(f"/en/posts/{post.key}/withdraw").status_code == 403


def test_withdrawing_asks_first(browser, topic, client):
    post = first_reply(browser, topic)
    assert "Withdraw your words?" in text(browser.get(f"/en/posts/{post.key}/withdraw"))
    assert browser.post(f"/en/posts/{post.key}/withdraw").status_code == 303
    assert "withdrawn by its author" in text(client.get(f"/en/topics/{topic.key}"))


def test_a_topic_withdrawn_alone_leads_back_to_its_space(cast, visit, topic, client):
    first = make.first_post(topic)
    answer = visit(cast["member"]).post(f"/en/posts/{first.key}/withdraw")
    assert answer.location == "/en/spaces/public-square"
    assert client.get(f"/en/topics/{topic.key}").status_code == 410


# Keeping, reacting, reporting


def test_one_press_keeps_an_answer(cast, visit, browser, topic, client):
    post = first_reply(browser, topic)
    asker = visit(cast["member"])
    assert asker.post(f"/en/posts/{post.key}/accept").status_code == 303
    assert "Kept answer" in text(client.get(f"/en/topics/{topic.key}"))
    said = {"jurisdiction": "qc", "valid_until": "", "superseded_by": ""}
    assert asker.post(f"/en/posts/{post.key}/accept", said).status_code == 303
    assert "holds in Quebec" in text(client.get(f"/en/topics/{topic.key}"))
    assert asker.post(f"/en/posts/{post.key}/unaccept").status_code == 303
    assert "Kept answer" not in text(client.get(f"/en/topics/{topic.key}"))


@pytest.mark.parametrize("until", ["2020-01-01", "tomorrow", "9999-12-31"])
def test_a_date_that_makes_no_sense_comes_back(cast, visit, browser, topic, until):
    post = first_reply(browser, topic)
    said = {"jurisdiction": "", "valid_until": until, "superseded_by": ""}
    assert visit(cast["member"]).post(f"/en/posts/{post.key}/accept", said).status_code == 422


def test_accepting_in_the_question_of_another_is_refused(browser, topic):
    post = first_reply(browser, topic)
    assert browser.post(f"/en/posts/{post.key}/accept").status_code == 403


def test_reactions_are_added_and_taken_back(cast, visit, browser, topic):
    post = first_reply(browser, topic)
    reader = visit(cast["lived"])
    for _ in (1, 2):
        assert reader.post(f"/en/posts/{post.key}/react", {"add": "helpful"}).status_code == 303
    assert "Helpful · 1" in text(reader.get(f"/en/topics/{topic.key}"))
    assert reader.post(f"/en/posts/{post.key}/react", {"remove": "helpful"}).status_code == 303
    assert "Helpful · 1" not in text(reader.get(f"/en/topics/{topic.key}"))


@pytest.mark.parametrize("said", [{}, {"add": "helpful", "remove": "helpful"}, {"add": "down"}])
def test_other_reactions_are_refused(cast, visit, browser, topic, said):
    post = first_reply(browser, topic)
    assert visit(cast["lived"]).post(f"/en/posts/{post.key}/react", said).status_code in {400, 422}


def test_a_report_is_sent_with_its_reason(cast, visit, browser, topic):
    post = first_reply(browser, topic)
    reader = visit(cast["lived"])
    assert "It may identify a patient" in text(reader.get(f"/en/posts/{post.key}/report"))
    assert reader.post(f"/en/posts/{post.key}/report", {}).status_code == 422
    answer = reader.post(f"/en/posts/{post.key}/report", {"reason": "patient", "words": "A town"})
    assert answer.status_code == 303
    assert db.session.scalars(select(Report.reason)).all() == ["patient"]
    assert "Say little" not in text(reader.get(answer.location))


def test_reporting_a_first_message_leads_to_what_is_left(cast, visit, topic):
    first = make.first_post(topic)
    reader = visit(cast["lived"])
    answer = reader.post(f"/en/posts/{first.key}/report", {"reason": "patient"})
    assert answer.location == "/en/spaces/public-square"


def test_closing_and_reopening(cast, visit, topic, browser):
    asker = visit(cast["member"])
    assert browser.post(f"/en/topics/{topic.key}/close").status_code == 403
    assert asker.post(f"/en/topics/{topic.key}/close").status_code == 303
    assert "This topic is closed." in text(asker.get(f"/en/topics/{topic.key}"))
    assert asker.post(f"/en/topics/{topic.key}/reopen").status_code == 303
    assert send(browser, topic).status_code == 303
