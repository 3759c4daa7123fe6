"""Small doors by which two names of one person could be tied together (SECURITY section 6.3, case 1)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

from flask import g
from PIL import Image

from community.accounts.models import Persona
from community.core.files import site_files
from community.core.ids import new_key
from community.core.limits import who
from tests.make import files
from tests.rules import things
from tests.worlds.dump import likeness

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_what_stands_beside_a_name_is_made_of_that_name_alone():
    """1c: letters, no picture: none is stored, none is asked for elsewhere, none comes from an address."""
    assert Persona(name="Quiet-Alder", kind="protected").monogram == "QA"
    pictures = [page.name for page in TEMPLATES.rglob("*.html") if "<img" in page.read_text("utf-8")]
    assert pictures == ["_files.html"], "but for what somebody put under a message"


def test_changing_name_changes_nothing_that_others_could_see(place):
    """1e: no row but that of the session, so no job, no ping, no presence."""
    answer = place.row("lived", "POST", "accounts.speak", "")
    assert answer.status_code == 302
    assert not set(place.written)


def test_keys_do_not_tell_which_was_made_first():
    """1f: two hundred keys in the order in which they were made, and in their own."""
    made = [new_key() for _ in range(200)]
    assert abs(likeness(made, sorted(made))) < 0.35
    assert {len(key) for key in made} == {22}


def test_what_a_file_brought_with_it_stays_behind(place):
    """1i: no author, camera or place; under a protected name not what the file was called either. 1c: of one
    file sent under two names nothing is kept that would be the same."""
    facts = Image.Exif()
    facts[0x013B] = "Alex Orchard"
    sent = files.picture("JPEG", exif=facts)
    assert b"Alex Orchard" in sent
    kept = []
    for name in ("lived", "also_lived"):
        form = {
            **things.form(place.world, "forum.reply", "a topic of the public square"),
            "file_1": (BytesIO(sent), "Alex Orchard 2.jpg", "image/jpeg"),
            "file_alt_1": "A door",
            "file_2": (BytesIO(b"Some words."), "Alex Orchard.txt", "text/plain"),
        }
        path = place.path("forum.reply", "a topic of the public square")
        more = {"data": form, "content_type": "multipart/form-data"}
        answer, after = place.effect(name, "POST", path, **more)
        assert answer.status_code == 303
        rows = [row for row in after["attachment"] if row["alt"] == "A door" or row["kind"] == "text"]
        kept.append([row for row in rows if row["post_id"] == max(one["post_id"] for one in rows)])
    for row in kept[0]:
        assert b"Alex Orchard" not in site_bytes(place.app, row["file"])
        assert row["name"] == ""
    first, second = ({row[c] for row in rows for c in ("key", "file", "small") if row[c]} for rows in kept)
    assert not first & second


def site_bytes(app, name):
    with app.app_context():
        return site_files().get(name)


def test_limits_count_names_and_never_the_member_behind_two_of_them(place):
    """1j: who is slowed under one name is not slowed under the other."""
    counted = {}
    for name in ("lived", "also_lived"):
        for member in (place.world.cast[name].member_id, "somebody else's"):
            with place.app.test_request_context("/en/"):
                g.viewer, g.member = place.world.cast[name].viewer, SimpleNamespace(id=member)
                counted[name, member] = who()
    assert len(set(counted.values())) == 2, "one for each name, whoever is behind it"
