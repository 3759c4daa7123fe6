"""The page of a topic: what it says, to whom, at what cost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from community.core import clock
from community.core.db import db, transaction
from community.forum.models import PostSource, TopicGuest
from community.forum.services import answers, posts
from community.forum.services.answers import Holds
from tests.make import forum as make


def page_of(browser, topic, lang="en", **query):
    return browser.get(f"/{lang}/topics/{topic.key}", query_string=query)


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["member"], "How do I talk about it?")


def keep(cast, post, holds=None):
    with transaction():
        answers.accept(cast["member"].viewer, make.seen(cast["member"], post), holds)


def test_a_visitor_reads_and_is_shown_how_to_take_part(client, cast, topic):
    make.post(topic, cast["physician"], "Say **little**.")
    answer = page_of(client, topic)
    assert answer.status_code == 200
    assert "Say <strong>little</strong>." in text(answer)
    assert "/replies" not in text(answer)
    assert "index, follow" in text(answer)


def test_a_member_sees_who_speaks_who_reads_and_the_form(cast, topic, visit):
    page = text(page_of(visit(cast["physician"]), topic))
    assert "You write as <b>Noemie Larch</b>, verified physician." in page
    assert "Seen by everyone, without signing in." in page
    assert f"/en/topics/{topic.key}/replies" in page


def test_a_protected_name_is_told_that_nothing_links_it(cast, topic, visit):
    page = text(page_of(visit(cast["lived"]), topic))
    assert "Nothing on this site links this name to any other name of yours." in page


@pytest.mark.parametrize("name", ["visitor", "member", "lived", "claimed", "expired", "social_worker"])
def test_a_clinical_topic_does_not_exist_for_others(cast, visit, name):
    topic = make.topic(make.space("opioids"), cast["physician"], "Fentanyl and slow morphine")
    answer = page_of(visit(cast[name]), topic)
    assert answer.status_code == 404
    assert "Fentanyl" not in text(answer)


def test_the_kept_answer_stands_under_the_question_with_where_and_until_when(cast, topic, client):
    for place in range(30):
        make.post(topic, cast["lived"], f"message {place}")
    kept = make.post(topic, cast["physician"], "The answer itself.")
    keep(cast, kept, Holds("on", clock.today() + timedelta(days=400)))
    first = text(page_of(client, topic))
    assert first.index("The answer itself.") < first.index("message 0<")
    assert "by the person who asked" in first
    assert "holds in Ontario" in first
    assert f'id="{kept.key}"' in text(page_of(client, topic, page=2)), "and at its own number"


def test_past_its_date_it_says_so(cast, topic, client):
    kept = make.post(topic, cast["physician"])
    keep(cast, kept)
    with transaction():
        kept.valid_until = clock.today() - timedelta(days=1)
    assert "Past its review date since" in text(page_of(client, topic))


def test_a_superseded_answer_leads_to_the_one_that_replaces_it(cast, topic, client):
    old, new = make.post(topic, cast["physician"]), make.post(topic, cast["lived"])
    keep(cast, new)
    keep(cast, old, Holds(superseded_by=new.key))
    page = text(page_of(client, topic))
    assert "Superseded: a later answer replaces this one." in page
    assert f"/en/posts/{new.key}" in page


def test_a_kept_answer_of_ones_own_is_labelled(cast, topic, client):
    keep(cast, make.post(topic, cast["member"], "I found out myself."))
    assert "by the person who asked, who wrote it too" in text(page_of(client, topic))


def test_pages_hold_twenty_numbers_each(cast, topic, client):
    for place in range(2, 42):
        make.post(topic, cast["lived"], f"number {place}.")
    assert "number 20." in text(page_of(client, topic))
    second = text(page_of(client, topic, page=2))
    assert "number 21." in second
    assert "number 40." in second
    assert "number 41." not in second
    assert "number 41." in text(page_of(client, topic, page=3))


@pytest.mark.parametrize("page", ["0", "4", "x", "-1", "9" * 5000, "٣"])
def test_a_page_that_is_none_does_not_exist(client, topic, page):
    assert page_of(client, topic, page=page).status_code == 404


def test_hidden_and_withdrawn_messages_keep_their_place_without_their_words(cast, topic, visit):
    make.post(topic, cast["physician"], "secret words", hidden=True)
    withdrawn = make.post(topic, cast["physician"], "other words")
    with transaction():
        posts.withdraw(cast["physician"].viewer, make.seen(cast["physician"], withdrawn))
    for name in ("visitor", "member", "physician", "coordinator"):
        page = text(page_of(visit(cast[name]), topic))
        assert "secret words" not in page
        assert "was hidden by a moderator" in page
        assert "withdrawn by its author" in page


def test_content_notes_fold_the_text(cast, topic, client):
    make.post(topic, cast["lived"], "what happened", note="overdose,death")
    page = text(page_of(client, topic))
    assert "overdose, death" in page
    assert page.index('<details class="fold">') < page.index("what happened")


def test_sources_lead_where_they_are_read(cast, topic, client):
    post = make.post(topic, cast["physician"])
    with transaction():
        db.session.add(PostSource(post_id=post.id, position=1, kind="doi", ref="10.5555/x", label="A review"))
    assert 'href="https://doi.org/10.5555/x"' in text(page_of(client, topic))


def test_a_verified_title_is_shown_and_a_lapsed_one_says_until_when(cast, topic, client):
    make.post(topic, cast["physician"])
    assert "Verified physician, Ontario, since" in text(page_of(client, topic))
    make.post(topic, cast["expired"])
    assert "Verified until" in text(page_of(client, topic))


def test_a_claimed_title_shows_nothing(cast, topic, client):
    make.post(topic, cast["claimed"])
    assert "erified" not in text(page_of(client, topic)).split("<main")[1].split('<footer class="foot"')[0]


def test_a_protected_space_says_days_and_keeps_its_titles_out_of_the_tab(cast, visit):
    topic = make.topic(make.space("lived-experience"), cast["lived"], "First weeks home")
    page = text(page_of(visit(cast["lived"]), topic))
    assert "<title>Discussion - " in page
    assert "noindex" in page
    assert (
        f'datetime="{topic.created_at.date().isoformat()}' in page
        or "T" not in page.split('datetime="')[1][:12]
    )


def test_a_guest_is_told_and_marked(cast, visit):
    topic = make.topic(make.space("opioids"), cast["physician"])
    with transaction():
        invited_by = cast["physician"].persona_id
        db.session.add(
            TopicGuest(topic_id=topic.id, persona_id=cast["lived"].persona_id, invited_by=invited_by)
        )
    make.post(topic, cast["lived"], "For having lived it.")
    assert "You are invited into this topic." in text(page_of(visit(cast["lived"]), topic))
    assert "Invited into this topic" in text(page_of(visit(cast["physician"]), topic))


def test_quoting_fills_the_form(cast, topic, visit):
    post = make.post(topic, cast["physician"], "Start low.", note="overdose")
    page = text(page_of(visit(cast["member"]), topic, quote=post.key))
    assert "&gt; Noemie Larch wrote:" in page
    assert "&gt; Start low." in page
    ticked = re.findall(
        r'<input[^>]*name="note"[^>]*value="(\w+)"[^>]* checked|checked[^>]*name="note"[^>]*value="(\w+)"',
        page,
    )
    assert [one or other for one, other in ticked] == ["overdose"]  # what folds it folds the reply


def test_a_quote_of_another_topic_is_ignored(cast, topic, visit):
    other = make.post(
        make.topic(make.space("opioids"), cast["physician"]), cast["physician"], "Closed words."
    )
    assert "Closed words." not in text(page_of(visit(cast["member"]), topic, quote=other.key))
    assert "Closed words." not in text(page_of(visit(cast["physician"]), topic, quote=other.key))


def test_acts_are_shown_to_those_who_may(cast, topic, visit):
    post = make.post(topic, cast["physician"])
    asker = text(page_of(visit(cast["member"]), topic))
    assert f"/posts/{post.key}/accept" in asker
    assert f"/posts/{post.key}/edit" not in asker
    author = text(page_of(visit(cast["physician"]), topic))
    assert f"/posts/{post.key}/edit" in author
    assert f"/posts/{post.key}/react" not in author
    assert f"/posts/{post.key}/accept" not in author


def test_links_under_a_message_are_described_by_it_and_the_rare_ones_are_folded(cast, topic, visit):
    """Seven links of a page may say "Quote": the label of the message tells them apart."""
    post = make.post(topic, cast["physician"])
    page = text(page_of(visit(cast["member"]), topic))
    article = page.split(f'id="{post.key}"')[1].split("</article>")[0]
    line, folded = article.split("<details")
    assert "aria-label" in line.split(">")[0]
    assert f'#reply" aria-describedby="{post.key}"' in line
    for act in ("report", "author"):
        assert f"/posts/{post.key}/{act}" not in line
        link = folded.split(f"/posts/{post.key}/{act}")[1].split(">")[0]
        assert f'aria-describedby="{post.key}"' in link
    assert [f'value="{kind}"' in line for kind in ("helpful", "thanks", "evidence_please")] == [
        True,
        True,
        False,
    ]
    assert 'value="evidence_please"' in folded


def test_a_reaction_somebody_gave_stands_where_all_see_it(cast, topic, visit):
    post = make.post(topic, cast["physician"])
    browser = visit(cast["member"])
    assert browser.post(f"/en/posts/{post.key}/react", data={"add": "evidence_please"}).status_code < 400
    article = text(page_of(browser, topic)).split(f'id="{post.key}"')[1].split("</article>")[0]
    assert 'value="evidence_please"' in article.split("<details")[0]


def test_thirty_messages_cost_as_many_statements_as_three(cast, visit, statements):
    few, many = (make.topic(make.space("opioids"), cast["physician"], title) for title in ("Few", "Many"))
    for topic, number in ((few, 3), (many, 19)):
        for place in range(number):
            post = make.post(topic, cast["physician"], f"message {place}")
            with transaction():
                db.session.add(PostSource(post_id=post.id, position=1, kind="pubmed", ref=str(place + 1)))
    browser = visit(cast["physician"])
    browser.get("/en/menu")  # help lines are read once in half a minute
    spent = []
    for address in [f"/en/topics/{topic.key}" for topic in (few, many)]:
        with statements.recorded():
            assert browser.get(address).status_code == 200
        spent.append(list(statements.words))
    assert len(spent[0]) == len(spent[1])
    # Of a question that waits for an answer: one is the bell, one whom it was laid before.
    assert len(spent[1]) <= 7, "\n".join(spent[1])


def test_both_languages_say_it(client, cast, topic):
    make.post(topic, cast["physician"])
    assert "Espace public" in text(page_of(client, topic, lang="fr"))


def test_a_post_address_leads_to_its_page_and_place(cast, topic, client):
    for place in range(25):
        last = make.post(topic, cast["lived"], f"message {place}")
    answer = client.get(f"/en/posts/{last.key}")
    assert answer.location == f"/en/topics/{topic.key}?page=2#{last.key}"


def test_on_paper_a_topic_says_when_and_where_what_changed_since_is_but_nothing_of_a_protected_space(
    cast, client, topic, visit
):
    page = text(page_of(client, topic))
    line = page.partition('<p class="printed">')[2].partition("</p>")[0]
    assert line.startswith("Printed on ")
    assert line.endswith(f"/en/topics/{topic.key}")
    within = make.topic(make.space("lived-experience"), cast["lived"])
    assert 'class="printed"' not in text(page_of(visit(cast["lived"]), within))
