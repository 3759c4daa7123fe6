"""Backup and restore: one moment of a community that goes on writing, and nobody erased comes back."""

from __future__ import annotations

import contextlib
import json
import os
import tarfile
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from community.accounts import vault
from community.accounts.models import Persona
from community.accounts.services import personas
from community.core import audit, jobs, keyfile, serving, store
from community.core.db import db, transaction
from community.core.files import site_files
from community.core.jobs import Job
from community.core.sealing import KeyFileProblem, new_secret, write_keyring
from community.forum.models import Attachment, Post, Topic
from community.forum.services import lonely_files, posts
from community.operations import archive, checks, erasures, restoring
from community.search.engine import site_index
from tests.conftest import ENGINE
from tests.make import files as made
from tests.make import forum as make
from tests.operations.conftest import instance

WRITERS, EACH = 20, 3


def run(app, *words, code=0):
    """What a command printed. Progress and refusals are in it."""
    result = app.test_cli_runner().invoke(args=list(map(str, words)))
    assert result.exit_code == code, result.output
    return result.output


def only(folder: Path) -> Path:
    found = sorted(folder.glob("*.tar"))
    assert len(found) == 1
    return found[0]


def everything(app):
    """Every row of every table, as plain values."""
    from community.operations import rows

    with app.app_context(), db.engine.connect() as connection:
        return {table.name: list(rows.read(connection, table)) for table in rows.tables(connection)}


@pytest.fixture
def backup(lived_in, tmp_path):
    run(lived_in[0], "backup", tmp_path / "backups")
    return only(tmp_path / "backups")


@contextlib.contextmanager
def within(app):
    """Another instance than that of the fixture."""
    db.session.remove()
    with app.app_context():
        yield
        db.session.remove()


def test_what_comes_back_is_what_was_there_but_for_sessions(lived_in, another, tmp_path):
    app, world, _ = lived_in
    world.cast["member"].signs_in(app.test_client())
    with transaction():
        two = db.session.scalars(select(Post).order_by(Post.id).limit(2)).all()
        two[0].superseded_by = two[1].id  # a reference forward within its own table
    run(app, "backup", tmp_path)
    run(another, "restore", only(tmp_path))
    before, after = everything(app), everything(another)
    assert before.pop("sign_in")
    assert not after.pop("sign_in")
    before.pop("stamp"), after.pop("stamp")  # counted anew as rows come back
    last = after["audit_entry"].pop()
    assert "site.restored" in last
    assert before == after
    with within(another):
        assert [result.name for result in checks.run() if not result.good] == []
        assert site_index().ready()
        made = make.post(db.session.scalars(select(Topic)).all()[0], world.cast["member"])
        assert made.id, "numbers go on after those that came back"


@pytest.mark.skipif(ENGINE != "postgresql", reason="between two engines")
def test_a_backup_of_one_engine_is_restored_into_the_other_and_back(lived_in, another, tmp_path):
    app, _, folder = lived_in
    run(app, "backup", tmp_path)
    url = f"sqlite:///{tmp_path / 'small.db'}"
    key = {"KEY_FILE": str(folder / "keys" / "passerelle.keys")}
    with instance(tmp_path, "small", url=url, empty=True, **key) as small:
        run(small, "restore", only(tmp_path))
        assert not [result.name for result in checks.run() if not result.good]
        back = tmp_path / "back"
        run(small, "backup", back)
    run(another, "restore", only(back))
    before, after = everything(app), everything(another)
    before.pop("sign_in"), after.pop("sign_in")
    del after["audit_entry"][-2:]
    assert before == after


