"""Files in a folder and in an S3-compatible store: the same promises, and a backup that goes there."""

from __future__ import annotations

import logging
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer

from community.core import files
from community.core.db import db, transaction
from community.forum.models import Post
from community.forum.services import lonely_files
from config import BadSetting
from tests.make import files as made
from tests.operations.conftest import instance
from tests.operations.test_backup import everything, run

BUCKET = "community"


@pytest.fixture(scope="module")
def bucket():
    """The address of a bucket on a server of our own that speaks S3."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"s3://KEY:SECRET@{BUCKET}/some/prefix?endpoint=http://{host}:{port}"
    urlopen(Request(f"http://{host}:{port}/{BUCKET}", method="PUT")).close()
    yield address
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def place(request, tmp_path):
    if request.param == "folder":
        return files.place(str(tmp_path / "files"))
    return files.place(request.getfixturevalue("bucket").replace("prefix", tmp_path.name))


def test_what_is_put_is_there_until_it_is_deleted(place):
    name = files.new_name("uploads")
    assert not place.exists(name)
    with pytest.raises(FileNotFoundError):
        place.get(name)
    place.put(name, b"first")
    place.put(name, b"\x00second")
    assert place.get(name) == b"\x00second"
    assert place.exists(name)
    place.delete(name)
    place.delete(name)
    assert not place.exists(name)


def test_a_large_file_goes_in_and_out_by_its_path(place, tmp_path):
    (tmp_path / "in").write_bytes(bytes(range(256)) * 40_000)
    place.put("uploads/large", tmp_path / "in")
    place.fetch("uploads/large", tmp_path / "out")
    assert (tmp_path / "in").read_bytes() == (tmp_path / "out").read_bytes()


def test_names_are_listed_by_how_they_begin(place):
    for name in ("uploads/a", "uploads/b", "erasures/a"):
        place.put(name, b"")
    assert sorted(place.names("uploads/")) == ["uploads/a", "uploads/b"]
    assert sorted(place.names("erasures/")) == ["erasures/a"]
    assert list(place.names("nothing/")) == []


@pytest.mark.parametrize("name", ["../keys", "/etc/passwd", "a//b", "a/../b", "", ".hidden", "a\\b", "é"])
def test_no_name_leads_out_of_the_place(place, name):
    with pytest.raises(ValueError, match="plain name"):
        place.put(name, b"")


def test_names_are_random_and_files_say_nothing_of_when(tmp_path):
    assert files.new_name("uploads") != files.new_name("uploads")
    files.place(str(tmp_path)).put("uploads/a", b"")
    assert (tmp_path / "uploads" / "a").stat().st_mtime == 0


def test_an_address_without_a_bucket_stops_with_a_sentence():
    with pytest.raises(BadSetting, match="no bucket"):
        files.place("s3://?endpoint=http://localhost")


def test_a_backup_goes_to_a_bucket_and_comes_back_with_its_ledger(lived_in, bucket, tmp_path, worker_id):
    app, world, folder = lived_in
    with transaction():
        made.on_post(db.session.get_one(Post, world.posts["public-square shown"].id))
    name = run(app, "backup", bucket).split()[-1]
    target = bucket.replace("/prefix", f"/prefix/{name}")
    key = {"KEY_FILE": str(folder / "keys" / "passerelle.keys"), "FILES_URL": bucket}
    with instance(tmp_path, f"cloud_{worker_id}", empty=True, **key) as cloud:
        run(cloud, "restore", target)
        assert run(cloud, "restore", "--replace", target.replace(name, "other.tar"), code=1).strip()
        before, after = everything(app), everything(cloud)
        with app.app_context():
            pictures = {name: files.site_files().get(name) for name in lonely_files.named_files()}
        assert pictures
        assert {name: files.site_files().get(name) for name in pictures} == pictures, "in the bucket now"
    assert before["post"] == after["post"]
