"""An archive is a file that whoever has it may have changed: what is no archive of ours changes nothing."""

from __future__ import annotations

import copy
import io
import json
import zipfile

import pytest
from sqlalchemy import func, select

from community.accounts.models import Persona
from community.accounts.privacy import importing, packing
from community.accounts.privacy.packing import Archive, BadArchive
from community.core import archives
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid
from community.core.text import MAX_BODY
from community.forum.models import Post, PostSource, Topic
from tests import cast as people
from tests.make import accounts as make
from tests.make import forum

KEY, TOPIC, POST, TALK = "1" * 22, "2" * 22, "3" * 22, "4" * 22
WHEN = "2026-01-05T12:00:00+00:00"
RAMQ = "TESW 8553 1513"  # a woman's, by the true rule; made up


def parts():
    """The least that an archive of a name holds of everything that is loaded."""
    name = {"id": KEY, "name": "Slow-Larch", "kind": "protected", "region": None, "lang": "en"}
    topic = {"key": TOPIC, "kind": "case", "lang": "en", "title": "How it began", "state": "open"}
    post = {"key": POST, "topic": TOPIC, "number": 1, "lang": "en", "body": "By the river.", "state": "shown"}
    place = {"space": "garden", "created_at": WHEN}
    facts = {"age": "35-44", "province": "", "setting": "", "substances": "", "tried": "", "asks": "dose"}
    said = {"conversation": TALK, "number": 1, "sent_at": WHEN, "lang": "en", "body": "Would Tuesday do?"}
    talk = {"key": TALK, "subject": "Tuesday", "started_on": "2026-01-05", "muted": False, "left_on": None}
    return {
        "name": {"names": [{**name, "made_on": "2026-01-01"}], "groups": [{"group": "family"}]},
        "forum": {
            "topics": [{**topic, **place}],
            "cases": [{"topic": TOPIC, **facts}],
            "posts": [{**post, **place}],
            "sources": [
                {"post": POST, "position": 1, "kind": "url", "ref": "https://example.org/", "label": ""}
            ],
            "revisions": [{"post": POST, "version": 1, "body": "Before.", "written_at": WHEN}],
            "drafts": [{"place": "space:garden", "fields": {"body": "Not yet."}, "saved_on": "2026-01-05"}],
            "follows": [{"target": "space:garden", "level": "watch"}],
            "open_notes": [{"note": "death"}],
            "reactions": [{"post": "9" * 22, "kind": "thanks"}],
            "bookmarks": [{"post": "9" * 22}],
            "readings": [{"topic": TOPIC, "number": 1}],
            "declarations": [],
        },
        "conversations": {"conversations": [talk], "messages": [said]},
        "routing": {"answers": [{"weekly": 2}], "fields": [{"kind": "lang", "code": "fr"}]},
        "notifications": {
            "choices": [{"space": "", "kind": "reply", "level": "daily"}],
            "hours": [{"zone": "", "quiet_from": 22, "quiet_until": 7, "stopped": False}],
        },
    }


def load(changed):
    """Load an archive of these parts, as the command does."""
    content = packing.packed(Archive("name", changed))
    with transaction():
        return importing.load(packing.opened(content))


def counted():
    """How many rows every table has."""
    tables = db.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables}


@pytest.fixture
def spaces(whole_cast):
    return forum.space()


def test_one_that_was_not_changed_is_loaded(spaces):
    load(parts())
    there = archives.of_persona(KEY)
    assert there["forum"]["posts"][0]["body"] == "By the river."
    assert there["conversations"]["messages"][0]["body"] == "Would Tuesday do?"


