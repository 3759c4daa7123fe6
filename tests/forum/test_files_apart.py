"""Files as they lie in the store, in a space that takes none, and beside the draft they wait with."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from community.core.db import db, transaction
from community.core.files import site_files
from community.core.padding import emptied, filled, filled_length
from community.core.sealing import Keyring, new_secret, seal
from community.forum.models import Attachment, Post, Space, Topic
from community.forum.queries.attachments import OF_MESSAGE, UNFILLED
from community.forum.services import attachments
from tests.make import files
from tests.make import forum as make


@pytest.fixture
def topic(cast):
    return make.topic(make.space(), cast["member"])


@pytest.fixture
def picture(cast, topic):
    """A picture on a reply of the physician: its address."""
    post = make.post(topic, cast["physician"])
    with transaction():
        return files.on_post(db.session.get_one(Post, post.id), alt="A curve that falls")


def row(key):
    db.session.expire_all()
    return db.session.get_one(Attachment, key)


# In the store


def test_the_same_picture_of_two_names_lies_as_different_bytes_and_is_given_as_it_was(cast, visit, topic):
    keys = []
    for who in ("lived", "also_lived"):
        post = make.post(topic, cast[who])
        with transaction():
            keys.append(files.on_post(db.session.get_one(Post, post.id)))
    whole = [site_files().get(row(key).file) for key in keys]
    small = [site_files().get(row(key).small) for key in keys]
    for one, other in (whole, small):
        assert one != other
        assert not set(_pieces(one)) & set(_pieces(other)), "not even a part of it is the same"
    assert files.DRAWN.whole[:16] not in whole[0]
    browser = visit(cast["member"])
    assert {browser.get(f"/en/files/{key}").data for key in keys} == {files.DRAWN.whole}


def _pieces(content):
    body = content.removeprefix(attachments.SEALED)
    return [body[start : start + 16] for start in range(0, len(body) - 16, 16)]


def test_a_file_from_before_they_were_sealed_is_read_and_sealed_with_the_next_key(cast, visit, app, picture):
    with transaction():
        old = db.session.get_one(Attachment, picture)
        old.file = "uploads/from-before"
        site_files().put(old.file, files.DRAWN.whole)
    browser = visit(cast["member"])
    assert browser.get(f"/en/files/{picture}").data == files.DRAWN.whole
    before, ring = row(picture).file, app.extensions["keyring"]
    try:
        app.extensions["keyring"] = Keyring((new_secret(), *ring.secrets))
        with transaction():
            assert attachments.reseal("") == picture
            assert attachments.reseal(picture) == ""
        assert row(picture).file != before
        app.extensions["keyring"] = Keyring(app.extensions["keyring"].secrets[:1])
        assert attachments.published_bytes(row(picture).file) == files.DRAWN.whole
    finally:
        app.extensions["keyring"] = ring


def test_a_file_under_another_name_or_without_its_key_opens_nothing(cast, visit, app, picture):
    content = site_files().get(row(picture).file)
    site_files().put("uploads/elsewhere", content)
    with transaction():
        db.session.get_one(Attachment, picture).file = "uploads/elsewhere"
    assert visit(cast["member"]).get(f"/en/files/{picture}").status_code == 404


# In a space that takes none


def test_a_topic_moved_where_files_are_not_taken_keeps_them_out_of_sight(cast, visit, client, topic, picture):
    clinical = make.space("opioids")
    browser = visit(cast["physician"])
    assert "A curve that falls" in browser.get(f"/en/topics/{topic.key}").text
    with transaction():
        moved = db.session.get_one(Topic, topic.id)
        public, moved.space_id = moved.space_id, clinical.id
    page = browser.get(f"/fr/topics/{topic.key}").text
    assert "A curve that falls" not in page
    assert "cet espace n’en accepte pas" in page
    assert browser.get(f"/en/files/{picture}").status_code == 200, "its author takes it along"
    with transaction():
        db.session.get_one(Topic, topic.id).space_id = public
    assert "A curve that falls" in browser.get(f"/en/topics/{topic.key}").text
    assert client.get(f"/en/files/{picture}").status_code == 200


def test_where_a_space_takes_files_no_more_others_find_none(cast, visit, client, topic, picture):
    with transaction():
        db.session.get_one(Space, topic.space_id).files = False
    page = client.get(f"/en/topics/{topic.key}").text
    assert "Its files are not shown here" in page
    assert picture not in page
    for part in ("", "/small"):
        assert client.get(f"/en/files/{picture}{part}").status_code == 404
        assert visit(cast["member"]).get(f"/en/files/{picture}{part}").status_code == 404
        assert visit(cast["physician"]).get(f"/en/files/{picture}{part}").status_code == 200
    assert db.session.scalar(select(Attachment.file).where(Attachment.key == picture))


# With a draft


def test_the_list_of_drafts_names_what_waits_with_each(cast, visit, topic, monkeypatch):
    monkeypatch.setattr("community.forum.attachments.intake.drawn_anew", lambda _content, _kind: files.DRAWN)
    browser = visit(cast["physician"])
    browser.post(
        f"/en/topics/{topic.key}/replies",
        {"body": "", "lang": "en", "file_1": _file("Étude 3.pdf", "application/pdf", files.PDF)},
        content_type="multipart/form-data",
    )
    page = browser.get("/en/drafts").text
    assert "1 file:" in page
    assert "Étude 3.pdf" in page


def _file(name, declared, content):
    return io.BytesIO(content), name, declared


def test_how_long_a_file_is_shows_in_no_row_and_in_no_file_of_the_store(cast, topic):
    """Files of about one length take one: on the disk, and in the row that counts them."""
    lengths = set()
    for content in (b"a" * 1300, b"b" * 1400, b"c" * 1500):
        name = attachments.put(content)
        lengths.add(len(site_files().get(name)))
        assert attachments.published_bytes(name) == content
        site_files().delete(name)
    assert len(lengths) == 1
    assert {filled_length(length) for length in (1300, 1400, 1500)} == {1600}


def test_a_file_that_was_sealed_before_lengths_were_is_read(cast, app):
    name = "uploads/from-between"
    site_files().put(name, UNFILLED + seal(OF_MESSAGE, b"as it was", name.encode()))
    assert attachments.published_bytes(name) == b"as it was"
    site_files().delete(name)


@pytest.mark.parametrize("length", [0, 1, 255, 1016, 1017, 40_000, 1_000_000])
def test_what_was_filled_up_is_given_back(length):
    content = b"\x00" * length
    assert emptied(filled(content)) == content
    assert len(filled(content)) <= max(1024, (length + 8) * 5 // 4)
