"""What is kept of a person, taken along: one sealed file a name, one for the account, for a day."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from community.accounts import vault
from community.accounts.distances import Distance
from community.accounts.privacy import packing, taking
from community.accounts.privacy.models import PersonaArchive
from community.accounts.services import joining, mailing, personas
from community.conversations import archive as conversations
from community.core import archives, clock
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.files import site_files
from community.core.jobs import Job, run_waiting_jobs
from community.forum import archive as forum_archive
from community.forum import checks, loading_own
from community.forum.loading import LOADED
from community.forum.models import (
    Bookmark,
    Case,
    Declaration,
    Follow,
    OpenNote,
    Post,
    PostSource,
    Reaction,
    Reading,
    Revision,
)
from community.forum.services import drafts
from community.notifications import archive as notifications
from community.notifications.models import MailChoice, MailSetting
from community.routing import archive as routing
from community.routing.models import CanAnswer, Field
from community.search.checks import against_the_tables
from tests import cast as people
from tests.conftest import build_app
from tests.make import accounts as make
from tests.make import conversations as talks
from tests.make import forum

WORDS = "=HYPERLINK(1) is how it began, near the river."


@pytest.fixture
def cast(whole_cast):
    return whole_cast


@pytest.fixture
def written(cast):
    """What a protected name wrote and keeps, beside what the public name of the same person wrote."""
    space = forum.space()
    topic = forum.topic(space, cast["lived"], "How did you begin?", kind="discussion")
    other = forum.topic(space, cast["member"], "Somebody else asks")
    reply = forum.post(other, cast["lived"], WORDS)
    elsewhere = forum.post(other, cast["also_lived"], "Under the other name.")
    with transaction() as session:
        mine = {"persona_id": cast["lived"].persona_id}
        session.add(PostSource(post_id=reply.id, position=1, kind="url", ref="https://example.org/"))
        session.add(
            Revision(
                post_id=reply.id, version=1, body="Before.", html="<p>Before.</p>", written_at=clock.now()
            )
        )
        session.add(Follow(target=f"space:{space.id}", level="watch", **mine))
        session.add(OpenNote(note="death", **mine))
        session.add(Declaration(kind="phone", place="post", day=clock.today(), **mine))
        session.add(Bookmark(post_id=elsewhere.id, **mine))
        session.add(Reading(topic_id=other.id, last_number=2, **mine))
        session.add(CanAnswer(weekly=3, by_name=True, fields=[Field(kind="lang", code="fr")], **mine))
        session.add(MailChoice(kind="reply", level="daily", **mine))
        session.add(MailSetting(zone="America/Halifax", quiet_from=22, quiet_until=7, **mine))
        was = {"age": "35-44", "province": "", "setting": "", "substances": "", "tried": "", "asks": "dose"}
        case = forum.topic(space, cast["lived"], "How much is too much?", kind="case")
        session.add(Case(topic_id=case.id, **{**was, "age": "45-54"}))
        first = {"post_id": forum.first_post(case).id, "version": 1, "body": "B.", "html": "<p>B.</p>"}
        session.add(Revision(title="How much?", facts=was, written_at=clock.now(), **first))
        drafts.keep(cast["lived"].viewer, f"topic:{other.key}", {"body": "Not sent yet."})
    talk = talks.between(cast["lived"], cast["member"], subject="About Tuesday", body="Would Tuesday do?")
    talks.says(cast["member"], talk, "It would.")
    talks.says(cast["lived"], talk, "Good.")
    talks.lets_write(cast["lived"], "shared")
    return topic, reply


def archive_of(client, whose):
    if whose == "name":
        answer = make.send(client, "/en/privacy/archives/name", form="/en/privacy")
        assert answer.status_code == 302
        run_waiting_jobs()
    answer = client.get(f"/en/privacy/archives/{whose}")
    assert answer.status_code == 200, answer.text
    return answer


def opened(answer):
    return zipfile.ZipFile(io.BytesIO(answer.data))


def everything(answer):
    """Every byte of the file, unpacked."""
    with opened(answer) as file:
        return b"".join(file.read(name) for name in file.namelist())


def test_the_archive_of_a_name_holds_what_it_wrote_and_nothing_of_another(client, cast, written):
    cast["lived"].signs_in(client)
    answer = archive_of(client, "name")
    whole = json.loads(opened(answer).read("archive.json"))
    assert whole["of"] == "name"
    said = whole["parts"]["forum"]
    assert [row["title"] for row in said["topics"]] == ["How did you begin?", "How much is too much?"]
    assert WORDS in [row["body"] for row in said["posts"]]
    assert said["drafts"][0]["fields"] == {"body": "Not sent yet."}
    assert whole["parts"]["name"]["names"][0]["name"] == "Quiet-Alder"
    content = everything(answer).decode()
    for secret in (cast["lived"].member_id, cast["also_lived"].persona_id, "Alex Orchard", "Under the other"):
        assert secret not in content


def test_every_row_of_a_name_is_in_its_archive(client, cast, written):
    """Row by row against the database: each table that points at a name is counted."""
    cast["lived"].signs_in(client)
    content = json.loads(opened(archive_of(client, "name")).read("archive.json"))
    lists = {name: rows for tables in content["parts"].values() for name, rows in tables.items()}
    mine = cast["lived"].persona_id
    for table, column, name in (
        ("topic", "author_id", "topics"),
        ("post", "author_id", "posts"),
        ("draft", "persona_id", "drafts"),
        ("follow", "persona_id", "follows"),
        ("bookmark", "persona_id", "bookmarks"),
        ("reading", "persona_id", "readings"),
        ("persona_group", "persona_id", "groups"),
    ):
        rows = db.metadata.tables[table]
        kept = db.session.execute(select(rows).where(rows.c[column] == mine)).all()
        assert len(lists[name]) == len(kept) > 0, table


def test_the_archive_of_an_account_names_no_name(client, cast, written):
    cast["lived"].signs_in(client)
    answer = archive_of(client, "account")
    whole = json.loads(opened(answer).read("archive.json"))
    assert whole["of"] == "account"
    assert set(whole["parts"]["account"]["account"][0]) >= {"email", "lang", "joined_at"}
    content = everything(answer).decode()
    for name in ("lived", "also_lived"):
        assert cast[name].persona_id not in content
    assert "Quiet-Alder" not in content
    assert "Alex Orchard" not in content


def test_the_file_says_nothing_outside_and_is_sealed_where_it_lies(client, cast, written):
    cast["lived"].signs_in(client)
    answer = archive_of(client, "name")
    assert answer.headers["Content-Disposition"] == "attachment; filename=passerelle.zip"
    assert "no-store" in answer.headers["Cache-Control"]
    with opened(answer) as file:
        assert {entry.date_time for entry in file.infolist()} == {packing._NO_TIME}
        assert {"README.txt", "LISEZ-MOI.txt"} <= set(file.namelist())
        table = file.read("csv/forum-posts.csv").decode("utf-8-sig")
    assert f"'{WORDS.split(' ', maxsplit=1)[0]}" in table
    row = db.session.get_one(PersonaArchive, cast["lived"].persona_id)
    assert row.file
    assert not {cast["lived"].persona_id, cast["lived"].member_id} & set(row.file.split("/"))
    at_rest = site_files().get(row.file)
    assert b"PK" not in at_rest[:40]
    assert WORDS.encode() not in at_rest


OPENING = {"en": "WHAT COMES BACK", "fr": "CE QUI REVIENT"}


WHERE_THEY_ARE = {
    "reactions": {"en": "reactions", "fr": "réactions"},
    "bookmarks": {"en": "saved messages", "fr": "messages gardés"},
    "readings": {"en": "how far it has read", "fr": "lecture"},
}
NOT_LOADED = {
    "reports": {"en": "reports", "fr": "signalements"},
    "memberships": {"en": "spaces", "fr": "espaces"},
    "invitations": {"en": "topics it was let into", "fr": "sujets où il a été admis"},
    "moderation": {"en": "moderators", "fr": "modération"},
    "protection": {"en": "openings of its link", "fr": "ouvertures de son lien"},
    "arrangements": {"en": "arrangements", "fr": "ententes"},
    "referrals": {"en": "directory", "fr": "répertoire"},
    "directory": {"en": "directory", "fr": "répertoire"},
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_archive_says_what_of_it_is_not_loaded(cast, lang):
    """Whoever reads it in elsewhere is not to find out afterwards what did not come along."""
    parts = {part.name for part in archives.parts() if part.load is None}
    tables = set(forum_archive.of_persona(cast["lived"].persona_id)) - set(LOADED)
    assert parts | tables == set(NOT_LOADED) | set(WHERE_THEY_ARE)
    assert set(WHERE_THEY_ARE) == set(loading_own.ABOUT_OTHERS)
    _, _, said = packing.notice("name", lang).partition(OPENING[lang])
    for what in (WHERE_THEY_ARE | NOT_LOADED).values():
        assert what[lang] in " ".join(said.casefold().split())


def test_that_somebody_asked_is_in_the_register_and_not_who(client, cast, written):
    """Two names of one person ask within minutes: side by side, the two entries would be the link."""
    cast["lived"].signs_in(client)
    make.send(client, "/en/privacy/archives/name", form="/en/privacy")
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "archive.asked")).all()
    said = f"{entry.actor_id} {entry.target} {entry.detail}"
    assert cast["lived"].persona_id not in said
    assert cast["lived"].member_id not in said
    (row,) = db.session.scalars(select(PersonaArchive)).all()
    assert str(clock.now().year).encode() not in row.until
    jobs = db.session.scalars(select(Job).where(Job.name == taking.OF_NAME))
    waiting = [str(job.arguments) for job in jobs]
    assert waiting == [str({"persona_id": cast["lived"].persona_id})]


def test_of_the_archive_of_an_account_nothing_stays(client, cast):
    cast["member"].signs_in(client)
    before = sorted(site_files().names(""))
    archive_of(client, "account")
    assert sorted(site_files().names("")) == before
    assert not db.session.scalars(select(Job)).all()
    assert not db.session.scalars(select(AuditEntry)).all()


def test_after_a_day_it_is_gone(client, cast, written):
    cast["lived"].signs_in(client)
    archive_of(client, "name")
    name = db.session.scalars(select(PersonaArchive.file)).one()
    assert name
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1), tick=False):
        with client.session_transaction() as cookie:
            cookie["fs_paa"] = clock.now().timestamp()
        assert client.get("/en/privacy/archives/name").status_code == 404
        with transaction():
            assert taking.drop_old() == 1
    assert not site_files().exists(name)


def test_the_password_is_asked_again_before_anything_is_handed_over(client, cast, written):
    cast["lived"].signs_in(client)
    archive_of(client, "name")
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        for address in ("/en/privacy/archives/name", "/en/privacy/close"):
            answer = client.get(address)
            assert answer.status_code == 302
            assert "/sign-in/again" in answer.headers["Location"]


def test_nobody_gets_the_archive_of_somebody_else(app, client, cast, written):
    cast["lived"].signs_in(client)
    archive_of(client, "name")
    for name in ("also_lived", "member", "administrator"):
        other = cast[name].signs_in(app.test_client())
        assert other.get("/en/privacy/archives/name").status_code == 404, name


def test_a_file_that_no_row_names_is_dropped(client, cast, written):
    cast["lived"].signs_in(client)
    archive_of(client, "name")
    row = db.session.get_one(PersonaArchive, cast["lived"].persona_id)
    name = row.file
    assert name
    with transaction() as session:
        taking.drop_files_of_nobody()
        assert site_files().exists(name)
        session.delete(session.get_one(PersonaArchive, cast["lived"].persona_id))
        session.flush()
        assert taking.drop_files_of_nobody() == 1
    assert not site_files().exists(name)


def test_an_archive_loaded_into_a_blank_community_gives_the_same_content(
    client, cast, written, tmp_path, worker_id
):
    cast["lived"].signs_in(client)
    answer = archive_of(client, "name")
    (tmp_path / "mine.zip").write_bytes(answer.data)
    before = json.loads(opened(answer).read("archive.json"))["parts"]
    key = cast["lived"].persona_id
    db.session.remove()
    blank = build_app(tmp_path, f"passerelle_blank_{worker_id}")
    loaded = blank.test_cli_runner().invoke(args=["privacy", "import", str(tmp_path / "mine.zip")])
    assert loaded.exit_code == 0, loaded.output
    code = loaded.output.strip().splitlines()[-1]
    with blank.app_context():
        after = archives.of_persona(key)
        for part, names in (
            ("forum", LOADED),
            ("conversations", conversations.LOADED),
            ("routing", routing.LOADED),
            ("notifications", notifications.LOADED),
        ):
            for name in names:
                there = before[part][name] or name in {"attachments", "draft_files"}
                assert there, f"nothing of {name} was taken along"
                assert sorted(map(str, after[part][name])) == sorted(map(str, before[part][name])), name
        with transaction():
            owner = people.member()
            assert personas.recover(owner.id, code).name == "Quiet-Alder"
            assert vault.member_of(key) == owner.id
        after = archives.of_persona(key)
        for name in ("names", "groups"):
            assert after["name"][name] == before["name"][name]
        db.session.remove()
        db.engine.dispose()
    again = blank.test_cli_runner().invoke(args=["privacy", "import", str(tmp_path / "mine.zip")])
    with blank.app_context():
        db.engine.dispose()
    assert again.exit_code == 1
    assert "there already" in again.output


def test_two_names_that_wrote_in_one_topic_are_loaded_one_after_the_other(
    client, cast, written, tmp_path, worker_id
):
    """A reply comes first and stands in a topic without a title, until the archive of who began it comes.

    What the second kept and said of the words of the first is there again as well.
    """
    before = {}
    topic, reply = written
    with transaction() as session:
        mine = {"persona_id": cast["member"].persona_id}
        session.add(Bookmark(post_id=reply.id, **mine))
        session.add(Reaction(post_id=reply.id, kind="thanks", **mine))
        session.get_one(Post, reply.id).thanks_count = 1
        session.add(Reading(topic_id=topic.id, last_number=1, **mine))
        session.add(Follow(target=f"topic:{topic.id}", level="mute", **mine))
        session.add(Distance(other_id=cast["lived"].persona_id, kind="mute", **mine))
    for number, who in enumerate(("lived", "member")):
        cast[who].signs_in(client)
        answer = archive_of(client, "name")
        (tmp_path / f"{number}.zip").write_bytes(answer.data)
        before[cast[who].persona_id] = json.loads(opened(answer).read("archive.json"))["parts"]["forum"]
    db.session.remove()
    blank = build_app(tmp_path, f"passerelle_two_{worker_id}")
    for number in range(2):
        told = blank.test_cli_runner().invoke(args=["privacy", "import", str(tmp_path / f"{number}.zip")])
        assert told.exit_code == 0, told.output
    with blank.app_context():
        for key, forum_part in before.items():
            after = archives.of_persona(key)["forum"]
            for name in ("topics", "posts"):
                assert forum_part[name]
                assert sorted(map(str, after[name])) == sorted(map(str, forum_part[name])), name
        last = archives.of_persona(cast["member"].persona_id)
        for name in (*loading_own.ABOUT_OTHERS, "follows"):
            assert last["forum"][name], name
            assert last["forum"][name] == before[cast["member"].persona_id][name], name
        assert [row["kind"] for row in last["conversations"]["kept_away"]] == ["mute"]
        run_waiting_jobs()
        assert not list(against_the_tables())
        assert not list(checks.counters())
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"\x50\x4b\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused(app, tmp_path, content):
    (tmp_path / "some.zip").write_bytes(content)
    answer = app.test_cli_runner().invoke(args=["privacy", "import", str(tmp_path / "some.zip")])
    assert answer.exit_code == 1
    assert "no archive of a name" in answer.output


def test_the_archive_of_an_account_is_not_loaded(client, app, cast, tmp_path):
    cast["member"].signs_in(client)
    (tmp_path / "account.zip").write_bytes(archive_of(client, "account").data)
    answer = app.test_cli_runner().invoke(args=["privacy", "import", str(tmp_path / "account.zip")])
    assert answer.exit_code == 1
    assert "not the archive of a name" in answer.output


def test_a_fresh_account_has_chosen_nothing_that_opens_it_to_others(client, app):
    """Privacy by default: read in the two archives of somebody who has just joined."""
    fields = make.joining_form(client)
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", client.get("/en/join").text)
    assert boxes
    assert not [box for box in boxes if " checked" in box]
    assert client.post("/en/join", data=fields).status_code == 302
    make.confirm(client, make.link_in(make.post_box()[-1]))
    member = make.member_row("ines@example.org")
    account = archives.of_account(member.id)["account"]
    assert {row["purpose"] for row in account["consents"]} == {"charter", "age"}
    assert all(row["text_version"] and row["lang"] == "en" for row in account["consents"])
    (persona_id,) = vault.personas_of(member.id).values()
    lists = archives.of_persona(persona_id)
    for part, name in (("notifications", "choices"), ("routing", "answers"), ("forum", "follows")):
        assert lists[part][name] == [], name
    assert mailing.no_mail_because(persona_id) == "consent"
    assert app.test_client().get(f"/en/people/{persona_id}").status_code == 404


def test_a_consent_that_is_withdrawn_stops_mail_at_the_next_job(cast):
    member_id, persona_id = cast["member"].member_id, cast["member"].persona_id
    with transaction():
        joining.choose(member_id, "notifications", True, "en")
    assert mailing.address_of(persona_id) is not None
    with transaction():
        joining.choose(member_id, "notifications", False, "en")
    assert mailing.address_of(persona_id) is None
    kept = archives.of_account(member_id)["account"]["consents"]
    assert [bool(row["withdrawn_at"]) for row in kept if row["purpose"] == "notifications"] == [True]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_person_in_charge_is_named_to_whoever_asks(client, app, lang, monkeypatch):
    named = replace(app.extensions["settings"], privacy_contact="Ana Roy, privacy@example.org")
    monkeypatch.setitem(app.extensions, "settings", named)
    page = client.get(f"/{lang}/privacy")
    assert page.status_code == 200
    assert "Ana Roy, privacy@example.org" in page.text
    assert f"/{lang}/about/limits" in page.text
