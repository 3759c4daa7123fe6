"""The results page and what keeps it true: posts as they are written, changed, hidden and moved."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from community.core import clock
from community.core.announce import announce
from community.core.db import db, transaction
from community.core.jobs import Job, run_waiting_jobs
from community.forum import signals
from community.forum.first_spaces import first_spaces
from community.forum.models import Post, Topic, TopicGuest
from community.search import postgres_search, posts, queries, services
from community.search.engine import site_index, writing
from community.search.posts import Posts
from tests.make import world
from tests.query_counter import Statements

FIRST = {space.slug: space for space in first_spaces()}


@pytest.fixture
def cast(whole_cast):
    with writing():
        site_index().clear()
    services.rebuild()
    return whole_cast


@pytest.fixture
def spaces(cast):
    with transaction():
        return {
            slug: world.add_space(FIRST[slug])
            for slug in ("public-square", "opioids", "lived-experience", "qc")
        }


@contextmanager
def statements(connection):
    """What is asked of the database in the block."""
    asked = []

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)


def write(spaces, cast, slug, title, body=None, who="physician", **more):
    """A topic whose first post was announced as the forum does, and indexed."""
    with transaction():
        topic = world.add_topic(spaces[slug], cast[who], title, **more)
        post = db.session.query(Post).filter_by(topic_id=topic.id).one()
        post.lang = topic.lang
        if body is not None:
            post.html = f"<p>{body}</p>"
        announce(signals.post_created, post_id=post.id)
    run_waiting_jobs()
    return topic


def reply(topic, who, body):
    with transaction():
        post = world.add_post(topic, who, body, when=clock.now())
        announce(signals.post_created, post_id=post.id)
    run_waiting_jobs()
    return post


def search(client, who, question, lang="en"):
    who.signs_in(client)
    answer = client.get(
        f"/{lang}/search", query_string={"q": question} if isinstance(question, str) else question
    )
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_new_question_is_found_by_a_misspelt_french_word(client, cast, spaces):
    write(spaces, cast, "opioids", "Commencer la buprénorphine au cabinet", "Trois jours.", lang="fr")
    page = search(client, cast["physician"], "bupernorfine", "fr")
    assert "<mark>buprénorphine</mark>" in page
    assert "q=bupr%C3%A9norphine" in page


def test_the_same_question_leaves_no_trace_for_who_may_not_see_it(client, cast, spaces):
    topic = write(spaces, cast, "opioids", "Commencer la buprénorphine au cabinet", lang="fr")
    for who in ("visitor", "member", "lived", "policy", "expired", "claimed"):
        page = search(client, cast[who], "bupernorfine", "fr")
        assert "buprénorphine" not in page.replace("bupernorfine", "")
        assert topic.key not in page
        assert "Rien n’a été trouvé" in page


def test_a_reply_is_found_and_leads_to_itself(client, cast, spaces):
    topic = write(spaces, cast, "public-square", "A plain question", who="member")
    post = reply(topic, cast["physician"], "Try the xylophone first.")
    page = search(client, cast["visitor"], "xylophone")
    assert "<mark>xylophone</mark>" in page
    assert post.key in page
    assert "1 result found" in page
    assert 'class="chip sky"' not in page, "topic and message are in the language of the page"
    with transaction():
        db.session.get_one(Post, post.id).lang = "fr"
    page = search(client, cast["visitor"], "xylophone")
    assert '<span class="chip sky" lang="fr">Français</span>' in page, "a French answer"


def test_an_answer_changes_what_is_found_as_unanswered(client, cast, spaces):
    topic = write(spaces, cast, "public-square", "About xylophones", who="member")
    unanswered = {"q": "xylophone", "answered": "no"}
    assert "About" in search(client, cast["visitor"], unanswered)
    reply(topic, cast["physician"], "Here is an answer.")
    assert "Nothing was found" in search(client, cast["visitor"], unanswered)
    assert "About" in search(client, cast["visitor"], {"q": "xylophone", "answered": "yes"})


def test_a_text_just_hidden_is_not_found_even_before_it_is_indexed_anew(client, cast, spaces):
    topic = write(spaces, cast, "public-square", "About xylophones", who="member")
    post = reply(topic, cast["physician"], "A glockenspiel, rather.")
    with transaction():
        db.session.get_one(Post, post.id).state = "hidden"
        announce(signals.post_changed, post_id=post.id)
    assert "Nothing was found" in search(client, cast["visitor"], "glockenspiel")
    run_waiting_jobs()
    assert "Nothing was found" in search(client, cast["visitor"], "glockenspiel")
    assert f"post:{post.key}" not in site_index().ids()


def test_a_topic_just_moved_is_not_found_by_who_could_see_it_before(client, cast, spaces):
    topic = write(spaces, cast, "public-square", "About xylophones", who="physician")
    with transaction():
        db.session.get_one(Topic, topic.id).space_id = spaces["opioids"].id
        announce(signals.topic_changed, topic_id=topic.id)
    for _ in range(2):
        assert "Nothing was found" in search(client, cast["member"], "xylophone")
        run_waiting_jobs()
    assert "1 result found" in search(client, cast["physician"], "xylophone")


def test_a_change_that_nobody_announced_is_still_not_shown(client, cast, spaces):
    topic = write(spaces, cast, "public-square", "About xylophones", who="member")
    with transaction():
        db.session.get_one(Topic, topic.id).state = "withdrawn"
    assert "Nothing was found" in search(client, cast["visitor"], "xylophone")


def test_an_edited_text_is_found_by_its_new_words_only(client, cast, spaces):
    topic = write(spaces, cast, "public-square", "A plain question", "About xylophones.", who="member")
    with transaction():
        post = db.session.query(Post).filter_by(topic_id=topic.id).one()
        post.html = "<p>About glockenspiels.</p>"
        announce(signals.post_changed, post_id=post.id)
    run_waiting_jobs()
    assert "Nothing was found" in search(client, cast["visitor"], "xylophone")
    assert "1 result found" in search(client, cast["visitor"], "glockenspiel")


def test_an_invited_guest_finds_the_topic_they_were_invited_into(client, cast, spaces):
    topic = write(spaces, cast, "opioids", "About xylophones")
    write(spaces, cast, "opioids", "More about xylophones")
    with transaction():
        db.session.add(
            TopicGuest(
                topic_id=topic.id,
                persona_id=cast["member"].persona_id,
                invited_by=cast["physician"].persona_id,
            )
        )
    page = search(client, cast["member"], "xylophone")
    assert "1 result found" in page
    assert topic.key in page


def test_imported_topics_are_found(client, cast, spaces):
    with transaction():
        topics = [
            world.add_topic(spaces["public-square"], cast["member"], f"Xylophone {n}") for n in range(3)
        ]
        announce(signals.topics_imported, topic_ids=[topic.id for topic in topics])
    run_waiting_jobs()
    assert "3 results found" in search(client, cast["visitor"], "xylophone")


def test_a_content_note_folds_the_extract(client, cast, spaces):
    topic = write(
        spaces, cast, "lived-experience", "One evening", "A glockenspiel and a xylophone.", who="lived"
    )
    with transaction():
        post = db.session.query(Post).filter_by(topic_id=topic.id).one()
        post.note = "overdose"
        announce(signals.post_changed, post_id=post.id)
    run_waiting_jobs()
    page = search(client, cast["lived"], "xylophone")
    assert "Content note:" in page
    assert "glockenspiel" not in page


def test_a_protected_space_shows_and_orders_by_days(client, cast, spaces):
    today = clock.now()
    write(spaces, cast, "lived-experience", "Xylophone one", who="lived", when=today - timedelta(hours=2))
    page = search(client, cast["lived"], "xylophone")
    assert not re.search(r"\d+:\d\d|\d+ h \d\d|minutes? ago", page.split("<main")[1])


def test_an_extract_is_escaped(client, cast, spaces):
    write(
        spaces,
        cast,
        "public-square",
        "<b>Xylophone</b> & co",
        "&lt;script&gt;xylophone&lt;/script&gt;",
        who="member",
    )
    page = search(client, cast["visitor"], "xylophone")
    assert "<script>" not in page.split("<main")[1]
    assert "&lt;b&gt;<mark>Xylophone</mark>" in page


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ({"q": "x", "space": "opioids"}, 404),
        ({"q": "x", "space": "no-such-space"}, 404),
        ({"q": "x", "region": "xx"}, 404),
        ({"q": "x", "theme": "'"}, 404),
        ({"q": "x", "kind": "?"}, 404),
        ({"q": "x", "answered": "maybe"}, 400),
        ({"q": "x", "since": "yesterday"}, 400),
        ({"q": "x", "page": "0"}, 400),
        ({"q": "x", "page": "11"}, 400),
        ({"q": "x", "page": "²"}, 400),
        ({"q": "x", "page": "9" * 50}, 400),
        ({"q": "x" * 5000, "page": "10"}, 200),
        ({"q": "\x00 é ' \" AND"}, 200),
        ({"since": "2026-01-01", "until": "2026-12-31"}, 200),
        ({"until": "9999-12-31"}, 400),
        ({"since": "0001-01-01"}, 400),
        ({}, 200),
    ],
)
def test_odd_addresses_are_answered_in_words(client, cast, spaces, question, status):
    assert client.get("/fr/search", query_string=question).status_code == status


def test_filters_are_chips_that_can_be_taken_away(client, cast, spaces):
    write(spaces, cast, "public-square", "Xylophones in Montréal", who="member", region="qc-06", lang="fr")
    page = search(
        client, cast["visitor"], {"q": "xylophone", "region": "qc", "kind": "question", "written": "fr"}
    )
    assert "1 result found" in page
    assert 'href="/en/search?q=xylophone&amp;kind=question&amp;written=fr"' in page


def test_a_deleted_index_is_built_again_by_the_jobs_that_a_search_asks_for(client, cast, spaces):
    write(spaces, cast, "public-square", "About xylophones", who="member")
    with writing():
        site_index().clear()
    assert "being prepared" in search(client, cast["visitor"], "xylophone")
    run_waiting_jobs()
    page = search(client, cast["visitor"], "xylophone")
    assert "1 result found" in page
    assert "being prepared" not in page


def test_rebuilding_forgets_what_exists_no_more_and_runs_twice_alike(cast, spaces):
    topic = write(spaces, cast, "public-square", "About xylophones", who="member")
    write(spaces, cast, "public-square", "About glockenspiels", who="member")
    with transaction():
        db.session.get_one(Topic, topic.id).state = "hidden"
    assert services.rebuild() == 1
    assert services.rebuild() == 1


def test_a_post_that_is_gone_when_its_job_runs_is_no_problem(cast, spaces):
    with transaction():
        announce(signals.post_created, post_id=987_654)
        announce(signals.post_changed, post_id=987_654)
        announce(signals.topic_changed, topic_id=987_654)
    run_waiting_jobs()
    assert not db.session.scalars(sa.select(Job.name).where(Job.name.startswith("search."))).all()


def test_the_page_costs_the_same_statements_for_three_results_and_for_fifteen(client, cast, spaces):
    for n in range(15):
        write(spaces, cast, "public-square", f"{'Xylophone' if n < 3 else 'Glockenspiel'} {n}", who="member")
    cast["member"].signs_in(client)
    client.get("/en/search?q=xylophone")
    with statements(db.engine) as few:
        client.get("/en/search?q=xylophone")
    with statements(db.engine) as many:
        client.get("/en/search?q=glockenspiel")
    assert len(few) == len(many)


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_the_page_asks_fewer_than_fifteen_statements_however_much_is_found(
    client, cast, spaces, monkeypatch, who
):
    for n in range(4):
        write(spaces, cast, "public-square", f"Xylophone glockenspiel {n}", who="member")
    for name, value in (("MOST", 2), ("ENOUGH", 1), ("TITLED", 1), ("TELLING", 0), ("SURE", 1)):
        monkeypatch.setattr(postgres_search, name, value)  # as if four were a million
    cast[who].signs_in(client)
    client.get("/en/search?q=xylophone+glockenspiel")
    with Statements().recorded() as asked:
        page = client.get("/en/search?q=xylophone+glockenspiel").get_data(as_text=True)
    assert "glockenspiel</mark>" in page
    assert len(asked.words) < 15, "\n".join(asked.words)


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "At least 412 results, best first"), ("fr", "Au moins 412 résultats")]
)
def test_where_not_all_that_was_found_was_ranked_the_page_says_so(app, monkeypatch, lang, said):
    monkeypatch.setattr(queries, "results", lambda *_: queries.Results(total=412, at_least=True))
    page = app.test_client().get(f"/{lang}/search?q=sevrage").get_data(as_text=True)
    assert said in page
    assert ("one more word finds the rest" in page) is (lang == "en")


@pytest.mark.parametrize("who", ["lived", "physician"])
def test_the_index_knows_the_day_alone_of_what_a_protected_name_wrote(cast, spaces, who):
    """Results of the same day would otherwise stand in the order in which they were written."""
    topic = write(spaces, cast, "public-square", "A question about buprenorphine", who=who)
    with transaction():
        post = db.session.scalars(sa.select(Post).where(Post.topic_id == topic.id)).one()
        post.created_at = datetime(2026, 11, 21, 4, 47, 31, tzinfo=UTC)  # the evening before, in Quebec
        key = post.key
    (document,) = Posts().documents([key])
    day = datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert (document.created_at == day) == (who == "lived")
    assert (document.created_at.minute == 47) == (who == "physician")


def test_extracts_are_kept_for_who_asks_again_but_none_of_a_protected_space(client, cast, spaces):
    posts._extract_kept.cache_clear()
    write(spaces, cast, "lived-experience", "One evening", "A glockenspiel.", who="lived")
    assert "<mark>glockenspiel</mark>" in search(client, cast["lived"], "glockenspiel")
    assert posts._extract_kept.cache_info().currsize == 0
    write(spaces, cast, "public-square", "A question", "A xylophone.", who="member")
    for _ in range(2):
        assert "<mark>xylophone</mark>" in search(client, cast["member"], "xylophone")
    assert posts._extract_kept.cache_info()[:2] == (1, 1)