LONG = "x" * (MAX_BODY + 1)
WRONG = [
    ("name", "names", "kind", "imported"),
    ("name", "names", "kind", None),
    ("name", "names", "lang", "xx"),
    ("name", "names", "region", "moon"),
    ("name", "names", "name", "Ѕlow-Larch"),  # another alphabet's first letter
    ("name", "names", "made_on", "yesterday"),
    ("name", "groups", "group", "kings"),
    ("forum", "topics", "state", "golden"),
    ("forum", "topics", "theme", "astrology"),
    ("forum", "topics", "lang", "xx"),
    ("forum", "topics", "title", "x" * 301),
    ("forum", "topics", "space", None),
    ("forum", "topics", "space", "x" * 61),
    ("forum", "cases", "age", "37"),
    ("forum", "cases", "substances", "opioids,moonlight"),
    ("forum", "cases", "topic", "5" * 22),
    ("forum", "posts", "body", LONG),
    ("forum", "posts", "body", ["a", "b"]),
    ("forum", "posts", "body", "nothing\0at all"),
    ("forum", "posts", "number", -1),
    ("forum", "posts", "number", 10**12),
    ("forum", "posts", "number", True),
    ("forum", "posts", "created_at", "9999-01-01T00:00:00+00:00"),
    ("forum", "posts", "created_at", "2026-01-05T12:00:00"),
    ("forum", "posts", "created_at", 12),
    ("forum", "posts", "note", "death,glory"),
    ("forum", "sources", "ref", "javascript:alert(1)"),
    ("forum", "sources", "kind", "rumour"),
    ("forum", "sources", "post", "5" * 22),
    ("forum", "revisions", "facts", {"age": "37"}),
    ("forum", "drafts", "place", "../../etc"),
    ("forum", "drafts", "fields", "text"),
    ("forum", "drafts", "saved_on", "9999-01-01"),
    ("forum", "follows", "target", "persona:1"),
    ("forum", "follows", "level", "adore"),
    ("forum", "open_notes", "note", "glory"),
    ("forum", "reactions", "kind", "envy"),
    ("forum", "bookmarks", "post", 5),
    ("forum", "readings", "number", "many"),
    ("conversations", "messages", "lang", "xx"),
    ("conversations", "messages", "sent_at", "9999-01-01T00:00:00+00:00"),
    ("conversations", "conversations", "muted", "no"),
    ("routing", "answers", "weekly", 1000),
    ("routing", "fields", "code", "astrology"),
    ("notifications", "choices", "kind", "gossip"),
    ("notifications", "choices", "level", "hourly"),
    ("notifications", "hours", "quiet_from", 25),
]


@pytest.mark.parametrize(("part", "rows", "column", "value"), WRONG)
def test_a_value_that_no_archive_holds_is_refused_with_a_sentence(spaces, part, rows, column, value):
    before, changed = counted(), parts()
    changed[part][rows][0][column] = value
    with pytest.raises((BadArchive, Invalid)) as refused:
        load(changed)
    assert str(getattr(refused.value, "sentence", refused.value)).strip()
    assert counted() == before


@pytest.mark.parametrize("rows", [None, "posts", {"key": POST}, [POST], [[POST]]])
@pytest.mark.parametrize("part", ["name", "forum", "conversations", "routing", "notifications"])
def test_lists_that_are_none_are_refused(spaces, part, rows):
    before = counted()
    for name in parts()[part]:
        changed = parts()
        changed[part][name] = rows
        if name == "names":  # then it is that of nobody
            with pytest.raises(BadArchive):
                importing.load(Archive("name", changed))
            continue
        with pytest.raises(BadArchive), transaction():
            importing.load(Archive("name", changed))
    assert counted() == before


@pytest.mark.parametrize("name", ["topics", "posts", "revisions", "sources", "follows"])
def test_what_stands_there_twice_is_refused(spaces, name):
    before, changed = counted(), parts()
    changed["forum"][name] *= 2
    with pytest.raises((BadArchive, Conflict)):
        load(changed)
    assert counted() == before


def test_what_a_row_must_not_say_is_left_out(spaces):
    """Counters, who accepted it, its number in the table: only the columns of an archive are read."""
    changed = parts()
    more = {
        "helpful_count": 999,
        "accepted_by": KEY,
        "id": 7,
        "html": "<script>",
        "held": True,
        "author_id": "x",
    }
    changed["forum"]["posts"][0] |= more
    changed["forum"]["topics"][0] |= {"post_count": 999, "imported_from": "here", "author_id": "x"}
    load(changed)
    post = db.session.scalars(select(Post).where(Post.key == POST)).one()
    assert (post.helpful_count, post.accepted_by, post.author_id) == (0, None, KEY)
    assert "<script>" not in post.html
    assert db.session.scalars(select(Topic).where(Topic.key == TOPIC)).one().post_count == 1


WHERE = [
    ("forum", "posts", "body"),
    ("forum", "topics", "title"),
    ("forum", "revisions", "body"),
    ("forum", "revisions", "title"),
    ("forum", "sources", "label"),
    ("conversations", "messages", "body"),
    ("conversations", "conversations", "subject"),
]


@pytest.mark.parametrize(("part", "rows", "column"), WHERE)
def test_what_identifies_somebody_is_not_published_by_an_archive_either(spaces, part, rows, column):
    """The guard stands between every form, import or API and storage (ARCHITECTURE section 4)."""
    before, changed = counted(), parts()
    changed[part][rows][0][column] = f"Her card is {RAMQ}."
    with pytest.raises(Invalid) as refused:
        load(changed)
    assert "identify" in str(refused.value.sentence)
    assert counted() == before