def test_while_twenty_people_write_the_backup_is_one_moment(lived_in, another, tmp_path):
    app, world, _ = lived_in
    topic = world.topics["public-square open"]
    acknowledged: list[tuple[int, int]] = []
    half, started = threading.Event(), threading.Barrier(WRITERS)

    def write(who):
        with app.app_context():
            started.wait()
            for count in range(EACH):
                with transaction():
                    author = world.cast["member"]
                    seen = make.seen(author, topic)
                    posts.reply(author.viewer, seen, make.writing(f"writer {who} says {count}"))
                acknowledged.append((who, count))
                if len(acknowledged) >= WRITERS * EACH // 3:
                    half.set()
            db.session.remove()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(WRITERS)]
    for thread in threads:
        thread.start()
    half.wait(60)
    before = list(acknowledged)
    run(app, "backup", tmp_path)
    for thread in threads:
        thread.join()
    assert len(acknowledged) == WRITERS * EACH
    with transaction():
        db.session.execute(sa.delete(Job))  # the other tests need not index them
    run(another, "restore", only(tmp_path))
    with within(another):
        said = db.session.scalars(select(Post.body).where(Post.body.like("writer % says %")))
        found = {tuple(int(word) for word in body.split()[1::2]) for body in said}
        assert set(before) <= found, "what was acknowledged before is there"
        for who in range(WRITERS):
            counts = sorted(count for writer, count in found if writer == who)
            assert counts == list(range(len(counts))), "of each writer a beginning, without gaps"
        assert [result.name for result in checks.run() if not result.good] == []


def test_files_of_messages_come_back_with_the_rows_that_name_them(lived_in, another, tmp_path):
    app, world, _ = lived_in
    with transaction():
        post = world.posts["public-square shown"]
        for kind in ("png", "text"):
            made.on_post(db.session.get_one(Post, post.id), kind=kind)
        gone = db.session.get_one(Attachment, made.on_post(db.session.get_one(Post, post.id), kind="pdf"))
    site_files().delete(gone.file)  # somebody took it away while the backup was written
    kept = {name: site_files().get(name) for name in lonely_files.named_files() - {gone.file}}
    run(app, "backup", tmp_path)
    with transaction():
        db.session.delete(db.session.get_one(Attachment, gone.key))
    assert len(kept) == 3
    run(another, "restore", only(tmp_path))
    with within(another):
        assert {name: site_files().get(name) for name in kept} == kept
        wrong = [sentence for result in checks.run() for sentence in result.found]
        assert wrong == [f"file {gone.file}: a row names it, and it is not there"]


def test_nothing_in_it_opens_anything(lived_in, backup):
    app, _, folder = lived_in
    secrets = (folder / "keys" / "passerelle.keys").read_text("ascii").split()
    content = backup.read_bytes()
    with tarfile.open(backup) as tar:
        names = tar.getnames()
        file = tar.extractfile("manifest.json")
        assert file is not None
        manifest = json.loads(file.read())["manifest"]
    assert all(name.startswith(("tables/", "files/")) for name in names[:-1])
    assert not any(secret.encode() in content for secret in secrets)
    assert {"tables/sign_in.jsonl.gz", "tables/alembic_version.jsonl.gz"}.isdisjoint(names)
    assert manifest["revision"]
    assert backup.stat().st_mode & 0o077 == 0


def test_a_community_that_is_there_is_not_overwritten(lived_in, backup):
    app = lived_in[0]
    before = everything(app)
    assert "--replace" in run(app, "restore", backup, code=1)
    assert everything(app) == before
    run(app, "restore", "--replace", backup)


def test_a_community_that_is_served_is_not_replaced_nor_served_while_it_is(lived_in, backup, monkeypatch):
    app = lived_in[0]
    before, folder = everything(app), app.extensions["settings"].instance_dir
    taken = serving._taken(folder, alone=False)  # as a process that serves has it
    assert taken
    for words in ((backup,), ("--replace", backup), ("--finish",)):
        assert "is running" in run(app, "restore", *words, code=1)
    assert everything(app) == before
    for number in taken:
        os.close(number)
    heard = []

    def meanwhile(_report):
        with pytest.raises(serving.Served) as refusal:
            serving.begin(folder)
        heard.append(str(refusal.value))
        return 0

    monkeypatch.setattr(restoring, "finish", meanwhile)
    run(app, "restore", "--finish")
    assert heard == ["A restore is going on: the site starts when it is over."]


