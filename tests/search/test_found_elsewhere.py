"""What the search finds beside the words of messages: testimonies, and what pictures show."""

from __future__ import annotations

import pytest

from community.core import clock
from community.core.announce import announce
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.forum import signals
from community.forum.models import Post, Space
from community.search import services
from community.search.engine import site_index, writing
from community.testimonies import models
from community.testimonies.services import leaving, reviewing
from tests import cast as people
from tests.make import files, forum
from tests.make import testimonies as make

WORDS = "Nobody at that counter had looked at me before the xylophone played."


@pytest.fixture
def cast(db_session):
    with writing():
        site_index().clear()
    services.rebuild()
    forum.space("lived-experience")
    return people.assemble()


@pytest.fixture
def look(app, cast):
    """``look("member", "xylophone")``: the results page of that person."""
    return lambda who, words, lang="en", **more: (
        cast[who]
        .signs_in(app.test_client())
        .get(f"/{lang}/search", query_string={"q": words, **more})
        .get_data(as_text=True)
        .split("<main")[1]
    )


def shown(**more):
    """One whose day came today, as the clock shows it."""
    row, code = make.left(**{"body": WORDS, **more})
    with transaction():
        found = db.session.get_one(models.Testimony, row.key)
        found.state, found.written_on, found.due_on = "accepted", None, clock.today()
    with transaction():
        reviewing.show_those_due(clock.today())
    run_waiting_jobs()
    return row.key, code


@pytest.mark.parametrize(
    ("audience", "readers", "others"),
    [
        ("everyone", ("visitor", "member", "lived"), ()),
        ("member", ("member", "lived", "physician"), ("visitor",)),
        ("lived", ("lived", "moderator"), ("visitor", "member", "physician", "administrator")),
    ],
)
def test_a_testimony_is_found_by_those_whom_its_writer_chose(look, audience, readers, others):
    key, _code = shown(audience=audience)
    for who in readers:
        page = look(who, "xylophones")
        assert key in page
        assert "<mark>xylophone</mark>" in page
    for who in others:
        page = look(who, "xylofone")
        assert key not in page
        assert "xylophone" not in page, "not even as a misspelt word"
        assert "Nothing was found" in page


def test_in_french_too_and_what_waits_is_found_by_nobody(look):
    make.left("Personne au comptoir ne m’avait regardé avant le xylophone.", audience="everyone")
    run_waiting_jobs()
    assert "Rien n’a été trouvé" in look("moderator", "xylophone", "fr")
    key, _code = shown(body="Personne au comptoir ne m’avait regardé avant le glockenspiel.", lang="fr")
    page = look("lived", "glockenspiels", "fr")
    assert key in page
    assert "1 résultat trouvé" in page


def test_a_note_folds_it(look):
    shown(notes=("overdose",))
    page = look("lived", "xylophone")
    assert "A testimony, folded" in page
    assert "counter" not in page


def test_it_says_no_day_and_narrowed_to_a_space_it_is_not_there(look):
    key, _code = shown(audience="everyone")
    page = look("visitor", "xylophone")
    assert clock.today().strftime("%B %Y") in page
    assert clock.today().isoformat() not in page
    forum.space("public-square")
    assert key not in look("visitor", "xylophone", space="public-square")


def test_hidden_or_taken_back_it_is_found_no_more_from_that_moment(look):
    key, code = shown(audience="everyone")
    with transaction():
        reviewing.hide(key)
    for _ in range(2):
        assert "Nothing was found" in look("visitor", "xylophone")
        run_waiting_jobs()
    with transaction():
        reviewing.show(key)
    run_waiting_jobs()
    assert key in look("visitor", "xylophone")
    with transaction():
        leaving.withdraw(code)
    for _ in range(2):
        assert "Nothing was found" in look("visitor", "xylophone")
        run_waiting_jobs()
    assert f"testimony:{key}" not in site_index().ids()


def test_a_passage_taken_out_is_no_word_of_the_index(look, cast):
    key, _code = shown(audience="everyone")
    with transaction():
        reviewing.take_out(cast["moderator"].viewer, db.session.get_one(models.Testimony, key), ["xylophone"])
    for _ in range(2):
        assert "Nothing was found" in look("visitor", "xylophone")
        run_waiting_jobs()
    assert key in look("visitor", "counter")


def test_rebuilding_and_check_know_them(look):
    key, _code = shown()
    with writing():
        site_index().clear()
    assert services.rebuild() == 1
    assert key in look("lived", "xylophone")


def test_a_picture_is_found_by_what_it_shows_where_files_are_shown(look, cast):
    topic = forum.topic(forum.space(), cast["member"], "A plain question")
    post = forum.post(topic, cast["physician"], "See below.")
    with transaction():
        files.on_post(db.session.get_one(Post, post.id), alt="A xylophone beside a naloxone kit")
        announce(signals.post_created, post_id=post.id)
    run_waiting_jobs()
    assert "A <mark>xylophone</mark> beside" in look("visitor", "xylophone")
    with transaction():
        db.session.get_one(Space, topic.space_id).files = False
        announce(signals.space_changed, space_id=topic.space_id)
    run_waiting_jobs()
    assert "Nothing was found" in look("visitor", "xylophone")