def test_a_number_that_was_declared_to_be_nobodys_is_so_elsewhere(spaces):
    changed = parts()
    changed["forum"]["posts"][0]["body"] = f"The example of the manual is {RAMQ}."
    changed["conversations"]["messages"][0]["body"] = f"Is it {RAMQ}?"
    changed["forum"]["declarations"] = [{"kind": "ramq", "place": "post", "day": "2026-01-05"}]
    load(changed)
    assert archives.of_persona(KEY)["forum"]["declarations"] == changed["forum"]["declarations"]


@pytest.mark.parametrize("titled", ["Dre Imogen Valley", "Imogen Valley, NP", "Dr Imogen Valley, MD"])
def test_a_title_beside_a_name_is_asked_for_anew(spaces, titled):
    changed = parts()
    changed["name"]["names"][0] |= {"name": titled, "kind": "public"}
    load(changed)
    assert db.session.get_one(Persona, KEY).name == "Imogen Valley"


def test_the_archive_of_somebody_who_is_here_is_refused(spaces):
    """Neither under its own key nor under another with the same name, or one that looks like it."""
    here = make.account("robin@example.org", "Robin Brook").persona_id
    with transaction():
        people.title(people.Someone("here", here), "physician")
    for key, name in (
        (here, "Quite Different"),
        (KEY, "Robin Brook"),
        (KEY, "R0BIN BR00K"),
        (KEY, "Brook Robin"),
    ):
        changed = parts()
        changed["name"]["names"][0] |= {"id": key, "name": name, "kind": "public"}
        with pytest.raises(Conflict):
            load(changed)


def test_messages_of_somebody_else_are_not_taken_over(spaces, whole_cast):
    theirs = forum.first_post(forum.topic(spaces, whole_cast["member"], "Mine"))
    key = db.session.scalar(select(Post.key).where(Post.id == theirs.id))
    before, changed = counted(), parts()
    changed["forum"]["posts"][0]["key"] = key
    for name in ("sources", "revisions"):
        changed["forum"][name][0]["post"] = key
    with pytest.raises(BadArchive):
        load(changed)
    assert counted() == before


def whole(**more):
    return json.dumps({"format": packing.FORMAT, "version": packing.VERSION, "of": "name", **more})


def zipped(text, *, name=packing.MAIN, flag=0):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, text)
    content = bytearray(file.getvalue())
    if flag:  # in the header of the entry and in the directory
        content[6] |= flag
        content[content.index(b"PK\x01\x02") + 8] |= flag
    return bytes(content)


def damaged():
    content = bytearray(zipped(whole(parts=parts())))
    content[60:90] = bytes(30)
    return bytes(content)


BAD_FILES = {
    "deeper than anything": zipped("[" * 100_000),
    "under a password": zipped(whole(parts={}), flag=1),
    "damaged": damaged(),
    "of another version": zipped(whole(parts={}).replace('"version": 1', '"version": 2')),
    "without parts": zipped(whole()),
    "with parts that are none": zipped(whole(parts=[])),
    "with lists that are none": zipped(whole(parts={"name": []})),
    "a number": zipped("1"),
    "elsewhere in the file": zipped(whole(parts={}), name="../archive.json"),
    "no text": zipped(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_file_that_is_none_of_ours_is_refused_with_a_sentence(app, tmp_path, content):
    (tmp_path / "some.zip").write_bytes(content)
    answer = app.test_cli_runner().invoke(args=["privacy", "import", str(tmp_path / "some.zip")])
    assert answer.exit_code == 1
    assert answer.output.strip().endswith(".")
    assert isinstance(answer.exception, SystemExit)


def test_a_bomb_is_refused_before_it_is_unpacked(app, tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "_LARGEST", 10_000)
    with pytest.raises(BadArchive, match="too large"):
        packing.opened(zipped(whole(parts={}, more=" " * 20_000)))
    with pytest.raises(BadArchive, match="too large"):
        packing.opened(zipped_with_file(b"0" * 20_000))


def zipped_with_file(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(packing.MAIN, whole(parts={}))
        made.writestr(f"{packing.FILES}one.png", content)
    return file.getvalue()


def test_a_source_keeps_the_form_in_which_it_was_given(spaces):
    changed = copy.deepcopy(parts())
    changed["forum"]["sources"].append(
        {"post": POST, "position": 2, "kind": "doi", "ref": "10.1000/182", "label": "A study"}
    )
    load(changed)
    rows = db.session.scalars(select(PostSource).order_by(PostSource.position))
    assert [(row.kind, row.ref, row.label) for row in rows] == [
        ("url", "https://example.org/", ""),
        ("doi", "10.1000/182", "A study"),
    ]
