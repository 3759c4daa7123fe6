"""Patients who are not in the room: what is asked before a text is stored, and what is kept of it."""

from __future__ import annotations

import json
import logging
import re

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Invalid
from community.core.identifiers import scan
from community.forum.citations import cite
from community.forum.models import Declaration, Post, Topic
from community.forum.services import posts
from tests.make import forum as make

SIN = "046 454 286"
BLOCKED = f"Mon patient, NAS {SIN}, a rechuté."
WARNED = "Ma patiente Solange Hautbois a rechuté après 8 mois."


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["member"], "How do I talk about it?")


@pytest.fixture
def browser(cast, visit):
    return visit(cast["physician"])


def send(browser, topic, body, **more):
    return browser.post(f"/en/topics/{topic.key}/replies", {"body": body, **more})


def bodies(topic):
    db.session.rollback()
    return list(db.session.scalars(select(Post.body).where(Post.topic_id == topic.id, Post.number > 1)))


def tokens(words):
    return [one.token for one in scan(words).findings]


def test_a_number_that_belongs_to_somebody_is_refused_and_the_text_comes_back(browser, topic):
    answer = send(browser, topic, BLOCKED)
    page = text(answer)
    assert answer.status_code == 422
    assert bodies(topic) == []
    assert page.count(SIN) == 1  # in the field where it was typed, nowhere else
    assert "0•• ••• •••" in page
    assert "This is not an identifier" in page
    assert "what-this-guard-catches" in page


def test_declared_to_be_none_it_is_stored_and_only_its_kind_and_day_are_kept(browser, topic, cast):
    assert send(browser, topic, BLOCKED, kept_identifier=tokens(BLOCKED)).status_code == 303
    assert bodies(topic) == [BLOCKED]
    (kept,) = db.session.scalars(select(Declaration))
    assert (kept.persona_id, kept.kind, kept.place, kept.day) == (
        cast["physician"].persona_id,
        "sin",
        "post",
        clock.today(),
    )


def test_a_declaration_holds_for_that_number_alone(browser, topic):
    other = BLOCKED.replace(SIN, "130 692 544")
    assert send(browser, topic, other, kept_identifier=tokens(BLOCKED)).status_code == 422


def test_what_only_may_identify_is_shown_once_and_sending_again_keeps_it(browser, topic):
    answer = send(browser, topic, WARNED)
    page = text(answer)
    assert answer.status_code == 422
    assert "press the button again" in page
    said = re.findall(r'type="hidden" name="kept_identifier" value="([^"]+)"', page)
    assert said == tokens(WARNED)
    assert send(browser, topic, WARNED, kept_identifier=said).status_code == 303
    assert bodies(topic) == [WARNED]
    assert db.session.scalars(select(Declaration)).all() == []


def test_titles_are_looked_at_as_well(browser):
    make.space("public-square")
    form = {"kind": "question", "title": f"Patient with SIN {SIN}", "body": "What would you do?"}
    answer = browser.post("/en/spaces/public-square/new", form)
    assert answer.status_code == 422
    assert db.session.scalars(select(Topic)).all() == []


def test_an_edit_is_asked_about_what_is_new_in_it(browser, topic, cast):
    key = make.post(topic, cast["physician"], WARNED).key
    address = f"/en/posts/{key}/edit"
    same = {"body": WARNED + " Merci.", "lang": "fr", "version": "1"}
    assert browser.post(address, same).status_code == 303
    worse = {"body": f"{WARNED} {BLOCKED}", "lang": "fr", "version": "2"}
    assert browser.post(address, worse).status_code == 422
    assert SIN not in bodies(topic)[0]


def test_clean_clinical_words_pass_without_a_word(browser, topic):
    body = "Methadone 80 mg, QTc 470, T2N0M0, DIN 02295695; call 1 800 265-2626."
    assert send(browser, topic, body).status_code == 303


def test_while_one_writes_the_server_says_what_it_notices_without_the_words(browser, topic, cast, visit):
    answer = browser.post("/en/identifiers", {"title": "", "body": f"{BLOCKED} {WARNED}"})
    assert answer.status_code == 200
    assert SIN not in text(answer)
    assert "Hautbois" not in text(answer)
    assert "Social insurance number" in text(answer)
    assert "Name of a person" in text(answer)
    assert text(browser.post("/en/identifiers", {"body": "80 mg"})) == ""
    french = text(browser.post("/fr/identifiers", {"body": BLOCKED}))
    assert "Numéro d’assurance sociale" in french


def test_nothing_refused_is_found_in_any_table_file_or_log(browser, topic, caplog, app, tmp_path):
    from pathlib import Path

    rows = Path(__file__).parents[1] / "core/identifiers/labelled.jsonl"
    posts = [json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines()]
    blocked = [post for post in posts if post["level"] == "block"][::6]
    with caplog.at_level(logging.DEBUG):
        for post in blocked:
            assert send(browser, topic, post["text"]).status_code in {422, 429}, post["id"]
    assert bodies(topic) == []
    values = [
        post["text"][one["start"] : one["end"]]
        for post in blocked
        for one in post["findings"]
        if scan(post["text"]).level == "block"
    ]
    stored = "\n".join(dump())
    for value in values:
        assert value not in stored
        assert value not in caplog.text


def dump():
    """Every text of every table."""
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            yield from (str(value) for value in row)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_says_what_is_caught_and_claims_nothing_more(app, lang):
    page = text(app.test_client().get(f"/{lang}/what-this-guard-catches"))
    words = {"en": "does not make a text anonymous", "fr": "ne rend pas un texte anonyme"}
    assert words[lang] in page
    assert page.count("<tr>") >= 15
    limits = text(app.test_client().get(f"/{lang}/about/limits"))
    assert f"/{lang}/what-this-guard-catches" in limits


def reply_with(who, topic, *sources):
    with transaction():
        return posts.reply(who.viewer, make.seen(who, topic), make.writing(sources=sources))


def change_to(who, post, *sources):
    with transaction():
        posts.edit(who.viewer, make.seen(who, post), 1, make.writing(sources=sources))


def test_the_words_of_a_source_are_looked_at_and_numbers_of_articles_pass(cast, topic):
    who = cast["physician"]
    hidden = cite("guideline", f"Dossier, NAS {SIN}", "A guideline")
    with pytest.raises(Invalid) as refused:
        reply_with(who, topic, hidden)
    assert refused.value.field == "sources"
    numbers = (cite("pubmed", "46454286"), cite("doi", "10.5555/046454286"), cite("guideline", "CRISM"))
    made = reply_with(who, topic, *numbers)
    with pytest.raises(Invalid):  # nor by changing it afterwards
        change_to(who, made, hidden)