def damaged(backup: Path, how: str) -> None:
    """One byte other in a part; the end cut off; one row less, with a manifest that agrees."""
    content = bytearray(backup.read_bytes())
    if how in {"byte", "file"}:
        with tarfile.open(backup) as tar:
            held = next(name for name in tar.getnames() if name.startswith("files/"))
            part = tar.getmember(held if how == "file" else "tables/post.jsonl.gz")
        content[part.offset_data + part.size // 2] ^= 1
    elif how == "cut":
        del content[len(content) * 2 // 3 :]
    else:
        at = content.index(b'"rows\\": ' if b'"rows\\": ' in content else b'"rows": ')
        content[at + 8] = ord("9")
    backup.write_bytes(content)


@pytest.mark.parametrize("how", ["byte", "cut", "manifest", "file"])
def test_a_damaged_or_forged_backup_changes_nothing(another, backup, how):
    damaged(backup, how)
    assert run(another, "restore", backup, code=1).strip()
    with another.app_context(), db.engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


def test_another_communitys_key_file_is_refused_with_a_sentence(lived_in, backup, tmp_path, worker_id):
    write_keyring(tmp_path / "other.keys", [new_secret()])
    key = {"KEY_FILE": str(tmp_path / "other.keys")}
    with instance(tmp_path, f"stranger_{worker_id}", empty=True, **key) as stranger:
        assert "does not fit the key file" in run(stranger, "restore", backup, code=1)
    key = {"KEY_FILE": str(tmp_path / "gone.keys")}
    with instance(tmp_path, f"stranger_{worker_id}", empty=True, **key) as stranger:
        (tmp_path / "gone.keys").unlink()
        stranger.extensions["keyring"] = KeyFileProblem("The key file cannot be read.")
        assert "cannot be read" in run(stranger, "restore", backup, code=1)


def test_who_was_erased_after_the_backup_is_erased_again(lived_in, another, backup):
    app, world, folder = lived_in
    gone = world.cast["also_lived"]
    with transaction():
        personas.leave(gone.member_id, gone.persona_id)
    jobs.run_waiting_jobs()
    marks = sorted(erasures.ledger())
    assert marks
    assert not any(gone.persona_id in mark or gone.member_id in mark for mark in marks)
    times = {path.stat().st_mtime for path in (folder / "files" / "erasures").iterdir()}
    assert times == {0.0}, "not even the file says when"
    run(app, "backup", backup.parent)  # a later one renews the copy of the ledger, all the other machine has
    assert "1 erased again" in run(another, "restore", backup)
    with within(another):
        assert erasures.ledger() >= set(marks), "a backup of before, restored here later, meets them too"
        assert vault.member_of(gone.persona_id) is None
        assert vault.member_of(world.cast["lived"].persona_id) == gone.member_id
        persona = db.session.get_one(Persona, gone.persona_id)
        assert (persona.state, persona.name) == ("former", "")
        assert [result.name for result in checks.run() if not result.good] == []


def test_a_restore_that_is_cut_off_lets_no_site_start(lived_in, another, backup, monkeypatch):
    def cut(*_facts):
        raise KeyboardInterrupt

    monkeypatch.setattr(restoring, "finish", cut)
    another.test_cli_runner().invoke(args=["restore", str(backup)])
    monkeypatch.undo()
    with pytest.raises(KeyFileProblem, match="--finish"):
        keyfile.check_key(another, another.extensions["settings"])
    run(another, "restore", "--finish")
    keyfile.check_key(another, another.extensions["settings"])
    with within(another):
        assert store.get(keyfile.UNFINISHED) is None
        assert audit.first_break() is None


def test_an_interrupted_restore_leaves_what_was_there(lived_in, backup, monkeypatch):
    app = lived_in[0]
    before = everything(app)
    rows = archive.Reading.rows

    def cut(self, part):
        if part.table == "topic":
            raise KeyboardInterrupt
        return rows(self, part)

    monkeypatch.setattr(archive.Reading, "rows", cut)
    app.test_cli_runner().invoke(args=["restore", "--replace", str(backup)])
    assert everything(app) == before


def test_a_place_that_cannot_be_written_to_is_named_in_a_sentence(lived_in, tmp_path):
    (tmp_path / "a file").write_text("Not a folder.")
    answer = lived_in[0].test_cli_runner().invoke(args=["backup", str(tmp_path / "a file" / "backups")])
    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit)
    assert answer.output.splitlines()[-1].startswith("The backup cannot be written: ")
    assert str(tmp_path) in answer.output
